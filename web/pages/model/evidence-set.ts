import { classificationReport } from '#shared/metrics/classification.ts';
import { confusionMatrix } from '#shared/metrics/confusion.ts';
import { inScope, type Outcomes } from '#shared/metrics/outcomes.ts';
import { thresholdReport, type ThresholdReport } from '#shared/metrics/threshold.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { Metrics, SetMetrics } from '#shared/schema/metrics.ts';

import type { OpenScores, Verdicts } from '../../state/contract-evidence.ts';

/** How often photos of one class were taken for another one; `OUT_OF_SCOPE` (−1) as truth for none of the classes. */
export interface Cell {
  readonly truth: number;
  readonly guess: number;
  readonly count: number;
}

/** How well one class is told apart by best guesses, sure or not. */
interface ClassFigures {
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** One set of photos as all parts of the evidence read it, wherever its figures came from. */
export interface EvidenceSet {
  readonly name: string;
  readonly kind: BenchmarkKind | null;
  readonly images: number;
  /** At the card's threshold. */
  readonly report: ThresholdReport;
  /** Filled cells of the confusion matrix of best guesses. */
  readonly cells: readonly Cell[];
  /** By column. */
  readonly classes: readonly ClassFigures[];
}

/** The sets with photos of a published report. */
export function setsOfMetrics({ sets }: Pick<Metrics, 'sets'>): EvidenceSet[] {
  return sets
    .filter((set) => set.summary.images > 0)
    .map((set) => ({
      name: set.name,
      kind: set.benchmark,
      images: set.summary.images,
      report: set.threshold,
      cells: set.confusion.map(([truth, guess, count]) => ({ truth, guess, count })),
      classes: set.classification.classes,
    }));
}

/** The same from the outcomes of all rows, where there is no report. */
export function setsOfVerdicts(
  { sets, labels, threshold }: Pick<OpenScores, 'sets' | 'labels' | 'threshold'>,
  verdicts: Verdicts,
): EvidenceSet[] {
  let from = 0;
  return sets.flatMap(({ name, kind, rows }) => {
    const outcomes = slice(verdicts, labels.length, from, (from += rows));
    if (rows === 0) return [];
    const matrix = confusionMatrix(outcomes);
    return {
      name,
      kind,
      images: rows,
      report: thresholdReport(outcomes, threshold),
      cells: matrix.cells.map(({ truth, predicted, count }) => ({ truth, guess: predicted, count })),
      classes: inScope(outcomes) > 0 ? classificationReport(matrix).classes : [],
    };
  });
}

function slice(verdicts: Verdicts, classes: number, from: number, to: number): Outcomes {
  return {
    classes,
    truths: verdicts.truths.subarray(from, to),
    best: verdicts.best.subarray(from, to),
    bestScores: verdicts.bestScores.subarray(from, to),
    truthScores: verdicts.truthScores.subarray(from, to),
    ranks: new Int32Array(to - from),
    epsilon: Number.EPSILON,
  };
}

/** The best witness there is: the test set, else validation, else training, else any. */
export function witnessOf<S extends { readonly name: string }>(sets: readonly S[]): S | undefined {
  const best = ['test', 'validation', 'training']
    .map((name) => sets.find((set) => set.name === name))
    .find((set) => set !== undefined);
  return best ?? sets[0];
}

/** Sets with their full figures that hold photos. */
export function filledSets({ sets }: Pick<Metrics, 'sets'>): SetMetrics[] {
  return sets.filter((set) => set.summary.images > 0);
}
