import { expect, test } from 'vitest';

import { createRate } from './rate.ts';

test('a rate is that of late, and none while little is known', () => {
  const rate = createRate(0);
  rate.add(8, 500);
  expect(rate.perSecond()).toBeNull();
  rate.add(8, 2000);
  expect(rate.perSecond()).toBe(8);
  for (let ms = 20_000; ms <= 60_000; ms += 1000) rate.add(3, ms);
  expect(rate.perSecond()).toBe(3);
});
