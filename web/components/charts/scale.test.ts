import { describe, expect, test } from 'vitest';

import { extent, logTicks, place, ticks } from './scale.ts';

describe('axes', () => {
  test('ticks are round and lie within', () => {
    expect(ticks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(ticks(0.31, 0.94, 5)).toEqual([0.4, 0.6, 0.8]);
    expect(ticks(1, 15, 7)).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(ticks(3, 3)).toEqual([3]);
  });

  test('powers of ten, or the ends where there is none between', () => {
    expect(logTicks(1e-5, 0.1)).toEqual([1e-5, 1e-4, 1e-3, 0.01, 0.1]);
    expect(logTicks(2, 7)).toEqual([2, 7]);
  });

  test('a span of nothing is widened, and of no values is a default', () => {
    const [low, high] = extent([0.003, 0.003]);
    expect(low).toBeLessThan(0.003);
    expect(high).toBeGreaterThan(0.003);
    expect(extent([])).toEqual([0, 1]);
    expect(extent([2, 5], 0)).toEqual([0, 5]);
  });

  test('places are shares of the span', () => {
    expect(place(3, [2, 4])).toBe(0.5);
    expect(place(0.01, [1e-4, 1], true)).toBeCloseTo(0.5);
  });
});
