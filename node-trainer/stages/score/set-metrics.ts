import { topK } from '#shared/metrics/accuracy.ts';
import { benchmarkSummary } from '#shared/metrics/benchmark-summary.ts';
import { expectedCalibrationError } from '#shared/metrics/calibration.ts';
import { classificationReport, matthewsCorrelation } from '#shared/metrics/classification.ts';
import type { ConfusedWeights } from '#shared/metrics/confused-weights.ts';
import { confusionMatrix } from '#shared/metrics/confusion.ts';
import {
  accuracyWithMinimumScore,
  difficultHighEnough,
  easilyConfused,
  errorRateAbove,
  guessesMostOftenWrong,
  outOfScopeLowEnough,
  truthsWithMostErrors,
} from '#shared/metrics/questions.ts';
import { rankingReport } from '#shared/metrics/ranking.ts';
import type { ScoreTable } from '#shared/metrics/score-table.ts';
import { summariseSet } from '#shared/metrics/summary.ts';
import { thresholdReport } from '#shared/metrics/threshold.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';

/** What all sets of a run are measured with. */
export interface Yardstick {
  /** Classes in the order of the columns, by name for people. */
  readonly names: readonly string[];
  readonly threshold: number;
  readonly weights: ConfusedWeights;
}

/** Pairs, labels and guesses shown for each of the questions. */
const MOST = 20;

/**
 * Every metric of one set (P5-24, P5-25) and the answers to the seven questions (P5-26 … P5-32), ready for JSON.
 * @param benchmark kind of the benchmark; null for training, validation and test
 */
export function measureSet(
  name: string,
  table: ScoreTable,
  benchmark: BenchmarkKind | null,
  yardstick: Yardstick,
) {
  const { names, threshold, weights } = yardstick;
  const matrix = confusionMatrix(table);
  const above = thresholdReport(table, threshold);
  const { classes, macro, micro, weighted } = classificationReport(matrix);
  const ranking = rankingReport(table);
  const confused = easilyConfused(matrix);
  const nameOf = (column: number): string => names[column] ?? '';
  return {
    name,
    benchmark,
    summary: summariseSet(name, table, { threshold, weights }),
    top5: topK(table, Math.min(5, table.classes)),
    threshold: above,
    matthewsCorrelation: matthewsCorrelation(matrix),
    calibrationError: expectedCalibrationError(table),
    classification: { macro, micro, weighted, classes: classes.map((c, i) => ({ name: nameOf(i), ...c })) },
    ranking,
    benchmarkSummary: benchmark === null ? null : benchmarkSummary(table, threshold),
    confusion: Array.from({ length: table.classes }, (_, row) => [
      ...matrix.counts.subarray(row * table.classes, (row + 1) * table.classes),
    ]),
    questions: {
      truthsWithMostErrors: truthsWithMostErrors(matrix)
        .slice(0, MOST)
        .map((l) => ({ ...l, name: nameOf(l.class) })),
      guessesMostOftenWrong: guessesMostOftenWrong(matrix)
        .slice(0, MOST)
        .map((l) => ({ ...l, name: nameOf(l.class) })),
      easilyConfused: {
        pairs: confused.pairs,
        errors: confused.errors,
        most: confused.most
          .slice(0, MOST)
          .map((p) => ({ truth: nameOf(p.truth), predicted: nameOf(p.predicted), count: p.count })),
      },
      accuracyWithMinimumScore: accuracyWithMinimumScore(above),
      errorRateAbove: errorRateAbove(above),
      difficultHighEnough: benchmark === 'difficult' ? difficultHighEnough(above) : null,
      outOfScopeLowEnough: benchmark === 'out-of-scope' ? outOfScopeLowEnough(above) : null,
    },
  };
}

export type SetMetrics = ReturnType<typeof measureSet>;
