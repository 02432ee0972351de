import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ModelFigures, Production, SetFigures } from '#shared/metrics/gate-figures.ts';
import { witness } from '#shared/metrics/gate-loss.ts';
import { judge } from '#shared/metrics/gate.ts';
import { type GateResult, gateRecord } from '#shared/schema/gate.ts';
import { parseJson } from '#shared/schema/json.ts';

import { writeAtomic } from '../io/atomic.ts';
import type { JudgedRun, RunContext } from './context.ts';
import { readFigures } from './gate-figures.ts';
import { MODEL_FILES } from './model-files.ts';
import { readLibraryFile } from './photos.ts';
import { readProduction } from './production.ts';
import { rescoreProduction } from './rescore.ts';
import type { RunFolder } from './run-folder.ts';
import { readScoresIndex } from './scores-file.ts';
import { finished } from './stage.ts';
import { readTargets } from './targets.ts';

/** `report/gate.json`, relative to the run folder. */
export const GATE_FILE = 'report/gate.json';

/**
 * Judges a scored run by its targets and by what is in production now, and writes `report/gate.json`. Reads
 * `report/metrics.json` and `scores/index.json`, so both are written before.
 * @throws RecordError, JsonError for a targets file that is wrong; what lies in the model store never throws
 */
export async function judgeRun(run: JudgedRun): Promise<GateResult> {
  const { folder } = run;
  const { benchmarks } = await readLibraryFile(folder);
  const titles = new Map<string, string>(benchmarks.map((b) => [b.id, b.name]));
  const figures = await readFigures(folder.root, await readScoresIndex(folder.scores), titles);
  const targets = await readTargets(run);
  const production = await productionFor(run, figures);
  const result = judge({ figures, production, targets });
  await writeAtomic(join(folder.root, GATE_FILE), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** What is in the way when a version in the store is not whole. */
const DAMAGED = new Set(['VersionDamaged', 'RecordError', 'JsonError', 'NetworkError']);

/** Production with figures about this run's photos: those it was published with, or made by running it over them. */
async function productionFor(run: JudgedRun, own: ModelFigures): Promise<Production> {
  const found = await readProduction(run.models, await ownWeights(run.folder));
  if (found.kind !== 'known') return found;
  const { version, figures } = found;
  if (isAboutTheSame(figures, own)) return { kind: 'known', version, figures, loss: null };
  try {
    return { kind: 'known', version, ...(await rescoreProduction(run, found, own)) };
  } catch (error) {
    const { name, message: reason } = error as Error;
    // An engine that can't be had on this machine is no fault of what is in production.
    if (name === 'EngineUnusable')
      return { kind: 'known', version, figures, loss: { kind: 'not-comparable', reason } };
    if (DAMAGED.has(name)) return { kind: 'unreadable', reason };
    throw error;
  }
}

function isAboutTheSame(theirs: ModelFigures, own: ModelFigures): boolean {
  const asked = own.sets.filter((set) => set.benchmark !== null || set === witness(own.sets));
  const same = (set: SetFigures): boolean =>
    theirs.sets.some((other) => other.name === set.name && other.pictures === set.pictures);
  return (
    theirs.threshold === own.threshold && theirs.confusedTable === own.confusedTable && asked.every(same)
  );
}

/** The verdict that is written in a run folder. */
export async function readGate(folder: RunFolder): Promise<GateResult> {
  const path = join(folder.root, GATE_FILE);
  return gateRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
}

/**
 * What the gate's verdict depends on beside the run itself: for the inputs of the stage `score`, so that a kept report
 * never shows a comparison with a version that guests no longer get.
 */
export async function gateInputs(
  run: Pick<RunContext, 'folder' | 'models' | 'targets'>,
): Promise<Readonly<Record<string, unknown>>> {
  const production = await readProduction(run.models, await ownWeights(run.folder));
  const version = production.kind === 'known' ? production.cardSha256 : production.kind;
  return { production: version, targets: await readTargets(run) };
}

async function ownWeights(folder: RunFolder): Promise<string | null> {
  const { outputs } = await finished(folder, 'train');
  return outputs.find((file) => file.path === MODEL_FILES.networkWeights)?.sha256 ?? null;
}
