import type { SetSummary } from '../schema/model.ts';
import { accuracy, topK } from './accuracy.ts';
import type { ConfusedWeights } from './confused-weights.ts';
import { logLoss, weightedLogLoss } from './log-loss.ts';
import type { ScoreTable } from './score-table.ts';
import { thresholdReport } from './threshold.ts';

/** Headline figures of one set for the model card. */
export function summariseSet(
  set: string,
  table: ScoreTable,
  { threshold, weights }: { readonly threshold: number; readonly weights: ConfusedWeights },
): SetSummary {
  const { images, truePositive, falsePositive, below } = thresholdReport(table, threshold);
  return {
    set,
    images,
    accuracy: accuracy(table),
    top3: topK(table, 3),
    logLoss: logLoss(table),
    weightedLogLoss: weightedLogLoss(table, weights),
    truePositive,
    falsePositive,
    below,
  };
}
