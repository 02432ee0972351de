import { join } from 'node:path';

import { confusedFingerprint } from '#shared/metrics/confused-weights.ts';
import type { GateResult } from '#shared/schema/gate.ts';
import type { Metrics } from '#shared/schema/metrics.ts';

import { writeAtomic } from '../io/atomic.ts';
import { readConfusedTable } from '../run/confused-table.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { GATE_FILE, gateInputs, judgeRun } from '../run/judge-run.ts';
import { METRICS_FILE } from '../run/metrics-file.ts';
import { readTrainingFacts } from '../run/model-files.ts';
import { finished, outputsOf, performStage } from '../run/stage.ts';
import { gatherReport } from './score/gather.ts';
import { rivalInputs } from './score/rivals.ts';
import { headline, scoreFolder } from './score/score-folder.ts';
import { summaryText } from './score/summary.ts';
import { writeTensorBoard } from './score/tensorboard.ts';

const REPORT_FILE = 'report/report.html';
const SUMMARY_FILE = 'report/summary.txt';
/** Raised whenever figures or report say more than before, so that a run of an older Menagerie is scored anew. */
const FORM = 3;

/**
 * Computes every metric of every set from the stored scores (P5-23 … P5-33): no network is run, so figures can be made
 * again at any time, with another threshold or another commonly-confused table, also of runs of an older Menagerie.
 */
export async function score(run: RunContext): Promise<StageResult> {
  const { folder, options } = run;
  const table = await readConfusedTable(run);
  return performStage(run, {
    name: 'score',
    inputs: {
      evaluate: await outputsOf(folder, 'evaluate'),
      train: await outputsOf(folder, 'train'),
      extract: await outputsOf(folder, 'extract'),
      threshold: options.threshold,
      confused: confusedFingerprint(table),
      form: FORM,
      gate: await gateInputs(run),
      versions: await rivalInputs(run),
    },
    work: async () => {
      const metrics = await scoreRun(run);
      await writeAtomic(join(folder.root, METRICS_FILE), `${JSON.stringify(metrics)}\n`);
      await writeAtomic(join(folder.root, SUMMARY_FILE), summaryText(metrics));
      const gate = await judgeRun(run);
      await writeReport(run, metrics, gate);
      const { finishedAt } = await finished(folder, 'train');
      const curves = await writeTensorBoard(folder, await readTrainingFacts(folder), finishedAt);
      return {
        outputs: [METRICS_FILE, SUMMARY_FILE, REPORT_FILE, GATE_FILE, ...curves],
        result: { ...headline(metrics), gate: gate.decision },
      };
    },
  });
}

async function scoreRun(run: RunContext): Promise<Metrics> {
  const { labels } = await readTrainingFacts(run.folder);
  return scoreFolder(run, run.folder.scores, new Map(labels.map((label) => [label.id, label.name])));
}

async function writeReport(run: RunContext, metrics: Metrics, gate: GateResult): Promise<void> {
  // The library that draws the charts takes a second to load: only a run that scores pays for it.
  const { reportHtml } = await import('./score/report/page.ts');
  const data = await gatherReport(run, metrics, gate);
  await writeAtomic(join(run.folder.root, REPORT_FILE), reportHtml(data));
}
