import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import { parseJson } from '#shared/schema/json.ts';
import { FileEntrySchema } from '#shared/schema/model.ts';
import { Instant, Sha256 } from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';

import { writeAtomic } from '../io/atomic.ts';
import { sha256, sha256File } from '../io/hash.ts';
import type { RunContext, StageResult } from './context.ts';
import type { RunFolder } from './run-folder.ts';

export const STAGES = ['extract', 'build', 'train', 'evaluate', 'score', 'export', 'identify'] as const;
export type StageName = (typeof STAGES)[number];

const Fact = v.union([v.string(), v.number(), v.boolean(), v.null()]);

/** `stages/<stage>.json`: written last and atomically, so that its existence means "done". */
const stageRecord = defineRecord(
  'stage manifest',
  1,
  v.object({
    v: v.literal(1),
    stage: v.picklist(STAGES),
    /** SHA-256 over everything that the stage's outcome depends on. */
    inputs: Sha256,
    finishedAt: Instant,
    seconds: v.pipe(v.number(), v.minValue(0)),
    outputs: v.array(FileEntrySchema),
    result: v.record(v.string(), Fact),
  }),
);
type StageManifest = ReturnType<typeof stageRecord.read>;

/** A stage was asked for before the one that it builds on. */
export class StageMissing extends Error {
  override readonly name = 'StageMissing';
  constructor(stage: StageName, folder: string) {
    super(`The stage "${stage}" is not done in ${folder}. Run it first: menagerie ${stage} --run ${folder}`);
  }
}

/** What a stage does, and what its outcome depends on. */
export interface StagePlan {
  readonly name: StageName;
  /** Names and values (options, hashes of what it reads) that change the outcome. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Does the work and names the files it wrote, relative to the run folder. */
  readonly work: () => Promise<{ readonly outputs: readonly string[]; readonly result: StageResult }>;
}

/**
 * Does a stage unless its manifest says that it was done with the same inputs and its files are still whole.
 * A stage that is killed has no manifest, so the next run does it again.
 */
export async function performStage(run: RunContext, plan: StagePlan): Promise<StageResult> {
  const { folder, log } = run;
  const inputs = sha256(new TextEncoder().encode(JSON.stringify(plan.inputs)));
  const before = await readManifest(folder, plan.name).catch(() => null);
  if (before?.inputs === inputs && (await areWhole(folder, before))) {
    log.say(`${plan.name}: already done, kept`);
    return before.result;
  }
  log.say(`${plan.name} …`);
  await rm(manifestPath(folder, plan.name), { force: true });
  const start = performance.now();
  const { outputs, result } = await plan.work();
  const seconds = Math.round(performance.now() - start) / 1000;
  const manifest: StageManifest = {
    v: 1,
    stage: plan.name,
    inputs,
    finishedAt: new Date().toISOString(),
    seconds,
    outputs: await Promise.all(outputs.map((path) => describeFile(folder, path))),
    result: { ...result },
  };
  await writeAtomic(manifestPath(folder, plan.name), `${JSON.stringify(manifest, null, 2)}\n`);
  log.say(`${plan.name}: done in ${seconds.toFixed(1)} s`);
  return result;
}

/**
 * SHA-256 over what a finished stage wrote, for the inputs of the next.
 * @throws StageMissing where it is not done
 */
export async function outputsOf(folder: RunFolder, stage: StageName): Promise<string> {
  const { outputs } = await finished(folder, stage);
  return sha256(new TextEncoder().encode(JSON.stringify(outputs.map((o) => [o.path, o.sha256]))));
}

/**
 * Facts and duration of a finished stage.
 * @throws StageMissing where it is not done
 */
export async function finished(folder: RunFolder, stage: StageName): Promise<StageManifest> {
  try {
    return await readManifest(folder, stage);
  } catch (error) {
    if (isNotFound(error)) throw new StageMissing(stage, folder.root);
    throw error;
  }
}

async function readManifest(folder: RunFolder, stage: StageName): Promise<StageManifest> {
  const path = manifestPath(folder, stage);
  return stageRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
}

async function areWhole(folder: RunFolder, manifest: StageManifest): Promise<boolean> {
  for (const { path, bytes, sha256: expected } of manifest.outputs) {
    const file = join(folder.root, path);
    const size = await stat(file).then(
      (s) => s.size,
      () => -1,
    );
    if (size !== bytes || (await sha256File(file)) !== expected) return false;
  }
  return true;
}

async function describeFile(folder: RunFolder, path: string): Promise<StageManifest['outputs'][number]> {
  const file = join(folder.root, path);
  return { path, bytes: (await stat(file)).size, sha256: await sha256File(file) };
}

function manifestPath(folder: RunFolder, stage: StageName): string {
  return join(folder.stages, `${stage}.json`);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT';
}
