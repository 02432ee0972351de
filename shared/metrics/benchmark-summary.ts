import { isAnswer } from '../schema/names.ts';
import type { Outcomes } from './outcomes.ts';
import { OUT_OF_SCOPE } from './score-table.ts';

/** Spread of one score an image (P2-19, P2-20). */
export interface ScoreSummary {
  readonly images: number;
  readonly min: number;
  readonly max: number;
  /** Mean of the middle two for an even number, as numpy. */
  readonly median: number;
  readonly mean: number;
  /** Images at or above the threshold, and below it. */
  readonly above: number;
  readonly below: number;
}

/**
 * Two questions that must not be mixed, so two summaries; null where a benchmark has no such images.
 */
export interface BenchmarkSummary {
  /**
   * Images that show a class of the model, by the score their true class got: a sure answer that is wrong counts as
   * the low score it is. The higher the better.
   */
  readonly known: ScoreSummary | null;
  /** Images out of scope, by their best score, whatever it is for. The lower the better. */
  readonly outOfScope: ScoreSummary | null;
}

export function benchmarkSummary(outcomes: Outcomes, threshold: number): BenchmarkSummary {
  const known: number[] = [];
  const outOfScope: number[] = [];
  outcomes.truths.forEach((truth, row) => {
    if (truth === OUT_OF_SCOPE) outOfScope.push(outcomes.bestScores[row] ?? 0);
    else known.push(outcomes.truthScores[row] ?? 0);
  });
  return { known: summarise(known, threshold), outOfScope: summarise(outOfScope, threshold) };
}

function summarise(scores: readonly number[], threshold: number): ScoreSummary | null {
  const sorted = Float64Array.from(scores).sort();
  const images = sorted.length;
  const [min, max] = [sorted.at(0), sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const middle = (sorted[(images - 1) >> 1] ?? 0) + (sorted[images >> 1] ?? 0);
  const above = scores.filter((score) => isAnswer(score, threshold)).length;
  const mean = sorted.reduce((sum, score) => sum + score, 0) / images;
  return { images, min, max, median: middle / 2, mean, above, below: images - above };
}
