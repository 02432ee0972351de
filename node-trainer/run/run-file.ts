import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';

import * as v from 'valibot';

import { parseJson } from '#shared/schema/json.ts';
import { Instant } from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';

import { writeAtomic } from '../io/atomic.ts';
import type { RunOptions } from './options.ts';
import type { RunFolder } from './run-folder.ts';

const Setting = v.union([v.string(), v.number(), v.boolean()]);

/** `run.json`: what a run was asked to do, and on which machine; enough to go on with it or to repeat it. */
const runRecord = defineRecord(
  'run',
  2,
  v.object({
    v: v.literal(2),
    createdAt: Instant,
    /** Absolute path; null where only later stages are run. */
    library: v.nullable(v.string()),
    /** Absolute path of the model store that the run is compared with and publishes to; null for none. */
    models: v.nullable(v.string()),
    /** Absolute path of the targets file of the release gate; null for that of the store, or the defaults. */
    targets: v.nullable(v.string()),
    options: v.record(v.string(), Setting),
    /** Names of the options that somebody gave; absent in runs of before it was noted. */
    given: v.optional(v.array(v.string())),
    versions: v.object({ node: v.string() }),
    hardware: v.object({ platform: v.string(), cpu: v.string(), cores: v.number(), memoryBytes: v.number() }),
  }),
  [{ name: 'AddModelStore', from: 1, up: (old) => ({ ...old, models: null, targets: null }) }],
);
export type RunFile = ReturnType<typeof runRecord.read>;

/** What an earlier call wrote into a run folder; null where there was none. */
export async function readRunFile(folder: RunFolder): Promise<RunFile | null> {
  const text = await readFile(folder.runFile, 'utf8').catch(() => null);
  return text === null ? null : runRecord.read(parseJson(text, folder.runFile), folder.runFile);
}

/** Writes down what a run is asked to do. `before` keeps the time of its first call. */
export async function writeRunFile(
  folder: RunFolder,
  run: Pick<RunFile, 'library' | 'models' | 'targets'> & {
    readonly options: RunOptions;
    readonly given: readonly string[];
    readonly before: RunFile | null;
  },
): Promise<void> {
  const file: RunFile = {
    v: 2,
    createdAt: run.before?.createdAt ?? new Date().toISOString(),
    library: run.library,
    models: run.models,
    targets: run.targets,
    options: { ...run.options },
    given: [...run.given],
    versions: { node: process.versions.node },
    hardware: {
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
  };
  await writeAtomic(folder.runFile, `${JSON.stringify(file, null, 2)}\n`);
}
