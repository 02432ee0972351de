/** The questions of seed article 5 about a trained model, one function each (P5-26 … P5-32). */
import { DEFAULT_TARGETS } from '../schema/gate.ts';
import { confusedPairs, totals, type ConfusedPair, type ConfusionMatrix } from './confusion.ts';
import type { ThresholdReport } from './threshold.ts';

export interface LabelErrors {
  /** Column of the class. */
  readonly class: number;
  readonly errors: number;
  /** Of how many: images that show the class, or guesses of the class. */
  readonly of: number;
}

/** P5-26: which true classes get the most errors? Those with errors only, most first. */
export function truthsWithMostErrors(matrix: ConfusionMatrix): LabelErrors[] {
  const { truths, right } = totals(matrix);
  return mostErrors(truths, right);
}

/** P5-27: which guesses are wrong most often? Those with errors only, most first. */
export function guessesMostOftenWrong(matrix: ConfusionMatrix): LabelErrors[] {
  const { predicted, right } = totals(matrix);
  return mostErrors(predicted, right);
}

/** P5-28: how many truth → guess pairs are there, and which are confused most easily? */
export function easilyConfused(matrix: ConfusionMatrix): {
  readonly pairs: number;
  readonly errors: number;
  readonly most: readonly ConfusedPair[];
} {
  const most = confusedPairs(matrix);
  return { pairs: most.length, errors: most.reduce((n, p) => n + p.count, 0), most };
}

/** P5-29: how accurate is it when answers need a minimum score? Null when nothing reaches it. */
export function accuracyWithMinimumScore(report: ThresholdReport): number | null {
  return report.accuracyAbove;
}

/** P5-30: what share of the answers at or above the threshold is wrong? Null when there are none. */
export function errorRateAbove(report: ThresholdReport): number | null {
  return report.accuracyAbove === null ? null : 1 - report.accuracyAbove;
}

/** The sources' numbers, as shares of all images of the "difficult" benchmark (P3-24). */
export const DIFFICULT_TARGET = DEFAULT_TARGETS.difficult;
/** The sources' number, as a share of all images of the "out-of-scope" benchmark (P3-25, P3-26). */
export const OUT_OF_SCOPE_TARGET = DEFAULT_TARGETS['out-of-scope'];

/** P5-31: does the "difficult" benchmark score high enough? Null for an empty one. */
export function difficultHighEnough(report: ThresholdReport): boolean | null {
  if (report.truePositive === null || report.falsePositive === null) return null;
  return (
    report.truePositive >= DIFFICULT_TARGET.truePositive &&
    report.falsePositive <= DIFFICULT_TARGET.falsePositive
  );
}

/** P5-32: does the "out-of-scope" benchmark score low enough? Null for an empty one. */
export function outOfScopeLowEnough(report: ThresholdReport): boolean | null {
  return report.falsePositive === null ? null : report.falsePositive <= OUT_OF_SCOPE_TARGET.falsePositive;
}

function mostErrors(all: Float64Array, right: Float64Array): LabelErrors[] {
  return Array.from(all, (of, c) => ({ class: c, errors: of - (right[c] ?? 0), of }))
    .filter((label) => label.errors > 0)
    .sort((a, b) => b.errors - a.errors || a.class - b.class);
}
