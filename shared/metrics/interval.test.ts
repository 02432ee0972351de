import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { wilsonInterval } from './interval.ts';
import { quartiles } from './quartiles.ts';

test.each([
  // Table I, method 3, of R. G. Newcombe 1998, Stat. Med. 17:857–872.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('P6-28 %i of %i: the published limits', (hits, of, low, high) => {
  const interval = wilsonInterval(hits, of);
  expect(interval?.low).toBeCloseTo(low, 4);
  expect(interval?.high).toBeCloseTo(high, 4);
});

test('P6-28 the interval holds the share, stays in 0 … 1, mirrors with it and narrows with more photos', () => {
  const counted = fc.integer({ min: 1, max: 500 }).chain((of) => fc.tuple(fc.nat(of), fc.constant(of)));
  fc.assert(
    fc.property(counted, ([hits, of]) => {
      const { share, low, high } = wilsonInterval(hits, of) ?? { share: 0, low: 1, high: 0 };
      const mirrored = wilsonInterval(of - hits, of);
      const more = wilsonInterval(4 * hits, 4 * of) ?? { low: 0, high: 1 };
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
      expect(high).toBeLessThanOrEqual(1);
      expect(mirrored?.low).toBeCloseTo(1 - high, 12);
      expect(more.high - more.low).toBeLessThan(high - low);
    }),
  );
  expect(wilsonInterval(0, 0)).toBeNull();
});

test('quartiles are numpy’s: percentile(…, [25, 50, 75])', () => {
  expect(quartiles([])).toBeNull();
  expect(quartiles([3])).toEqual({ low: 3, median: 3, high: 3 });
  expect(quartiles([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
  expect(quartiles([10, 2, 7, 5, 1])).toEqual({ low: 2, median: 5, high: 7 });
});
