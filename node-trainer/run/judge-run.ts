import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { judge } from '#shared/metrics/gate.ts';
import { type GateResult, gateRecord } from '#shared/schema/gate.ts';
import { parseJson } from '#shared/schema/json.ts';

import { writeAtomic } from '../io/atomic.ts';
import type { RunContext } from './context.ts';
import { readFigures } from './gate-figures.ts';
import { MODEL_FILES } from './model-files.ts';
import { readLibraryFile } from './photos.ts';
import { readProduction } from './production.ts';
import type { RunFolder } from './run-folder.ts';
import { finished } from './stage.ts';
import { readTargets } from './targets.ts';

/** `report/gate.json`, relative to the run folder. */
export const GATE_FILE = 'report/gate.json';

/**
 * Judges a scored run by its targets and by what is in production now, and writes `report/gate.json`. Reads
 * `report/metrics.json` and `scores/index.json`, so both are written before.
 * @throws RecordError, JsonError for a targets file that is wrong; what lies in the model store never throws
 */
export async function judgeRun(run: Pick<RunContext, 'folder' | 'models' | 'targets'>): Promise<GateResult> {
  const { folder } = run;
  const { benchmarks } = await readLibraryFile(folder);
  const titles = new Map<string, string>(benchmarks.map((b) => [b.id, b.name]));
  const figures = await readFigures(folder.root, join(folder.scores, 'index.json'), titles);
  const found = await readProduction(run.models, await ownWeights(folder));
  const production = found.kind === 'known' ? { ...found, loss: null } : found;
  const result = judge({ figures, production, targets: await readTargets(run) });
  await writeAtomic(join(folder.root, GATE_FILE), `${JSON.stringify(result, null, 2)}\n`);
  return result;
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
