import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { labelKey } from '../schema/names.ts';
import { topK } from './accuracy.ts';
import { reliabilityBins } from './calibration.ts';
import { confusedFingerprint, confusedWeights } from './confused-weights.ts';
import { confusionMatrix } from './confusion.ts';
import { weightedLogLoss } from './log-loss.ts';
import { type Outcomes, outcomesOf } from './outcomes.ts';
import {
  accuracyWithMinimumScore,
  difficultHighEnough,
  easilyConfused,
  errorRateAbove,
  guessesMostOftenWrong,
  outOfScopeLowEnough,
  truthsWithMostErrors,
} from './questions.ts';
import { scoreTable, type ScoreTable } from './score-table.ts';
import { Sha256, sha256Hex } from './sha256.ts';
import { summariseSet } from './summary.ts';
import { fitTemperature, LEAST_IMAGES, withTemperature } from './temperature.ts';
import { thresholdReport } from './threshold.ts';

type Row = readonly [truth: number, ...scores: number[]];

function tableOf(...rows: readonly Row[]): ScoreTable {
  const scores = rows.flatMap(([, ...s]) => s);
  return scoreTable(
    rows[0]!.length - 1,
    Float64Array.from(scores),
    Int32Array.from(rows, ([t]) => t),
  );
}

const outcomes = (...rows: readonly Row[]): Outcomes => outcomesOf(tableOf(...rows));

/** African elephant, Asian elephant, giraffe. */
const LABELS = ['african', 'asian', 'giraffe'].map(labelKey);
const pair = (truth: string, predicted: string, weight: number) => ({
  truth: labelKey(truth),
  predicted: labelKey(predicted),
  weight,
});
const elephants = { v: 1 as const, pairs: [pair('african', 'asian', 0.5), pair('asian', 'african', 0.5)] };
const nobody = { v: 1 as const, pairs: [] };

describe('weighted log loss', () => {
  const lossOf = (scores: ScoreTable, table: typeof elephants): number => {
    const loss = weightedLogLoss(confusedWeights(LABELS, table));
    loss.add(scores);
    return loss.mean() ?? NaN;
  };
  const loss = (table: typeof elephants, ...scores: number[]): number =>
    lossOf(tableOf([0, ...scores]), table);

  test('an elephant taken for the other one costs less than for a giraffe (P3-14, P3-17)', () => {
    expect(loss(elephants, 0.02, 0.97, 0.01)).toBeLessThan(loss(elephants, 0.02, 0.01, 0.97));
    expect(loss({ ...nobody, pairs: [] }, 0.02, 0.97, 0.01)).toBeCloseTo(
      loss({ ...nobody, pairs: [] }, 0.02, 0.01, 0.97),
      12,
    );
  });

  test('being unsure when wrong is better than being sure (P3-18)', () => {
    expect(loss(elephants, 0.4, 0.5, 0.1)).toBeLessThan(loss(elephants, 0.02, 0.97, 0.01));
  });

  test('the formula by hand (design §2.1)', () => {
    const byHand = -(Math.log(0.02) + 0.5 * Math.log(1 - 0.97) + Math.log(1 - 0.01));
    expect(loss(elephants, 0.02, 0.97, 0.01)).toBeCloseTo(byHand, 12);
  });

  test('weights may be asymmetric; pairs with classes that are not in the model do not matter', () => {
    const pairs = [pair('african', 'asian', 0.5), pair('okapi', 'giraffe', 0)];
    const { of } = confusedWeights(LABELS, { v: 1, pairs });
    expect([of(0, 1), of(1, 0), of(0, 2)]).toEqual([0.5, 1, 1]);
  });

  test('certainty in float32 keeps it finite', () => {
    const sure = scoreTable(3, Float32Array.from([0, 1, 0]), Int32Array.from([0]));
    expect(lossOf(sure, { ...nobody, pairs: [] })).toBeGreaterThan(60);
  });
});

