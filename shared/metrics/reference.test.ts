/**
 * Every metric against scikit-learn, to 1e-9, on the tables beside `fixtures/make_fixtures.py`:
 * ties, absent classes, a single class, perfect and hopeless scores, two classes and many, pictures out of scope.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { labelKey, type LabelId } from '../schema/names.ts';
import { accuracy, topK } from './accuracy.ts';
import { benchmarkSummary } from './benchmark-summary.ts';
import { expectedCalibrationError } from './calibration.ts';
import { classificationReport, matthewsCorrelation } from './classification.ts';
import { confusedWeights } from './confused-weights.ts';
import { type ConfusionMatrix, confusionMatrix } from './confusion.ts';
import { logLoss, weightedLogLoss } from './log-loss.ts';
import { joinOutcomes, outcomesOf } from './outcomes.ts';
import { createRanking } from './ranking.ts';
import { OUT_OF_SCOPE, type ScoreTable, scoreTable } from './score-table.ts';
import { thresholdReport } from './threshold.ts';

interface Fixture {
  readonly name: string;
  readonly classes: number;
  readonly truths: number[];
  readonly scores: number[];
  readonly weights: [number, number, number][];
  readonly expected: Readonly<Record<string, unknown>>;
}

const FOLDER = join(import.meta.dirname, 'fixtures');
const fixtures = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Fixture);

const someInScope = fixtures.filter((f) => 'accuracy' in f.expected);
const noneInScope = fixtures.filter((f) => !('accuracy' in f.expected));

describe.each(fixtures)('$name', (fixture) => {
  const { outcomes, same } = prepare(fixture);

  test('threshold report (P3-20 … P3-22)', () => {
    const { truePositive, falsePositive, below, accuracyAbove } = thresholdReport(outcomes, 0.95);
    same({ truePositive, falsePositive, below, accuracyAbove }, 'threshold');
  });

  test('benchmark summary (P2-19, P2-20)', () => {
    const { known, outOfScope } = benchmarkSummary(outcomes, 0.95);
    same(known, 'known');
    same(outOfScope, 'outOfScope');
  });
});

describe.each(someInScope)('$name', (fixture) => {
  const { outcomes, matrix, weightedLoss, ranking, same } = prepare(fixture);

  test('accuracy, top-3, confusion matrix (F-19)', () => {
    same(
      [...outcomes.best].filter((_, row) => outcomes.truths[row] !== OUT_OF_SCOPE),
      'predictions',
    );
    same(accuracy(outcomes), 'accuracy');
    same(topK(outcomes, 3), 'top3');
    same(dense(matrix), 'confusion');
  });

  test('precision, recall, F1 and Matthews correlation (P5-24)', () => {
    same(classificationReport(matrix), 'classification');
    same(matthewsCorrelation(matrix), 'matthews');
  });

  test('log loss and weighted log loss (P5-24, P3-15 … P3-17)', () => {
    same(logLoss(outcomes), 'logLoss');
    same(weightedLoss, 'weightedLogLoss');
  });

  test('AUC-ROC and average precision (P5-24)', () => {
    const { classes: ranked, ...means } = ranking;
    const [auc, averagePrecision] = [ranked.map((c) => c.auc), ranked.map((c) => c.averagePrecision)];
    same({ auc, averagePrecision, ...means }, 'ranking');
  });

  test('expected calibration error', () => {
    same(expectedCalibrationError(outcomes), 'calibrationError');
  });
});

describe.each(noneInScope)('$name', (fixture) => {
  const { outcomes, matrix, weightedLoss, ranking } = prepare(fixture);

  test('without images in scope there is no figure', () => {
    const report = classificationReport(matrix);
    const figures = [
      accuracy(outcomes),
      topK(outcomes, 3),
      logLoss(outcomes),
      weightedLoss,
      matthewsCorrelation(matrix),
      expectedCalibrationError(outcomes),
      report.macro,
      report.micro,
      report.weighted,
      ranking.macroAuc,
      ranking.weightedAuc,
      ranking.macroAveragePrecision,
    ];
    expect(figures).toEqual(figures.map(() => null));
  });
});

test('the fixtures are there', () => {
  expect(fixtures.map((f) => f.name)).toEqual(
    expect.arrayContaining(['ties', 'absent-classes', 'single-class-present', 'perfect', 'binary']),
  );
});

/** Everything is measured on pieces of seven rows, as a large table is. */
const PIECE = 7;

function prepare({ classes, scores, truths, weights, expected }: Fixture) {
  const table = scoreTable(classes, Float64Array.from(scores), Int32Array.from(truths));
  const labels = Array.from({ length: classes }, (_, c): LabelId => labelKey(`class ${c}`));
  const pairs = weights.map(([t, p, weight]) => ({ truth: labels[t]!, predicted: labels[p]!, weight }));
  const outcomes = joinOutcomes(classes, pieces(table).map(outcomesOf));
  const ranking = createRanking(outcomes);
  const loss = weightedLogLoss(confusedWeights(labels, { v: 1, pairs }));
  for (const piece of pieces(table)) {
    ranking.add(piece);
    loss.add(piece);
  }
  return {
    outcomes,
    matrix: confusionMatrix(outcomes),
    ranking: ranking.report(),
    weightedLoss: loss.mean(),
    same: (actual: unknown, key: string): void => {
      expectClose(actual, expected[key], key);
    },
  };
}

function pieces({ classes, scores, truths }: ScoreTable): ScoreTable[] {
  return Array.from({ length: Math.ceil(truths.length / PIECE) }, (_, i) => ({
    classes,
    scores: scores.subarray(i * PIECE * classes, (i + 1) * PIECE * classes),
    truths: truths.subarray(i * PIECE, (i + 1) * PIECE),
  }));
}

function dense({ classes, cells }: ConfusionMatrix): number[] {
  const counts = new Array<number>(classes * classes).fill(0);
  for (const { truth, predicted, count } of cells) counts[truth * classes + predicted] = count;
  return counts;
}

/** Same shape, numbers within 1e-9. */
function expectClose(actual: unknown, wanted: unknown, path: string): void {
  if (typeof wanted === 'number') {
    expect(typeof actual, path).toBe('number');
    expect(Math.abs((actual as number) - wanted), path).toBeLessThanOrEqual(1e-9 * Math.max(1, wanted));
  } else if (wanted === null || typeof wanted !== 'object') expect(actual, path).toBe(wanted);
  else {
    expect(Object.keys(actual as object).sort(), path).toEqual(Object.keys(wanted).sort());
    for (const [key, value] of Object.entries(wanted))
      expectClose((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
  }
}
