import { join, resolve } from 'node:path';

import type { CardGate, GateOverride } from '#shared/schema/gate.ts';

import { type Published, publishVersion } from '../store/publish.ts';
import { completeCard, EXPORT_FOLDER } from './card-draft.ts';
import type { JudgedRun } from './context.ts';
import { judgeRun } from './judge-run.ts';
import type { Log } from './log.ts';
import { OPTIONS } from './options.ts';
import { readRunFile } from './run-file.ts';
import { type RunFolder, runFolder } from './run-folder.ts';
import { finished, StageMissing } from './stage.ts';

/** How a run is published. */
export interface PublishRequest {
  /** The run folder. */
  readonly run: string;
  /** The model store. */
  readonly models: string;
  /** Targets file; default: the one that the run was scored with. */
  readonly targets?: string | undefined;
  /** Publish although the gate says no, and write down why. */
  readonly override?: Pick<GateOverride, 'reason' | 'by'> | undefined;
  readonly log: Log;
}

/**
 * Publishes what the stage `export` of a run gathered as the next version of a model store. The release gate is asked
 * again: something else may be in production than when the run was scored.
 * @throws StageMissing where the run is not finished, and what `publishVersion` and `judgeRun` throw
 */
export async function publishRun(request: PublishRequest): Promise<Published> {
  const { run, models, override } = request;
  const folder = runFolder(run);
  await checkExport(folder);
  const judged = await judgedRun(request);
  const gate = async (at: string): Promise<CardGate> => {
    const { decision, reasons, comparedWith, checks } = await judgeRun(judged);
    const needed = decision === 'no-go' && override !== undefined;
    return { decision, reasons, comparedWith, checks, override: needed ? { ...override, at } : null };
  };
  return publishVersion({
    store: models,
    files: join(folder.root, EXPORT_FOLDER),
    card: (given) => completeCard(folder, given),
    gate,
  });
}

/**
 * What is published must be what the gate judges: a run that was scored again since is exported again first.
 * @throws StageMissing
 */
async function checkExport(folder: RunFolder): Promise<void> {
  const [scored, exported] = [await finished(folder, 'score'), await finished(folder, 'export')];
  const hashOf = ({ outputs }: typeof scored, path: string): string | undefined =>
    outputs.find((file) => file.path === path)?.sha256;
  for (const path of ['report/metrics.json', 'report/report.html']) {
    if (hashOf(scored, path) !== hashOf(exported, `${EXPORT_FOLDER}/${path}`))
      throw new StageMissing('export', folder.root);
  }
}

/** The run as the gate sees it, with the settings that it was scored with. */
async function judgedRun({ run, models, targets, log }: PublishRequest): Promise<JudgedRun> {
  const folder = runFolder(run);
  const before = await readRunFile(folder);
  const setting = (name: 'engine' | 'confused'): string =>
    String(before?.options[name] ?? OPTIONS[name].fallback);
  return {
    folder,
    models,
    targets: targets === undefined ? (before?.targets ?? null) : resolve(targets),
    log,
    options: { engine: setting('engine'), confused: setting('confused') },
  };
}
