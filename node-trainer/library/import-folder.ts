import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { NODE_SHARD, type ShardLimits } from '#shared/archive/shards.ts';
import { CANONICAL_SIZE } from '#shared/image/canonical.ts';
import type { Origin, Photo } from '#shared/schema/photo.ts';

import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { fingerprintOf, subClassesOf, uuidFrom } from './class-folders.ts';
import { type ImportReport, knownShards, REPORT_FILE } from './import-report.ts';
import {
  type BenchmarkSource,
  closeAll,
  frozenBenchmarks,
  incomingFiles,
  type OpenBenchmark,
  openBenchmarks,
  strangersIn,
} from './incoming.ts';
import { openPhotoSource, type PhotoSource } from './photo-source.ts';
import { prepareAll } from './prepare-files.ts';
import { openPrepared } from './prepared.ts';
import { LibraryError } from './problem.ts';
import { otherZips, writeExport } from './write-export.ts';

export interface ImportOptions {
  /** Name of the library; default: the name of the folder or zip. */
  readonly name?: string;
  /** Default `real`. */
  readonly origin?: Origin;
  /** Edge of the canonical images; default 299. */
  readonly canonicalSize?: number;
  readonly limits?: ShardLimits;
  /** Photos that become benchmarks; they never train, nor do near-duplicates of them. */
  readonly benchmarks?: readonly BenchmarkSource[];
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes an export out of a folder or zip of class folders: every photo decoded, made canonical and hashed; bad files
 * and copies are left out and named in the report. A killed import goes on where it was when it is repeated.
 * @param out folder for the shards and `import-report.json`
 * @throws LibraryError or ArchiveRefused where the source can't be used at all; nothing in `out` has changed then
 */
export async function importLibrary(job: {
  readonly source: string;
  readonly out: string;
  readonly options?: ImportOptions;
}): Promise<ImportReport> {
  const { out, options = {} } = job;
  const source = await openPhotoSource(job.source);
  let benchmarks: OpenBenchmark[] = [];
  try {
    benchmarks = await openBenchmarks(options.benchmarks ?? []);
    const before = await knownShards(out);
    const foreign = await otherZips(out, before);
    if (foreign[0] !== undefined) {
      throw new LibraryError(
        `${out} holds other zips already (${foreign[0]}). Choose a folder of its own; nothing was changed.`,
      );
    }
    return await importSource({ source, benchmarks }, out, options, before);
  } finally {
    await source.close();
    await closeAll(benchmarks);
  }
}

async function importSource(
  { source, benchmarks }: { readonly source: PhotoSource; readonly benchmarks: readonly OpenBenchmark[] },
  out: string,
  options: ImportOptions,
  before: readonly string[],
): Promise<ImportReport> {
  const {
    name = source.name,
    origin = 'real',
    canonicalSize = CANONICAL_SIZE,
    limits = NODE_SHARD,
  } = options;
  await mkdir(out, { recursive: true });
  const incoming = incomingFiles(source, benchmarks);
  const held = benchmarks.map((b) => [b.kind, b.id, fingerprintOf(b.source.files)]);
  const key = JSON.stringify([fingerprintOf(source.files), name, origin, canonicalSize, held]);
  const prepared = await openPrepared(join(out, '.import'), key, new Date().toISOString());
  const found = await prepareAll(incoming, prepared, {
    canonicalSize,
    origin,
    onProgress: options.onProgress,
  });
  if (found.photos.length === 0) {
    throw new LibraryError(
      `None of the ${incoming.length} files could be used. The first: ${found.skipped[0]?.file ?? ''}: ${found.skipped[0]?.message ?? ''}`,
    );
  }
  const at = prepared.startedAt;
  const file = {
    v: 2 as const,
    name,
    exportId: uuidFrom(
      sha256(new TextEncoder().encode(JSON.stringify([key, at, found.photos.map((p) => p.photo.id)]))),
    ),
    exportedAt: at,
    canonicalSize,
    subClasses: subClassesOf(incoming, at),
    unknownLabels: [],
    mergeRules: [],
    confused: { v: 1 as const, pairs: [] },
    benchmarks: frozenBenchmarks(benchmarks, found.members, at),
    guidance: null,
    plan: null,
  };
  const shards = await writeExport(out, file, found.photos, limits);
  const report: ImportReport = {
    name,
    photos: found.photos.length,
    subClasses: countBySubClass(found.photos.map((p) => p.photo)),
    skipped: found.skipped,
    duplicates: found.duplicates,
    ignored: [
      ...source.ignored,
      ...benchmarks.flatMap((b) => b.source.ignored.map((path) => `${b.name}/${path}`)),
    ],
    benchmarks: file.benchmarks.map((benchmark) => {
      const { id, name, kind, items } = benchmark;
      return { id, name, kind, photos: items.length, strangers: strangersIn(benchmark, source) };
    }),
    shards,
  };
  await writeAtomic(join(out, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  for (const old of before.filter((shard) => !shards.includes(shard)))
    await rm(join(out, old), { force: true });
  await prepared.remove();
  return report;
}

function countBySubClass(photos: readonly Photo[]): ImportReport['subClasses'] {
  const counts = new Map<string, number>();
  for (const { label } of photos) if (label) counts.set(label.id, (counts.get(label.id) ?? 0) + 1);
  return [...counts].map(([id, count]) => ({ id, photos: count }));
}
