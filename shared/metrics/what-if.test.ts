import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { BENCHMARK_KINDS, type BenchmarkKind } from '../schema/benchmark.ts';
import { DEFAULT_TARGETS, type GateCheck } from '../schema/gate.ts';
import { benchmarkSummary } from './benchmark-summary.ts';
import { confusedPairs, confusionMatrix, totals } from './confusion.ts';
import { targetsOf } from './gate-targets.ts';
import { judge } from './gate.ts';
import { joinOutcomes, outcomesIn, type Outcomes, outcomesOf } from './outcomes.ts';
import { packPhotoIds, photoIdAt } from './photo-ids.ts';
import { rowsWhere, type RowsQuestion } from './score-rows.ts';
import { OUT_OF_SCOPE, scoreTable } from './score-table.ts';
import { summariseSet } from './summary.ts';
import { thresholdReport } from './threshold.ts';
import { emptyTopFive, noteTopFive, topFiveAt } from './top-five.ts';
import { prepareWhatIf } from './what-if.ts';

const CLASSES = 4;

/** Rows with many equal scores, so that ties are met. */
const row = fc.tuple(
  fc.integer({ min: OUT_OF_SCOPE, max: CLASSES - 1 }),
  fc.array(fc.integer({ min: 0, max: 8 }), { minLength: CLASSES, maxLength: CLASSES }),
);
const rows = fc.array(row, { maxLength: 30 });
const threshold = fc.oneof(
  fc.double({ min: 0.5, max: 0.999, noNaN: true }),
  fc.constantFrom(0.5, 0.75, 0.95),
);

function tableOf(given: readonly (readonly [number, readonly number[]])[]): ReturnType<typeof scoreTable> {
  const scores = given.flatMap(([, counts]) => {
    const sum = counts.reduce((a, b) => a + b, 0);
    return counts.map((count) => (sum === 0 ? 1 / CLASSES : count / sum));
  });
  return scoreTable(
    CLASSES,
    Float32Array.from(scores),
    Int32Array.from(given, ([truth]) => truth),
  );
}

/** Only what is answered, as a set of its own: its figures are what the existing metrics say. */
function answeredOf(outcomes: Outcomes, at: number): Outcomes {
  const kept = [...outcomes.truths.keys()].filter((i) => (outcomes.bestScores[i] ?? 0) >= at);
  return joinOutcomes(
    CLASSES,
    kept.map((i) => outcomesIn(outcomes, i, i + 1)),
  );
}

