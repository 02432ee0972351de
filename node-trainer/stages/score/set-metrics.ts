import { topK } from '#shared/metrics/accuracy.ts';
import { benchmarkSummary } from '#shared/metrics/benchmark-summary.ts';
import { expectedCalibrationError, reliabilityBins } from '#shared/metrics/calibration.ts';
import { classificationReport, matthewsCorrelation } from '#shared/metrics/classification.ts';
import { confusionMatrix } from '#shared/metrics/confusion.ts';
import { logLoss } from '#shared/metrics/log-loss.ts';
import type { Outcomes } from '#shared/metrics/outcomes.ts';
import { summariseSet } from '#shared/metrics/summary.ts';
import { thresholdReport } from '#shared/metrics/threshold.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { CalibrationFigures, Metrics, SetMetrics } from '#shared/schema/metrics.ts';

import type { Measured } from './measure.ts';
import { answerQuestions } from './questions.ts';

/** What all sets of a run are judged with. */
export interface Yardstick {
  readonly labels: Metrics['labels'];
  readonly threshold: number;
}

/**
 * Every metric of one set (P5-24, P5-25) and the answers to the seven questions (P5-26 … P5-32).
 * @param benchmark kind of the benchmark; null for training, validation and test
 */
export function setMetrics(
  { name, benchmark }: { readonly name: string; readonly benchmark: BenchmarkKind | null },
  measured: Measured,
  { labels, threshold }: Yardstick,
): Omit<SetMetrics, 'pictures'> {
  const { outcomes, tempered, weightedLogLoss } = measured;
  const matrix = confusionMatrix(outcomes);
  const above = thresholdReport(outcomes, threshold);
  const { classes, ...means } = classificationReport(matrix);
  const { classes: ranked, ...ranking } = measured.ranking;
  return {
    name,
    benchmark,
    summary: summariseSet(name, outcomes, { threshold, weightedLogLoss }),
    top5: topK(outcomes, 5),
    threshold: above,
    matthewsCorrelation: matthewsCorrelation(matrix),
    classification: {
      ...means,
      classes: classes.map((c, i) => ({
        ...c,
        auc: ranked[i]?.auc ?? null,
        averagePrecision: ranked[i]?.averagePrecision ?? null,
      })),
    },
    ranking,
    calibration: {
      before: calibrationOf(outcomes, threshold),
      after: tempered && calibrationOf(tempered, threshold),
    },
    benchmarkSummary: benchmark === null ? null : benchmarkSummary(outcomes, threshold),
    confusion: matrix.cells.map((cell) => [cell.truth, cell.predicted, cell.count]),
    questions: answerQuestions(labels, matrix, above, benchmark),
  };
}

function calibrationOf(outcomes: Outcomes, threshold: number): CalibrationFigures {
  const { truePositive, falsePositive, below } = thresholdReport(outcomes, threshold);
  return {
    logLoss: logLoss(outcomes),
    calibrationError: expectedCalibrationError(outcomes),
    truePositive,
    falsePositive,
    below,
    bins: reliabilityBins(outcomes),
  };
}
