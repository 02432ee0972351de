import type { ConfusedWeights } from './confused-weights.ts';
import { rowsInScope, scoreAt, truthAt, type ScoreTable } from './score-table.ts';

/** Clipping of the weighted log loss (design §2.1). */
const CLIP = 1e-15;

/**
 * Mean of −ln(score of the true class) over the rows in scope; null without any.
 * Scores are clipped to [ε, 1 − ε] with the machine epsilon of their type, as scikit-learn ≥ 1.5: 2⁻⁵² for Float64,
 * 2⁻²³ for Float32.
 */
export function logLoss(table: ScoreTable): number | null {
  const clip = table.scores instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
  return meanLoss(table, (row) => -Math.log(clipped(scoreAt(table, row, truthAt(table, row)), clip)));
}

/**
 * Cross-entropy that gives partial credit for mistakes that people make too (P3-12 … P3-19, design §2.1):
 * `−1/N · Σᵢ [ ln p(i,gᵢ) + Σ_{c≠gᵢ} w(gᵢ,c) · ln(1 − p(i,c)) ]`, natural log, p clipped to [1e-15, 1 − 1e-15].
 * Over the rows in scope; null without any.
 */
export function weightedLogLoss(table: ScoreTable, weights: ConfusedWeights): number | null {
  return meanLoss(table, (row) => {
    const truth = truthAt(table, row);
    let loss = -Math.log(clipped(scoreAt(table, row, truth), CLIP));
    for (let c = 0; c < table.classes; c++)
      if (c !== truth) loss -= weights.of(truth, c) * Math.log(1 - clipped(scoreAt(table, row, c), CLIP));
    return loss;
  });
}

function meanLoss(table: ScoreTable, lossOf: (row: number) => number): number | null {
  const rows = rowsInScope(table);
  if (rows.length === 0) return null;
  let sum = 0;
  for (const row of rows) sum += lossOf(row);
  return sum / rows.length;
}

function clipped(p: number, clip: number): number {
  return Math.min(1 - clip, Math.max(clip, p));
}
