import { confusedWeights } from '#shared/metrics/confused-weights.ts';
import type { Metrics } from '#shared/schema/metrics.ts';
import type { LabelId } from '#shared/schema/names.ts';

import { readConfusedTable } from '../../run/confused-table.ts';
import type { RunContext, StageResult } from '../../run/context.ts';
import { readDataSet } from '../../run/photos.ts';
import { openScores } from '../../run/scores-file.ts';
import { metricsOf } from './metrics.ts';
import { witnessOf } from './report/data.ts';
import { percent } from './words.ts';

/**
 * All figures from a folder with scores of a run's photos.
 * @param names of labels, where the index is of an older Menagerie and has none
 */
export async function scoreFolder(
  run: Pick<RunContext, 'folder' | 'options'>,
  folder: string,
  names: ReadonlyMap<LabelId, string> = new Map(),
): Promise<Metrics> {
  const scores = await openScores(folder);
  try {
    const { index } = scores;
    return await metricsOf(scores, {
      labels: index.labels.map((id, i) => ({ id, name: names.get(id) ?? index.names[i] ?? id })),
      threshold: run.options.threshold,
      weights: confusedWeights(index.labels, await readConfusedTable(run)),
      kinds: new Map((await readDataSet(run.folder)).benchmarks.map((b) => [`benchmark:${b.id}`, b.kind])),
    });
  } finally {
    await scores.close();
  }
}

/** Of the best witness there is: the test set, else validation. */
export function headline(metrics: Metrics): StageResult {
  const witness = witnessOf(metrics);
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
