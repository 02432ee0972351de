import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DEFAULT_TARGETS, type GateCheckName, gateRecord, targetsRecord } from '../schema/gate.ts';
import type { BenchmarkKind } from '../schema/benchmark.ts';
import type { LabelId, ModelVersion } from '../schema/names.ts';
import { benchmarkSummary } from './benchmark-summary.ts';
import { confusedWeights } from './confused-weights.ts';
import type { ModelFigures, Production, SetFigures } from './gate-figures.ts';
import { judge } from './gate.ts';
import { weightedLogLoss } from './log-loss.ts';
import { outcomesOf } from './outcomes.ts';
import { OUT_OF_SCOPE, scoreTable } from './score-table.ts';
import { summariseSet } from './summary.ts';

const THRESHOLD = 0.95;
const LABELS = ['lion', 'tiger'] as LabelId[];
const WEIGHTS = confusedWeights(LABELS, { v: 1, pairs: [] });
const NOTHING: Production = { kind: 'none' };

/** Answers to photos of lions, by the lion's score; `-1` asks for one of no class of the model. */
type Photos = readonly (readonly [lionScore: number, truth?: number])[];

function set(name: string, benchmark: BenchmarkKind | null, photos: Photos): SetFigures {
  const table = scoreTable(
    2,
    Float64Array.from(photos.flatMap(([score]) => [score, 1 - score])),
    Int32Array.from(photos, ([, truth = 0]) => truth),
  );
  const outcomes = outcomesOf(table);
  const loss = weightedLogLoss(WEIGHTS);
  loss.add(table);
  return {
    name,
    title: name.replace('benchmark:', ''),
    benchmark,
    summary: summariseSet(name, outcomes, { threshold: THRESHOLD, weightedLogLoss: loss.mean() }),
    spread: benchmark && benchmarkSummary(outcomes, THRESHOLD),
    pictures: 'p',
  };
}

const model = (...sets: SetFigures[]): ModelFigures => ({ threshold: THRESHOLD, confusedTable: 't', sets });
const repeat = (n: number, photo: Photos[number]): Photos => Array.from({ length: n }, () => photo);
const published = (figures: ModelFigures): Production => ({
  kind: 'known',
  version: 6 as ModelVersion,
  figures,
  loss: null,
});
const verdict = (figures: ModelFigures, production: Production = NOTHING, more: object = {}) =>
  judge({ figures, production, targets: targetsRecord.read({ v: 1, ...more }, 'targets.json') });
const outcome = (result: ReturnType<typeof verdict>, check: GateCheckName): string | undefined =>
  result.checks.find((c) => c.check === check)?.outcome;

describe('the difficult benchmark (P3-24): shares of all its photos', () => {
  const difficult = (right: number, wrong: number, unsure: number): SetFigures =>
    set('benchmark:shade', 'difficult', [
      ...repeat(right, [0.99]),
      ...repeat(wrong, [0.01]),
      ...repeat(unsure, [0.6]),
    ]);

  test.each([
    [16, 1, 3, 'go'],
    [20, 0, 0, 'go'],
    [15, 0, 5, 'no-go'],
    [18, 2, 0, 'no-go'],
  ])('%i right, %i wrong, %i unsure of 20: %s', (right, wrong, unsure, decision) => {
    expect(verdict(model(difficult(right, wrong, unsure))).decision).toBe(decision);
  });

  test('the reason names the benchmark, the figure and the target', () => {
    expect(verdict(model(difficult(18, 0, 7))).reasons).toEqual([
      'Difficult benchmark “shade”: 72.0 % true positives (18 of 25), at least 80 % wanted.',
    ]);
  });

  test('photos of a class that is not in the model count against it, and are named', () => {
    const photos: Photos = [...repeat(15, [0.99]), ...repeat(5, [0.6, OUT_OF_SCOPE])];
    expect(verdict(model(set('benchmark:shade', 'difficult', photos))).reasons[0]).toContain(
      '75.0 % true positives (15 of 20), at least 80 % wanted (5 photos of a class that is not in the model).',
    );
  });
});

test.each([
  [1, 'go'],
  [2, 'no-go'],
])('out-of-scope (P3-25, P3-26): %i answer to 10 trick questions: %s', (answered, decision) => {
  const photos: Photos = [
    ...repeat(answered, [0.97, OUT_OF_SCOPE]),
    ...repeat(10 - answered, [0.7, OUT_OF_SCOPE]),
  ];
  expect(verdict(model(set('benchmark:paint', 'out-of-scope', photos))).decision).toBe(decision);
});

describe('most-common (P2-16): zero errors, make-or-break', () => {
  test('a wrong best guess is an error, however unsure; a right one below the threshold is none', () => {
    const of = (photo: Photos[number]) =>
      verdict(model(set('benchmark:bread', 'most-common', [...repeat(9, [0.99]), photo])));
    expect(of([0.6]).decision).toBe('go');
    expect(of([0.4]).decision).toBe('no-go');
    expect(of([0.4]).reasons).toEqual(['Most-common benchmark “bread”: 1 of 10 guessed wrong, none wanted.']);
  });

  test('a photo of a class that the model lacks can not be right', () => {
    const photos: Photos = [[0.99], [0.99, OUT_OF_SCOPE]];
    expect(verdict(model(set('benchmark:bread', 'most-common', photos))).decision).toBe('no-go');
  });
});

