import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readNpy } from '#shared/archive/npy.ts';
import { confusedWeights } from '#shared/metrics/confused-weights.ts';
import { OUT_OF_SCOPE, type ScoreTable, scoreTable } from '#shared/metrics/score-table.ts';
import { parseJson } from '#shared/schema/json.ts';
import { type ScoresIndex, scoresRecord } from '#shared/schema/scores.ts';

import { writeAtomic } from '../io/atomic.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { METRICS_FILE } from '../run/metrics-file.ts';
import { readTrainingFacts, type TrainingFacts } from '../run/model-files.ts';
import { readDataSet, readLibraryFile } from '../run/photos.ts';
import { outputsOf, performStage } from '../run/stage.ts';
import { reportHtml } from './score/report.ts';
import { measureSet, type SetMetrics } from './score/set-metrics.ts';
import { percent, summaryText } from './score/summary.ts';

const REPORT_FILE = 'report/report.html';
const SUMMARY_FILE = 'report/summary.txt';

/** Computes every metric of every set from the stored scores (P5-23 … P5-33): no network is run. */
export async function score(run: RunContext): Promise<StageResult> {
  const { folder, options } = run;
  return performStage(run, {
    name: 'score',
    inputs: {
      evaluate: await outputsOf(folder, 'evaluate'),
      train: await outputsOf(folder, 'train'),
      extract: await outputsOf(folder, 'extract'),
      threshold: options.threshold,
    },
    work: async () => {
      const facts = await readTrainingFacts(folder);
      const { confused, name } = await readLibraryFile(folder);
      const { index, values } = await readScores(run);
      const names = facts.labels.map((label) => label.name);
      const weights = confusedWeights(index.labels, confused);
      const kinds = new Map((await readDataSet(folder)).benchmarks.map((b) => [`benchmark:${b.id}`, b.kind]));
      const sets = index.sets.map((set) =>
        measureSet(set.name, tableOf(index, values, set), kinds.get(set.name) ?? null, {
          names,
          threshold: options.threshold,
          weights,
        }),
      );
      const head = {
        v: 1,
        threshold: options.threshold,
        labels: index.labels,
        confusedTable: weights.fingerprint,
      };
      await writeAtomic(join(folder.root, METRICS_FILE), `${JSON.stringify({ ...head, sets })}\n`);
      await writeAtomic(join(folder.root, SUMMARY_FILE), summaryText(sets, options.threshold));
      await writeAtomic(
        join(folder.root, REPORT_FILE),
        reportHtml(aboutRun(name, facts, weights.fingerprint), sets),
      );
      return { outputs: [METRICS_FILE, SUMMARY_FILE, REPORT_FILE], result: headline(sets) };
    },
  });
}

async function readScores({ folder }: RunContext): Promise<{ index: ScoresIndex; values: Float32Array }> {
  const path = join(folder.scores, 'index.json');
  const index = scoresRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
  return { index, values: readNpy(await readFile(join(folder.scores, index.file))).values };
}

function tableOf(
  { labels, items }: ScoresIndex,
  values: Float32Array,
  { from, to }: ScoresIndex['sets'][number],
): ScoreTable {
  const columns = new Map(labels.map((label, i) => [label, i]));
  const truths = Int32Array.from(items.slice(from, to), ({ truth }) =>
    truth === null ? OUT_OF_SCOPE : (columns.get(truth) ?? OUT_OF_SCOPE),
  );
  return scoreTable(labels.length, values.subarray(from * labels.length, to * labels.length), truths);
}

function aboutRun(
  library: string,
  facts: TrainingFacts,
  fingerprint: string,
): Parameters<typeof reportHtml>[0] {
  const { architecture, recipe, weights, engine, seconds, labels } = facts;
  return {
    title: `Training report: ${library}`,
    facts: [
      ['Network', `${architecture.name}, width ${architecture.width}, ${architecture.parameters} parameters`],
      ['Classes', String(labels.length)],
      ['Recipe', recipe],
      ['Weights of the backbone', weights],
      ['Trained in', `${seconds.toFixed(1)} s, engine ${engine}`],
      ['Commonly-confused table', fingerprint],
    ],
  };
}

/** Of the best witness there is: the test set, else validation. */
function headline(sets: readonly SetMetrics[]): StageResult {
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