describe('what a threshold decides', () => {
  test('is what the figures of the report say at that threshold (P3-20 … P3-26)', () => {
    const property = fc.property(
      rows,
      threshold,
      fc.constantFrom(null, ...BENCHMARK_KINDS),
      (given, at, kind) => {
        const outcomes = outcomesOf(tableOf(given));
        const { sets } = prepareWhatIf([{ name: 'benchmark:shade', kind, outcomes }], DEFAULT_TARGETS)(at);
        const set = sets[0]!;
        expect(set.report).toEqual(thresholdReport(outcomes, at));
        expect(set.spread).toEqual(kind === null ? null : benchmarkSummary(outcomes, at));
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test('of each class and pair is the confusion matrix of the answers alone (P3-27, F-19)', () => {
    const property = fc.property(rows, threshold, (given, at) => {
      const outcomes = outcomesOf(tableOf(given));
      const answered = answeredOf(outcomes, at);
      const { classes, wrongAnswers } = prepareWhatIf(
        [{ name: 'test', kind: null, outcomes }],
        DEFAULT_TARGETS,
      )(at).sets[0]!;
      const matrix = confusionMatrix(answered);
      const { truths, predicted, right } = totals(matrix);
      expect([...classes.right]).toEqual([...right]);
      expect([...classes.wrong]).toEqual([...truths.map((n, c) => n - (right[c] ?? 0))]);
      expect([...classes.support]).toEqual([...totals(confusionMatrix(outcomes)).truths]);
      const strangers = [...answered.truths.keys()].filter((i) => answered.truths[i] === OUT_OF_SCOPE);
      const named = predicted.map((n, c) => n + strangers.filter((i) => answered.best[i] === c).length);
      expect([...classes.answers]).toEqual([...named]);
      const pairs = [...wrongAnswers.counts].map((count, i) => ({
        truth: wrongAnswers.truths[i]!,
        predicted: wrongAnswers.guesses[i]!,
        count,
      }));
      expect(pairs.filter(({ truth }) => truth !== OUT_OF_SCOPE)).toEqual(confusedPairs(matrix));
      expect(pairs.filter(({ truth }) => truth === OUT_OF_SCOPE).reduce((n, p) => n + p.count, 0)).toBe(
        strangers.length,
      );
      expect(pairs.map((p) => p.count)).toEqual(pairs.map((p) => p.count).sort((a, b) => b - a));
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('passes and fails benchmarks as the release gate does (P3-24 … P3-26)', () => {
    const property = fc.property(fc.tuple(rows, rows, rows, rows), threshold, (given, at) => {
      const sets = BENCHMARK_KINDS.map((kind: BenchmarkKind, i) => ({
        name: `benchmark:${kind}`,
        kind,
        outcomes: outcomesOf(tableOf(given[i] ?? [])),
      }));
      const { checks } = prepareWhatIf(sets, DEFAULT_TARGETS)(at);
      const gate = judge({
        figures: {
          threshold: at,
          confusedTable: '',
          sets: sets.map(({ name, kind, outcomes }) => ({
            name,
            title: kind,
            benchmark: kind,
            summary: summariseSet(name, outcomes, { threshold: at, weightedLogLoss: null }),
            spread: benchmarkSummary(outcomes, at),
            pictures: '',
          })),
        },
        production: { kind: 'none' },
        targets: DEFAULT_TARGETS,
      });
      expect(checks).toEqual(gate.checks.filter((check) => check.set !== null));
    });
    fc.assert(property, { numRuns: 100 });
  });

  test('is told apart from what a photo of nothing is taken for (P3-27)', () => {
    const outcomes = outcomesOf(
      tableOf([
        [OUT_OF_SCOPE, [0, 0, 8, 0]],
        [OUT_OF_SCOPE, [0, 0, 8, 0]],
        [1, [8, 0, 0, 0]],
        [1, [3, 3, 1, 1]],
      ]),
    );
    const { wrongAnswers, classes } = prepareWhatIf(
      [{ name: 'test', kind: null, outcomes }],
      DEFAULT_TARGETS,
    )(0.9).sets[0]!;
    expect([...wrongAnswers.truths]).toEqual([OUT_OF_SCOPE, 1]);
    expect([...wrongAnswers.guesses]).toEqual([2, 0]);
    expect([...wrongAnswers.counts]).toEqual([2, 1]);
    expect([...classes.answers]).toEqual([1, 0, 2, 0]);
    expect([...classes.support]).toEqual([0, 2, 0, 0]);
  });
});

test('targets of a version are those that its card was judged by, the usual ones otherwise', () => {
  const check: GateCheck = {
    check: 'difficult-true-positive',
    set: 'benchmark:shade',
    target: 0.7,
    measured: 0.75,
    production: null,
    outcome: 'passed',
    sentence: 'Fine.',
  };
  expect(targetsOf([])).toEqual(DEFAULT_TARGETS);
  expect(targetsOf([check]).difficult).toEqual({ truePositive: 0.7, falsePositive: 0.05 });
});

describe('rows that are asked for', () => {
  const ANY: RowsQuestion = {
    set: null,
    truth: null,
    guess: null,
    outcome: 'any',
    answers: 'any',
    threshold: 0.6,
    order: 'surest',
  };
  const outcomes = outcomesOf(
    tableOf([
      [0, [8, 0, 0, 0]],
      [0, [2, 6, 0, 0]],
      [0, [3, 5, 0, 0]],
      [OUT_OF_SCOPE, [0, 7, 1, 0]],
      [2, [0, 7, 1, 0]],
    ]),
  );
  const ask = (question: Partial<RowsQuestion>, from = 0, to = 5): number[] => [
    ...rowsWhere(outcomes, { from, to }, { ...ANY, ...question }),
  ];

  test('are those of a cell, of wrong answers, of what is not answered, of a part', () => {
    expect(ask({ truth: 0, guess: 1 })).toEqual([1, 2]);
    expect(ask({ truth: 0, guess: 1, answers: 'answered' })).toEqual([1, 2]);
    expect(ask({ truth: 0, guess: 1, answers: 'answered', threshold: 0.7 })).toEqual([1]);
    expect(ask({ outcome: 'wrong' })).toEqual([3, 4, 1, 2]);
    expect(ask({ outcome: 'right' })).toEqual([0]);
    expect(ask({ answers: 'not-answered', threshold: 0.7 })).toEqual([2]);
    expect(ask({ truth: OUT_OF_SCOPE })).toEqual([3]);
    expect(ask({ outcome: 'wrong' }, 3)).toEqual([3, 4]);
  });

  test('come in the order asked for, those out of scope last where there is no true class', () => {
    expect(ask({ order: 'least-sure' })).toEqual([2, 1, 3, 4, 0]);
    expect(ask({ order: 'lowest-truth' })).toEqual([4, 1, 2, 0, 3]);
  });
});

test('the five best of a row are those of sorting it, whatever the pieces', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 9 }).chain((classes) =>
      fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: classes, maxLength: classes }), {
        minLength: 1,
        maxLength: 6,
      }),
    ),
    (given) => {
      const softmax = given.map((counts) => counts.map((n) => n / counts.reduce((a, b) => a + b, 0)));
      const top = emptyTopFive(given.length);
      softmax.forEach((scores, at) => {
        noteTopFive(top, scoreTable(scores.length, Float32Array.from(scores), Int32Array.of(0)), at);
      });
      softmax.forEach((scores, at) => {
        const sorted = [...Float32Array.from(scores).entries()].sort(([a, x], [b, y]) => y - x || a - b);
        expect(topFiveAt(top, at)).toEqual(sorted.slice(0, 5).map(([label, score]) => ({ label, score })));
      });
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('ids of photos come back as they were', () => {
  const ids = ['0'.repeat(64), 'ab'.repeat(32), '0f'.repeat(32)];
  const packed = packPhotoIds(ids);
  expect(ids.map((_, i) => photoIdAt(packed, i))).toEqual(ids);
});