test('least-common (P2-17): every photo right and at the threshold', () => {
  const of = (score: number) =>
    verdict(model(set('benchmark:okapi', 'least-common', [[0.99], [score]]))).decision;
  expect([of(0.95), of(0.94), of(0.01)]).toEqual(['go', 'no-go', 'no-go']);
});

describe('weighted log loss against production (P3-19)', () => {
  const good = set('test', null, repeat(10, [0.9]));
  const worse = set('test', null, repeat(10, [0.8]));

  test.each([
    ['better', good, worse, 'passed'],
    ['equal', good, good, 'passed'],
    ['worse', worse, good, 'failed'],
  ])('%s: %s', (_, own, other, expected) => {
    expect(outcome(verdict(model(own), published(model(other))), 'weighted-log-loss')).toBe(expected);
  });

  test('a tolerance lets a little worse pass', () => {
    const targets = { 'weighted-log-loss': { tolerance: 0.3 } };
    expect(outcome(verdict(model(worse), published(model(good)), targets), 'weighted-log-loss')).toBe(
      'passed',
    );
  });

  test.each([
    ['another set of photos', model({ ...good, pictures: 'q' }), /another test set/],
    ['another table', { ...model(good), confusedTable: 'u' }, /another commonly-confused table/],
    ['no such set', model(), /no figure for the test set/],
  ])('with %s it is not comparable: said, not failed, unless required', (_, other, reason) => {
    const result = verdict(model(good), published(other));
    expect(result.decision).toBe('not-checked');
    expect(result.checks.at(-1)?.sentence).toMatch(reason);
    const required = verdict(model(good), published(other), { require: ['weighted-log-loss'] });
    expect(required.decision).toBe('no-go');
  });

  test('counts on the test set; without test photos on validation', () => {
    const validation = set('validation', null, repeat(4, [0.9]));
    const figures = model(set('test', null, []), validation);
    expect(verdict(figures, published(figures)).checks.at(-1)?.sentence).toContain(
      'on the validation set (4 photos)',
    );
  });

  test('figures over the same photos, made by running both, win over published ones', () => {
    const loss = {
      kind: 'compared',
      set: 'test',
      images: 8,
      of: 10,
      measured: 0.5,
      production: 0.4,
    } as const;
    const result = verdict(model(good), { ...published(model(worse)), loss } as Production);
    expect(result.reasons).toEqual([
      'Weighted log loss on the test set (the 8 of 10 photos that both versions know and neither learnt from): 0.5000; production has 0.4000, not more than that is wanted.',
    ]);
  });
});

