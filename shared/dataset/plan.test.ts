import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DEFAULT_DATA_SET_OPTIONS, type DataSetOptions } from '../schema/dataset.ts';
import type { Photo } from '../schema/photo.ts';
import { anyLibrary, benchmark, mergeRule, photo, photos, subClass } from '../testing/library.ts';
import { buildDataSet } from './build.ts';
import type { DataSetInput } from './input.ts';
import { gainsAt, inParts, planDataSet, total } from './plan.ts';

function inputOf(
  library: readonly Photo[],
  rest: Partial<DataSetInput> = {},
  options: Partial<DataSetOptions> = {},
): DataSetInput {
  const names = [...new Set(library.flatMap((p) => (p.label === null ? [] : [p.label.id])))];
  return {
    photos: library,
    subClasses: names.map(subClass),
    mergeRules: [],
    benchmarks: [],
    ...rest,
    options: { ...DEFAULT_DATA_SET_OPTIONS, ...options },
  };
}

describe('the planner tells what the build does (P2-36 … P2-47)', () => {
  test('any library: parts, classes, coverage and reasons are those of buildDataSet', () => {
    fc.assert(
      fc.property(anyLibrary, (input) => {
        const [plan, built] = [planDataSet(input), buildDataSet(input)];
        expect(plan.totals).toEqual({
          training: built.training.length,
          validation: built.validation.length,
          test: built.test.length,
        });
        expect([plan.included, plan.testCovers]).toEqual([built.labels.length, built.testCovers]);
        expect(plan.leftOut.reduce((n, l) => n + l.photos.length, 0)).toBe(built.leftOut.length);
        plan.classes.forEach((planned, i) => {
          const counts = built.classes[i]!;
          expect(planned).toMatchObject({
            id: counts.id,
            included: counts.included,
            shortBy: counts.shortBy,
            distinct: { real: counts.real, staged: counts.staged, synthetic: counts.synthetic },
            parts: { training: counts.training, validation: counts.validation, test: counts.test },
          });
        });
      }),
      { numRuns: 200 },
    );
  });

  test('any library: each step leaves no more than the one before, overflow lies in the test set', () => {
    fc.assert(
      fc.property(anyLibrary, (input) => {
        for (const c of planDataSet(input).classes) {
          expect(total(c.usable)).toBeGreaterThanOrEqual(total(c.distinct));
          expect(total(c.distinct)).toBeGreaterThanOrEqual(total(c.capped));
          expect(total(c.capped)).toBeGreaterThanOrEqual(inParts(c.parts));
          expect(c.overflow).toBeGreaterThanOrEqual(0);
          expect(c.overflow).toBeLessThanOrEqual(c.parts.test);
          expect(c.subClasses.reduce((n, s) => n + s.usable, 0)).toBe(total(c.usable));
          expect(c.subClasses.reduce((n, s) => n + s.chosen, 0)).toBe(inParts(c.parts) - c.parts.test);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('any library: what a lower minimum gains is what building with it gains (P2-05)', () => {
    fc.assert(
      fc.property(anyLibrary, fc.integer({ min: 1, max: 8 }), (input, minimum) => {
        fc.pre(minimum <= input.options.minimum);
        const now = new Set(buildDataSet(input).labels);
        const then = buildDataSet({ ...input, options: { ...input.options, minimum } }).labels;
        expect(gainsAt(planDataSet(input), minimum).map((c) => c.id)).toEqual(
          then.filter((id) => !now.has(id)),
        );
      }),
      { numRuns: 100 },
    );
  });
});

test('beyond the maximum real photos overflow to the test set, others are left out (P2-04)', () => {
  const library = [...photos(0, 130, 'ape'), ...photos(200, 10, 'ape', { origin: 'staged' })];
  const [ape] = planDataSet(inputOf(library)).classes;
  expect(ape).toMatchObject({
    usable: { real: 130, staged: 10, synthetic: 0 },
    capped: { real: 130, staged: 0, synthetic: 0 },
    overflow: 5,
    parts: { test: 5 },
  });
});

test('a class that is short says how many photos it needs (P2-01)', () => {
  expect(planDataSet(inputOf(photos(0, 33, 'ape'))).classes[0]).toMatchObject({
    included: false,
    shortBy: 7,
  });
});

test('merged sub-classes take near equal shares of the maximum (P1-54)', () => {
  const library = [...photos(0, 120, 'chimp'), ...photos(200, 50, 'bonobo')];
  const [merged] = planDataSet(
    inputOf(library, { mergeRules: [mergeRule('chimp-bonobo', 'chimp', 'bonobo')] }),
  ).classes;
  expect(merged?.subClasses).toMatchObject([
    { id: 'bonobo', usable: 50, chosen: 50 },
    { id: 'chimp', usable: 120, chosen: 75 },
  ]);
});

test('near-duplicates that a benchmark keeps out of training are counted for it (P2-12, P2-18)', () => {
  const library = [
    ...photos(0, 50, 'ape'),
    photo(100, 'ape', { hash: photo(0, 'ape').hash }),
    photo(101, 'ape', { pixels: photo(0, 'ape').pixels }),
  ];
  const benchmarks = [
    benchmark('shade', 'difficult', [[0, 'ape']]),
    benchmark('alone', 'most-common', [[1, 'ape']]),
  ];
  const plan = planDataSet(inputOf(library, { benchmarks }));
  expect(plan.leaks).toEqual([
    { benchmark: 'shade', photos: 2 },
    { benchmark: 'alone', photos: 0 },
  ]);
  expect(plan.leftOut).toMatchObject([{ reason: 'near-benchmark', photos: { length: 2 } }]);
});
