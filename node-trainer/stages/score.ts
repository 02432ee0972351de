import { join } from 'node:path';

import { confusedFingerprint, confusedWeights } from '#shared/metrics/confused-weights.ts';
import type { GateResult } from '#shared/schema/gate.ts';
import type { Metrics } from '#shared/schema/metrics.ts';

import { writeAtomic } from '../io/atomic.ts';
import { readConfusedTable } from '../run/confused-table.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { GATE_FILE, gateInputs, judgeRun } from '../run/judge-run.ts';
import { METRICS_FILE } from '../run/metrics-file.ts';
import { readTrainingFacts } from '../run/model-files.ts';
import { readDataSet } from '../run/photos.ts';
import { openScores } from '../run/scores-file.ts';
import { finished, outputsOf, performStage } from '../run/stage.ts';
import { gatherReport } from './score/gather.ts';
import { metricsOf } from './score/metrics.ts';
import { summaryText } from './score/summary.ts';
import { writeTensorBoard } from './score/tensorboard.ts';
import { percent } from './score/words.ts';

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
  const { folder, options } = run;
  const scores = await openScores(folder.scores);
  try {
    const { labels, names } = scores.index;
    const known = new Map((await readTrainingFacts(folder)).labels.map((label) => [label.id, label.name]));
    return await metricsOf(scores, {
      labels: labels.map((id, i) => ({ id, name: known.get(id) ?? names[i] ?? id })),
      threshold: options.threshold,
      weights: confusedWeights(labels, await readConfusedTable(run)),
      kinds: new Map((await readDataSet(folder)).benchmarks.map((b) => [`benchmark:${b.id}`, b.kind])),
    });
  } finally {
    await scores.close();
  }
}

async function writeReport(run: RunContext, metrics: Metrics, gate: GateResult): Promise<void> {
  // The library that draws the charts takes a second to load: only a run that scores pays for it.
  const { reportHtml } = await import('./score/report/page.ts');
  const data = await gatherReport(run, metrics, gate);
  await writeAtomic(join(run.folder.root, REPORT_FILE), reportHtml(data));
}

/** Of the best witness there is: the test set, else validation. */
function headline({ sets }: Metrics): StageResult {
  const witness = ['test', 'validation', 'training']
    .map((name) => sets.find((set) => set.name === name && set.summary.images > 0))
    .find((set) => set !== undefined);
  if (!witness) return {};
  const { set, images, accuracy, falsePositive, truePositive, weightedLogLoss } = witness.summary;
  return {
    set,
    images,
    accuracy,
    truePositive,
    falsePositive,
    weightedLogLoss,
    answersRight: percent(witness.threshold.accuracyAbove),
  };
}
