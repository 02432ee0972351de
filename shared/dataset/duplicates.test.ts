import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { nearDuplicateGroups } from './duplicates.ts';
import { createRandom } from './random.ts';

/** The definition: all pairs, one bit at a time. */
function byDefinition(hashes: readonly string[], distance: number): number[] {
  const values = hashes.map((h) => BigInt(`0x${h}`));
  const near = (a: bigint, b: bigint): boolean => (a ^ b).toString(2).replaceAll('0', '').length <= distance;
  const groups = hashes.map(() => -1);
  const spread = (from: number, group: number): void => {
    groups[from] = group;
    values.forEach((value, i) => {
      if (groups[i] === -1 && near(value, values[from]!)) spread(i, group);
    });
  };
  hashes.forEach((_, i) => {
    if (groups[i] === -1) spread(i, Math.max(-1, ...groups) + 1);
  });
  return groups;
}

const word = fc.integer({ min: 0, max: 0xffffffff });
const hex = (high: number, low: number): string =>
  [high, low].map((w) => (w >>> 0).toString(16).padStart(8, '0')).join('');
const random = fc.tuple(word, word).map(([a, b]) => hex(a, b));
/** Around one centre: chains of near ones. */
const crowded = fc.tuple(word, word, word, word).map(([a, b, c, d]) => hex(a & b & c, a & b & c & d));
/** Only a few bits ever differ. */
const narrow = fc.tuple(word, word).map(([a, b]) => hex(a & 0x00f0_000f, 0x1234_5678 ^ (b & 0x8000_0301)));

describe('near-duplicate groups are those of the definition (P2-33)', () => {
  test.each([
    ['random hashes', random],
    ['crowded hashes', crowded],
    ['hashes of which few bits differ', narrow],
    ['a mixture', fc.oneof(random, crowded, narrow)],
  ])('for %s', (_, hash) => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 60 }), fc.nat(20), (hashes, distance) => {
        expect([...nearDuplicateGroups(hashes, distance)]).toEqual(byDefinition(hashes, distance));
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test.each([
    ['one crowd', 0.12, 4],
    ['a crowd and loners', 0.2, 5],
    ['a thin crowd', 0.25, 6],
  ])('for many skewed hashes in large buckets: %s', (_, share, distance) => {
    const { next } = createRandom(distance);
    const bits = (): number =>
      Array.from({ length: 32 }).reduce<number>((w) => (w << 1) | (next() < share ? 1 : 0), 0);
    const hashes = Array.from({ length: 1500 }, () => hex(bits() & 0xffff, bits() & 0xffff));
    expect([...nearDuplicateGroups(hashes, distance)]).toEqual(byDefinition(hashes, distance));
  });
});

test('a chain of near ones is one group; groups are numbered in order of appearance', () => {
  const hashes = ['ffffffffffffffff', '0000000000000000', '00000000000000ff', '000000000000000f'];
  expect([...nearDuplicateGroups(hashes, 4)]).toEqual([0, 1, 1, 1]);
  expect([...nearDuplicateGroups(hashes, 3)]).toEqual([0, 1, 2, 3]);
});

test('equal hashes are one group at distance 0', () => {
  expect([...nearDuplicateGroups(['00000000000000aa', '00000000000000ab', '00000000000000aa'], 0)]).toEqual([
    0, 1, 0,
  ]);
});

test('100 000 hashes with planted duplicates', () => {
  const { int } = createRandom(5);
  const hashes = Array.from({ length: 100_000 }, () => hex(int(2 ** 32), int(2 ** 32)));
  for (let i = 20; i < hashes.length; i += 20) {
    const near = BigInt(`0x${hashes[i - 1]!}`) ^ (1n << BigInt(int(64))) ^ (1n << BigInt(int(64)));
    hashes[i] = near.toString(16).padStart(16, '0');
  }
  const groups = nearDuplicateGroups(hashes, 4);
  for (let i = 20; i < hashes.length; i += 20) expect(groups[i]).toBe(groups[i - 1]);
  expect(new Set(groups).size).toBe(100_000 - 4_999);
});

test('a hash that is none is refused by its index', () => {
  expect(() => nearDuplicateGroups(['0123456789abcdef', '<script>'], 4)).toThrow(
    'perceptual hash 1: expected 16 hex digits, found "<script>"',
  );
});
