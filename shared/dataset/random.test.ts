import { describe, expect, test } from 'vitest';

import { createRandom, seededOrder } from './random.ts';

describe('a seeded generator', () => {
  test('gives the same numbers on every platform', () => {
    const { int } = createRandom(1);
    expect([int(1000), int(1000), int(1000), int(1000)]).toEqual([830, 493, 525, 858]);
  });

  test('another seed gives others', () => {
    const ten = (seed: number): number[] => {
      const { next } = createRandom(seed);
      return Array.from({ length: 10 }, next);
    };
    expect(ten(1)).toEqual(ten(1));
    expect(ten(1)).not.toEqual(ten(2));
  });

  test('is uniform enough: each tenth of 100 000 numbers is within 5 % of its share', () => {
    const { next } = createRandom(3);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const at = Math.floor(next() * 10);
      tenths[at] = tenths[at]! + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test('shuffles a copy', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = createRandom(4).shuffle(items);
    expect(items[0]).toBe(0);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });

  test.each([0, -1, 1.5, NaN])('int(%d) is refused', (n) => {
    expect(() => createRandom(1).int(n)).toThrow(`int(${n}): expected 1 … 2^32`);
  });
});

describe('a seeded order', () => {
  const items = Array.from({ length: 40 }, (_, i) => `photo ${i}`);
  const order = (list: readonly string[], seed = 1, purpose = 'split'): string[] =>
    seededOrder(list, (x) => x, seed, purpose);

  test('does not depend on the order of the input', () => {
    expect(order([...items].reverse())).toEqual(order(items));
  });

  test('stays as it is when an item comes or goes', () => {
    expect(order(items.slice(1))).toEqual(order(items).filter((x) => x !== items[0]));
  });

  test('differs between seeds and between purposes', () => {
    expect(order(items, 2)).not.toEqual(order(items, 1));
    expect(order(items, 1, 'choice')).not.toEqual(order(items, 1, 'split'));
  });
});