describe('fingerprint of the commonly-confused table (design §2.1)', () => {
  test('does not depend on the order of the pairs, nor on pairs that say nothing', () => {
    const other = {
      v: 1 as const,
      pairs: [pair('giraffe', 'asian', 1), ...elephants.pairs].reverse(),
    };
    expect(confusedFingerprint(other)).toBe(confusedFingerprint(elephants));
    expect(confusedFingerprint(nobody)).not.toBe(confusedFingerprint(elephants));
  });

  test('is the SHA-256 of the canonical text, so anybody can check it', () => {
    const text = '[["african","asian",0.5],["asian","african",0.5]]';
    expect(confusedFingerprint(elephants)).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('two weights for one pair are refused', () => {
    const pairs = [pair('african', 'asian', 0.5), pair('african', 'asian', 0.4)];
    expect(() => confusedFingerprint({ v: 1, pairs })).toThrow('gives "african" → "asian" two weights');
  });

  test.each(['', 'abc', 'é漢🐘', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'ß'.repeat(500)])(
    'SHA-256 of %j is what Node says',
    (text) => {
      expect(sha256Hex(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    },
  );

  test.each([1, 63, 64, 65, 1000])('SHA-256 is the same in pieces of %i bytes', (size) => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
    const hash = new Sha256();
    for (let at = 0; at < bytes.length; at += size) hash.update(bytes.subarray(at, at + size));
    expect(hash.hex()).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

describe('ties', () => {
  test('of equal scores the lowest column wins', () => {
    const table = outcomes([1, 0.5, 0.5], [0, 0.5, 0.5]);
    expect([...table.best]).toEqual([0, 0]);
    expect(topK(table, 1)).toBe(0.5);
    expect(topK(table, 2)).toBe(1);
  });
});

describe('threshold', () => {
  // Sure and right, sure and wrong, unsure and right, sure about popcorn.
  const table = outcomes([0, 0.96, 0.04], [1, 0.97, 0.03], [1, 0.4, 0.6], [-1, 0.01, 0.99]);
  const report = thresholdReport(table, 0.95);

  test('shares are of all images and add up to 1 (design §2.2)', () => {
    expect(report).toMatchObject({ truePositive: 0.25, falsePositive: 0.5, below: 0.25, images: 4 });
  });

  test('exactly the threshold is an answer', () => {
    expect(thresholdReport(outcomes([0, 0.95, 0.05]), 0.95).truePositive).toBe(1);
  });

  test('pictures out of scope can only be false positives (P3-25)', () => {
    expect(thresholdReport(outcomes([-1, 0.99, 0.01]), 0.95)).toMatchObject({
      truePositive: 0,
      falsePositive: 1,
    });
  });

  test('accuracy with a minimum score, error rate above it (P5-29, P5-30)', () => {
    expect(accuracyWithMinimumScore(report)).toBeCloseTo(1 / 3, 12);
    expect(errorRateAbove(report)).toBeCloseTo(2 / 3, 12);
    expect(errorRateAbove(thresholdReport(table, 1))).toBeNull();
  });

  test('difficult: at least 80 % right and at most 5 % wrong above (P3-24, P5-31)', () => {
    const shares = (truePositive: number, falsePositive: number) => ({
      ...report,
      truePositive,
      falsePositive,
    });
    expect(difficultHighEnough(shares(0.8, 0.05))).toBe(true);
    expect(difficultHighEnough(shares(0.79, 0.05))).toBe(false);
    expect(difficultHighEnough(shares(0.9, 0.06))).toBe(false);
  });

  test('out of scope: at most 10 % answered (P3-26, P5-32)', () => {
    expect(outOfScopeLowEnough({ ...report, falsePositive: 0.1 })).toBe(true);
    expect(outOfScopeLowEnough({ ...report, falsePositive: 0.11 })).toBe(false);
  });

  test('an empty set decides nothing', () => {
    const empty = thresholdReport(outcomesOf(scoreTable(2, new Float64Array(0), new Int32Array(0))), 0.95);
    expect(empty).toMatchObject({ truePositive: null, falsePositive: null, below: null });
    expect([difficultHighEnough(empty), outOfScopeLowEnough(empty)]).toEqual([null, null]);
  });
});

describe('which classes go wrong', () => {
  const sure = (truth: number, guess: number): Row => [truth, ...[0, 1, 2].map((c) => (c === guess ? 1 : 0))];
  const matrix = confusionMatrix(
    outcomes(sure(0, 1), sure(0, 1), sure(0, 0), sure(1, 2), sure(2, 2), sure(2, 1)),
  );

  test('true classes with the most errors (P5-26)', () => {
    expect(truthsWithMostErrors(matrix)).toEqual([
      { class: 0, errors: 2, of: 3 },
      { class: 1, errors: 1, of: 1 },
      { class: 2, errors: 1, of: 2 },
    ]);
  });

  test('guesses that are wrong most often (P5-27)', () => {
    expect(guessesMostOftenWrong(matrix)).toEqual([
      { class: 1, errors: 3, of: 3 },
      { class: 2, errors: 1, of: 2 },
    ]);
  });

  test('pairs that are easily confused (P5-28)', () => {
    expect(easilyConfused(matrix)).toEqual({
      pairs: 3,
      errors: 4,
      most: [
        { truth: 0, predicted: 1, count: 2 },
        { truth: 1, predicted: 2, count: 1 },
        { truth: 2, predicted: 1, count: 1 },
      ],
    });
  });
});

describe('reliability bins', () => {
  test('are open below and closed above; empty ones say nothing', () => {
    const bins = reliabilityBins(outcomes([0, 0.75, 0.25], [1, 0.76, 0.24], [0, 1, 0]), 4);
    expect(bins.map((b) => b.images)).toEqual([0, 0, 1, 2]);
    expect(bins[0]).toEqual({ from: 0, to: 0.25, images: 0, confidence: null, accuracy: null });
    expect(bins[3]).toEqual({ from: 0.75, to: 1, images: 2, confidence: 0.88, accuracy: 0.5 });
  });
});

describe('temperature', () => {
  /** Scores of a model whose every score is right as often as it says, made too sure or too timid. */
  const calibrated = (images: number): ScoreTable =>
    tableOf(
      ...Array.from({ length: images }, (_, i): Row => {
        const p = 0.5 + 0.09 * (i % 5);
        const right = ((i / 5) | 0) % 100 < Math.round(p * 100);
        return [right ? 0 : 1, p, 1 - p];
      }),
    );
  const pass = (table: ScoreTable) => () =>
    (async function* () {
      yield await Promise.resolve(table);
    })();

  test.each([0.4, 1, 2.5])('a model that is too sure by %d is found out', async (factor) => {
    const fit = await fitTemperature(pass(withTemperature(calibrated(500), 1 / factor)));
    expect(fit).toMatchObject({ kind: 'fitted', images: 500 });
    expect(fit.kind === 'fitted' && fit.temperature).toBeCloseTo(factor, 2);
  });

  test('keeps the order and the sum of the scores; 1 changes nothing, 0 stays 0', () => {
    const table = scoreTable(3, Float32Array.from([0.7, 0.3, 0]), Int32Array.from([0]));
    expect(withTemperature(table, 1).scores[0]).toBeCloseTo(0.7, 6);
    const [a = 0, b = 0, c = 0] = withTemperature(table, 4).scores;
    expect([a + b + c, a > b && b > c]).toEqual([expect.closeTo(1, 6), true]);
    expect(withTemperature(table, 0.5).scores[2]).toBe(0);
  });

  test('too few photos, or none that is wrong: it says so instead of guessing', async () => {
    const few = await fitTemperature(pass(calibrated(LEAST_IMAGES - 1)));
    expect(few).toMatchObject({ kind: 'none', reason: expect.stringContaining('too few') as string });
    const flawless = tableOf(...Array.from({ length: 60 }, (): Row => [0, 0.8, 0.2]));
    expect(await fitTemperature(pass(flawless))).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('no mistake') as string,
    });
  });
});

test('the summary for the model card has all headline figures', () => {
  const table = outcomes([0, 0.96, 0.03, 0.01], [1, 0.2, 0.7, 0.1]);
  const summary = summariseSet('test', table, { threshold: 0.95, weightedLogLoss: 0.75 });
  expect(summary).toMatchObject({ set: 'test', images: 2, accuracy: 1, top3: 1 });
  expect(summary).toMatchObject({ truePositive: 0.5, falsePositive: 0, below: 0.5 });
  expect(summary.logLoss).toBeCloseTo(-(Math.log(0.96) + Math.log(0.7)) / 2, 12);
  expect(summary.weightedLogLoss).toBe(0.75);
});

describe('a score table that contradicts itself is refused, naming the row', () => {
  test.each([
    ['too few scores', 2, [0.5], [0], 'expected 1 rows × 2 classes, found 1 scores'],
    ['a truth beyond the classes', 2, [0.5, 0.5], [2], 'row 0: the true class 2 is not one of 2'],
    ['NaN', 2, [0.5, 0.5, NaN, 1], [0, 1], 'row 1: NaN is not a score from 0 to 1'],
    ['logits', 2, [3, -2], [0], 'row 0: 3 is not a score'],
    ['another layout', 2, [0.9, 0.8], [0], 'row 0: the scores add up to 1.7'],
  ])('%s', (_, classes, scores, truths, message) => {
    expect(() => scoreTable(classes, Float64Array.from(scores), Int32Array.from(truths))).toThrow(message);
  });
});
