import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import { parseJson } from '#shared/schema/json.ts';

import type { Problem } from './problem.ts';

export const REPORT_FILE = 'import-report.json';

/** What an import did; also in `import-report.json` beside the shards. */
export interface ImportReport {
  /** Name of the library. */
  readonly name: string;
  /** Photos in the export. */
  readonly photos: number;
  readonly subClasses: readonly { readonly id: string; readonly photos: number }[];
  /** Files that are no photos, or damaged ones, with the reason. */
  readonly skipped: readonly Problem[];
  /** Files with the same bytes as one before them. */
  readonly duplicates: readonly { readonly file: string; readonly sameAs: string }[];
  /** Files that are no photos by their names. */
  readonly ignored: readonly string[];
  /** Benchmarks and how many photos each holds. */
  readonly benchmarks: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: BenchmarkKind;
    readonly photos: number;
    /** Classes that the library itself has no photos of. */
    readonly strangers: readonly string[];
  }[];
  /** File names of the shards. */
  readonly shards: readonly string[];
}

const ShardsSchema = v.object({ shards: v.array(v.string()) });

/** Names of the shards that an earlier import wrote into a folder; none where there was no import. */
export async function knownShards(folder: string): Promise<string[]> {
  const path = join(folder, REPORT_FILE);
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? [] : v.parse(ShardsSchema, parseJson(text, path)).shards;
}
