import type { SetSummary } from '../schema/model.ts';
import { accuracy, topK } from './accuracy.ts';
import { logLoss } from './log-loss.ts';
import type { Outcomes } from './outcomes.ts';
import { thresholdReport } from './threshold.ts';

/**
 * Headline figures of one set for the model card.
 * @param given what can't be told from the outcomes alone
 */
export function summariseSet(
  set: string,
  outcomes: Outcomes,
  given: { readonly threshold: number; readonly weightedLogLoss: number | null },
): SetSummary {
  const { images, truePositive, falsePositive, below } = thresholdReport(outcomes, given.threshold);
  return {
    set,
    images,
    accuracy: accuracy(outcomes),
    top3: topK(outcomes, 3),
    logLoss: logLoss(outcomes),
    weightedLogLoss: given.weightedLogLoss,
    truePositive,
    falsePositive,
    below,
  };
}
