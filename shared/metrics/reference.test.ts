/**
 * Every metric against scikit-learn, to 1e-9, on the tables beside `fixtures/make_fixtures.py`:
 * ties, absent classes, a single class, perfect and hopeless scores, two classes and many, pictures out of scope.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { labelKey, type LabelId } from '../schema/names.ts';
import { accuracy, predictions, topK } from './accuracy.ts';
import { benchmarkSummary } from './benchmark-summary.ts';
import { expectedCalibrationError } from './calibration.ts';
import { classificationReport, matthewsCorrelation } from './classification.ts';
import { confusedWeights } from './confused-weights.ts';
import { confusionMatrix } from './confusion.ts';
import { logLoss, weightedLogLoss } from './log-loss.ts';
import { rankingReport } from './ranking.ts';
import { rowsInScope, scoreTable } from './score-table.ts';
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
  const { table, same } = prepare(fixture);

  test('threshold report (P3-20 … P3-22)', () => {
    const { truePositive, falsePositive, below, accuracyAbove } = thresholdReport(table, 0.95);
    same({ truePositive, falsePositive, below, accuracyAbove }, 'threshold');
  });

  test('benchmark summary (P2-19, P2-20)', () => {
    const { known, outOfScope } = benchmarkSummary(table, 0.95);
    same(known, 'known');
    same(outOfScope, 'outOfScope');
  });
});

describe.each(someInScope)('$name', (fixture) => {
  const { table, matrix, weights, same } = prepare(fixture);

  test('accuracy, top-3, confusion matrix (F-19)', () => {
    const guesses = predictions(table);
    same(
      rowsInScope(table).map((row) => guesses[row]),
      'predictions',
    );
    same(accuracy(table), 'accuracy');
    same(topK(table, 3), 'top3');
    same([...matrix.counts], 'confusion');
  });

  test('precision, recall, F1 and Matthews correlation (P5-24)', () => {
    same(classificationReport(matrix), 'classification');
    same(matthewsCorrelation(matrix), 'matthews');
  });

  test('log loss and weighted log loss (P5-24, P3-15 … P3-17)', () => {
    same(logLoss(table), 'logLoss');
    same(weightedLogLoss(table, weights), 'weightedLogLoss');
  });

  test('AUC-ROC and average precision (P5-24)', () => {
    const { classes: ranked, ...means } = rankingReport(table);
    const [auc, averagePrecision] = [ranked.map((c) => c.auc), ranked.map((c) => c.averagePrecision)];
    same({ auc, averagePrecision, ...means }, 'ranking');
  });

  test('expected calibration error', () => {
    same(expectedCalibrationError(table), 'calibrationError');
  });
});

describe.each(noneInScope)('$name', (fixture) => {
  const { table, matrix, weights } = prepare(fixture);

  test('without images in scope there is no figure', () => {
    const report = classificationReport(matrix);
    const ranking = rankingReport(table);
    const figures = [
      accuracy(table),
      topK(table, 3),
      logLoss(table),
      weightedLogLoss(table, weights),
      matthewsCorrelation(matrix),
      expectedCalibrationError(table),
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

function prepare({ classes, scores, truths, weights, expected }: Fixture) {
  const table = scoreTable(classes, Float64Array.from(scores), Int32Array.from(truths));
  const labels = Array.from({ length: classes }, (_, c): LabelId => labelKey(`class ${c}`));
  const pairs = weights.map(([t, p, weight]) => ({ truth: labels[t]!, predicted: labels[p]!, weight }));
  return {
    table,
    matrix: confusionMatrix(table),
    weights: confusedWeights(labels, { v: 1, pairs }),
    same: (actual: unknown, key: string): void => {
      expectClose(actual, expected[key], key);
    },
  };
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