describe('production', () => {
  const own = model(set('benchmark:shade', 'difficult', [[0.99], [0.97]]));

  test('P2-19 … P2-21: min, max, median, mean, above and below stand beside production’s', () => {
    const other = model(set('benchmark:shade', 'difficult', [[0.99], [0.5]]));
    const { comparisons, checks, comparedWith } = verdict(own, published(other));
    expect(comparedWith).toBe(6);
    expect(comparisons[0]?.known).toMatchObject({
      measured: { images: 2, min: 0.97, max: 0.99, above: 2, below: 0 },
      production: { min: 0.5, above: 1, below: 1 },
    });
    expect(comparisons[0]?.known.production?.mean).toBeCloseTo(0.745);
    expect(checks[0]).toMatchObject({ measured: 1, production: 0.5 });
    expect(checks[0]?.sentence).toContain('; in production 50.0 % true positives (1 of 2).');
  });

  test('photos that production was trained on before they became a benchmark are named', () => {
    const flattered = { ...own, sets: own.sets.map((s) => ({ ...s, learnt: 1 })) };
    expect(verdict(own, published(flattered)).checks[0]?.sentence).toContain(
      '; in production 100.0 % true positives (2 of 2), which learnt from 1 of them.',
    );
  });

  test.each([
    ['other photos', { ...own, sets: own.sets.map((s) => ({ ...s, pictures: 'q' })) }],
    ['another threshold', { ...own, threshold: 0.9 }],
  ])('figures with %s are not put beside each other', (_, other) => {
    const { comparisons, checks } = verdict(own, published(other));
    expect(comparisons[0]?.known.production).toBeNull();
    expect(checks[0]?.production).toBeNull();
  });

  test('that can not be read never passes silently', () => {
    const result = verdict(own, { kind: 'unreadable', reason: '006/card.json is missing.' });
    expect(result.decision).toBe('no-go');
    expect(result.reasons[0]).toMatch(/can't be read.*006\/card\.json/);
  });
});

describe('no single number decides (P5-33)', () => {
  test('every check is told, the passed ones too, and every failed one is a reason', () => {
    const result = verdict(
      model(
        set('benchmark:shade', 'difficult', [[0.99], [0.01]]),
        set('benchmark:paint', 'out-of-scope', [[0.99, OUT_OF_SCOPE]]),
        set('benchmark:bread', 'most-common', [[0.99]]),
      ),
    );
    expect(result.reasons).toHaveLength(3);
    expect(result.checks.map((c) => [c.check, c.outcome])).toEqual([
      ['difficult-true-positive', 'failed'],
      ['difficult-false-positive', 'failed'],
      ['out-of-scope-false-positive', 'failed'],
      ['most-common-errors', 'passed'],
      ['benchmark-missing', 'not-checked'],
      ['weighted-log-loss', 'not-checked'],
    ]);
    expect(gateRecord.read(JSON.parse(JSON.stringify(result)), 'gate.json')).toEqual(result);
  });

  test('without benchmarks and production nothing was checked, and that is said; required ones block', () => {
    expect(verdict(model()).decision).toBe('not-checked');
    const required = verdict(model(), NOTHING, { require: ['difficult', 'out-of-scope'] });
    expect(required.reasons).toEqual([
      'The targets require it, but the library has no difficult benchmark with photos.',
      'The targets require it, but the library has no out-of-scope benchmark with photos.',
    ]);
  });

  test('an empty benchmark is as good as none', () => {
    expect(verdict(model(set('benchmark:shade', 'difficult', []))).decision).toBe('not-checked');
  });

  test('a name that would steer a terminal does not', () => {
    const evil = { ...set('benchmark:x', 'most-common', [[0.1]]), title: '\u001b[2Jx\n' };
    expect(verdict(model(evil)).reasons[0]).toContain('“ [2Jx ”');
  });
});

test('whatever the answers and targets: go exactly when every benchmark meets its own, counted by hand', () => {
  const photo = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, OUT_OF_SCOPE));
  const photos = fc.array(photo, { minLength: 1, maxLength: 12 });
  const share = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
  fc.assert(
    fc.property(photos, photos, photos, share, share, fc.nat(4), (hard, pranks, bread, tp, fp, most) => {
      const result = verdict(
        model(
          set('benchmark:a', 'difficult', hard),
          set('benchmark:b', 'out-of-scope', pranks),
          set('benchmark:c', 'most-common', bread),
        ),
        NOTHING,
        {
          difficult: { truePositive: tp, falsePositive: fp },
          'out-of-scope': { falsePositive: fp },
          'most-common': { errors: most },
        },
      );
      const guess = ([lion]: readonly [number, number]): number => (lion >= 1 - lion ? 0 : 1);
      const sure = ([lion]: readonly [number, number]): boolean => Math.max(lion, 1 - lion) >= THRESHOLD;
      const right = hard.filter((p) => sure(p) && guess(p) === p[1]).length;
      const wrong = hard.filter((p) => sure(p) && guess(p) !== p[1]).length;
      const fooled = pranks.filter((p) => sure(p) && guess(p) !== p[1]).length;
      const errors = bread.filter((p) => guess(p) !== p[1]).length;
      const isMet =
        right / hard.length >= tp &&
        wrong / hard.length <= fp &&
        fooled / pranks.length <= fp &&
        errors <= most;
      expect(result.decision).toBe(isMet ? 'go' : 'no-go');
      expect(result.reasons).toHaveLength(result.checks.filter((c) => c.outcome === 'failed').length);
    }),
    { seed: 7, numRuns: 300 },
  );
});

describe('the targets file', () => {
  test('has the sources’ numbers as defaults', () => {
    expect(DEFAULT_TARGETS).toMatchObject({
      difficult: { truePositive: 0.8, falsePositive: 0.05 },
      'out-of-scope': { falsePositive: 0.1 },
      'most-common': { errors: 0 },
      'least-common': { truePositive: 1 },
      'weighted-log-loss': { tolerance: 0 },
      require: [],
    });
  });

  test('may say one thing and leave the rest', () => {
    const { difficult } = targetsRecord.read({ v: 1, difficult: { truePositive: 0.7 } }, 'targets.json');
    expect(difficult).toEqual({ truePositive: 0.7, falsePositive: 0.05 });
  });

  test.each([
    [
      'percent instead of a share',
      { difficult: { truePositive: 80 } },
      /targets\.json: .*at difficult\.truePositive: expected a share/,
    ],
    ['a misspelt group', { dificult: {} }, /at dificult/],
    ['a misspelt target', { difficult: { truePositives: 0.8 } }, /at difficult\.truePositives/],
    ['an unknown requirement', { require: ['easy'] }, /at require\.0/],
    ['half an error', { 'most-common': { errors: 0.5 } }, /at most-common\.errors/],
  ])('%s is named with the file and the path', (_, wrong, message) => {
    expect(() => targetsRecord.read({ v: 1, ...wrong }, 'targets.json')).toThrow(message);
  });
});
