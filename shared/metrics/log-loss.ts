import type { ConfusedWeights } from './confused-weights.ts';
import { inScope, type Outcomes } from './outcomes.ts';
import { OUT_OF_SCOPE, type ScoreTable } from './score-table.ts';

/** Clipping of the weighted log loss (design §2.1). */
const CLIP = 1e-15;

/**
 * Mean of −ln(score of the true class) over the images in scope; null without any.
 * Scores are clipped to [ε, 1 − ε] with the machine epsilon of their type, as scikit-learn ≥ 1.5: 2⁻⁵² for Float64,
 * 2⁻²³ for Float32.
 */
export function logLoss(outcomes: Outcomes): number | null {
  const images = inScope(outcomes);
  let sum = 0;
  outcomes.truths.forEach((truth, row) => {
    if (truth !== OUT_OF_SCOPE) sum -= Math.log(clipped(outcomes.truthScores[row] ?? 0, outcomes.epsilon));
  });
  return images === 0 ? null : sum / images;
}

/** A mean over a table that comes in pieces. */
export interface RunningMean {
  readonly add: (piece: ScoreTable) => void;
  /** Null without images in scope. */
  readonly mean: () => number | null;
}

/**
 * Cross-entropy that gives partial credit for mistakes that people make too (P3-12 … P3-19, design §2.1):
 * `−1/N · Σᵢ [ ln p(i,gᵢ) + Σ_{c≠gᵢ} w(gᵢ,c) · ln(1 − p(i,c)) ]`, natural log, p clipped to [1e-15, 1 − 1e-15].
 * Over the rows in scope.
 */
export function weightedLogLoss(weights: ConfusedWeights): RunningMean {
  let [sum, images] = [0, 0];
  const add = ({ classes, scores, truths }: ScoreTable): void => {
    truths.forEach((truth, row) => {
      if (truth === OUT_OF_SCOPE) return;
      sum += lossOf(scores.subarray(row * classes, (row + 1) * classes), truth, weights);
      images++;
    });
  };
  return { add, mean: () => (images === 0 ? null : sum / images) };
}

function lossOf(scores: ScoreTable['scores'], truth: number, weights: ConfusedWeights): number {
  // One logarithm of a product instead of one a class. A row adds up to 1, so at most one factor is tiny.
  let others = 1;
  for (let c = 0; c < scores.length; c++) if (c !== truth) others *= 1 - clipped(scores[c] ?? 0, CLIP);
  let loss = -Math.log(clipped(scores[truth] ?? 0, CLIP)) - Math.log(others);
  for (const { predicted, weight } of weights.partial(truth))
    if (predicted !== truth) loss += (1 - weight) * Math.log(1 - clipped(scores[predicted] ?? 0, CLIP));
  return loss;
}

function clipped(p: number, clip: number): number {
  return Math.min(1 - clip, Math.max(clip, p));
}
