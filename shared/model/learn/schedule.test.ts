import { describe, expect, test } from 'vitest';

import { ONE_CYCLE, paceAt, type Schedule } from './schedule.ts';

const at = (schedule: Schedule, step: number, steps = 100, losses: number[] = []): number =>
  paceAt(schedule, { step, steps, losses }).factor;

describe('the pace of training', () => {
  test('constant stays', () => {
    expect([0, 50, 99].map((step) => at({ kind: 'constant' }, step))).toEqual([1, 1, 1]);
  });

  test('cosine rises in a line, is highest after the warm-up and ends near 0', () => {
    const cosine: Schedule = { kind: 'cosine', warmUp: 0.1 };
    const factors = Array.from({ length: 100 }, (_, step) => at(cosine, step));
    expect(factors[0]).toBeCloseTo(0.1);
    expect(factors[4]).toBeCloseTo(0.5);
    expect(Math.max(...factors)).toBe(1);
    expect(factors.indexOf(1)).toBe(9);
    expect(at(cosine, 55)).toBeCloseTo(0.5);
    expect(factors.at(-1)).toBeLessThan(0.001);
  });

  test("one cycle is fastai's: from 1/25 up to 1 at a quarter, down to 1/100 000, the momentum the other way", () => {
    const cycle = (step: number) => paceAt(ONE_CYCLE, { step, steps: 101, losses: [] });
    expect(cycle(0).factor).toBeCloseTo(1 / 25);
    expect(cycle(0).momentum).toBeCloseTo(0.95);
    expect(cycle(25).factor).toBeCloseTo(1);
    expect(cycle(25).momentum).toBeCloseTo(0.85);
    expect(cycle(100).factor).toBeCloseTo(1e-5, 8);
    expect(cycle(100).momentum).toBeCloseTo(0.95);
    // Half-way down the fall: a cosine is at the middle of its ends.
    expect(at(ONE_CYCLE, 62.5, 101)).toBeCloseTo(0.5, 3);
  });

  test('P4-04: a plateau lowers the rate, once for each wait', () => {
    const plateau: Schedule = { kind: 'plateau', factor: 0.1, wait: 2 };
    const after = (losses: number[]): number => at(plateau, 0, 1, losses);
    expect(after([3, 2, 1])).toBe(1);
    expect(after([3, 2, 2.5])).toBe(1);
    expect(after([3, 2, 2.5, 2])).toBeCloseTo(0.1);
    expect(after([3, 2, 2.5, 2, 1.5])).toBeCloseTo(0.1);
    expect(after([3, 2, 2.5, 2, 2, 2])).toBeCloseTo(0.01);
  });
});
