import { isAnswer } from '../schema/names.ts';
import type { Outcomes } from './outcomes.ts';

/**
 * What guests would have met (P3-20 … P3-23, design §2.2). Shares are of all images of the set, those out of scope
 * included, and add up to 1; null for an empty set.
 */
export interface ThresholdReport {
  readonly threshold: number;
  readonly images: number;
  /** Answered, and right. */
  readonly truePositive: number | null;
  /** Answered, and wrong; every answer to a picture out of scope is. */
  readonly falsePositive: number | null;
  /** Not answered: asked to try again. */
  readonly below: number | null;
  /** Share of the answers that are right; null when nothing was answered. */
  readonly accuracyAbove: number | null;
}

export function thresholdReport({ truths, best, bestScores }: Outcomes, threshold: number): ThresholdReport {
  const images = truths.length;
  let [right, wrong] = [0, 0];
  truths.forEach((truth, row) => {
    if (!isAnswer(bestScores[row] ?? 0, threshold)) return;
    if (best[row] === truth) right++;
    else wrong++;
  });
  const share = (part: number): number | null => (images === 0 ? null : part / images);
  return {
    threshold,
    images,
    truePositive: share(right),
    falsePositive: share(wrong),
    below: share(images - right - wrong),
    accuracyAbove: right + wrong === 0 ? null : right / (right + wrong),
  };
}
