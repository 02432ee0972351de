import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitCount, hamming } from '../image/phash.ts';
import { nearPairs, nearPairsBetween, type NearPairs } from './near-pairs.ts';
import { createRandom } from './random.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });
const hex = (high: number, low: number): string =>
  [high, low].map((w) => (w >>> 0).toString(16).padStart(8, '0')).join('');
const random = fc.tuple(word, word).map(([a, b]) => hex(a, b));
const fewBits = fc.tuple(word, word, word, word).map(([a, b, c, d]) => hex(a & b & c, a & b & c & d));
const narrow = fc.tuple(word, word).map(([a, b]) => hex(a & 0x00f0_000f, 0x1234_5678 ^ (b & 0x8000_0301)));

/** The definition: every pair compared. */
function byDefinition(left: readonly string[], right: readonly string[] | null, radius: number): string[] {
  const found: string[] = [];
  left.forEach((a, i) => {
    (right ?? left).forEach((b, j) => {
      const distance = hamming(a, b);
      if ((right !== null || i < j) && distance <= radius) found.push([i, j, distance].map(String).join(' '));
    });
  });
  return found.sort();
}

function told({ a, b, distance }: NearPairs): string[] {
  return Array.from(a, (first, i) => `${String(first)} ${String(b[i])} ${String(distance[i])}`).sort();
}

describe('near pairs are those of the definition, each once (P2-33)', () => {
  test.each([
    ['random hashes', random],
    ['hashes with few bits set', fewBits],
    ['hashes of which few bits differ', narrow],
    ['a mixture', fc.oneof(random, fewBits, narrow)],
  ])('for %s', (_, hash) => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 40 }), fc.nat(16), (hashes, radius) => {
        expect(told(nearPairs(hashes, radius))).toEqual(byDefinition(hashes, null, radius));
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  test('between two lists', () => {
    const list = fc.array(fc.oneof(random, fewBits), { maxLength: 30 });
    fc.assert(
      fc.property(list, list, fc.nat(14), (left, right, radius) => {
        expect(told(nearPairsBetween(left, right, radius))).toEqual(byDefinition(left, right, radius));
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  test.each([0, 3, 6, 10])('in large buckets, at radius %i', (radius) => {
    const { next } = createRandom(radius);
    const bits = (): number =>
      Array.from({ length: 32 }).reduce<number>((w) => (w << 1) | (next() < 0.14 ? 1 : 0), 0);
    const hashes = Array.from({ length: 1200 }, () => hex(bits() & 0xff00ff, bits() & 0x1f0ff));
    expect(told(nearPairs(hashes, radius))).toEqual(byDefinition(hashes, null, radius));
    const [left, right] = [hashes.slice(0, 600), hashes.slice(600)];
    expect(told(nearPairsBetween(left, right, radius))).toEqual(byDefinition(left, right, radius));
  });
});

test('among thousands with few bits set, where longer keys are used', () => {
  const { next } = createRandom(5);
  const bits = (): number =>
    Array.from({ length: 32 }).reduce<number>((w) => (w << 1) | (next() < 0.15 ? 1 : 0), 0) >>> 0;
  const words = Array.from({ length: 5200 }, () => [bits(), bits()] as const);
  const expected: string[] = [];
  words.forEach(([h, l], i) => {
    for (let j = i + 1; j < words.length; j++) {
      const [otherHigh, otherLow] = words[j]!;
      const distance = bitCount(h ^ otherHigh) + bitCount(l ^ otherLow);
      if (distance <= 5) expected.push([i, j, distance].map(String).join(' '));
    }
  });
  expect(
    told(
      nearPairs(
        words.map(([h, l]) => hex(h, l)),
        5,
      ),
    ),
  ).toEqual(expected.sort());
});

test('progress rises to the end', () => {
  const shares: number[] = [];
  nearPairs(['00000000000000aa', 'ffffffffffffffff'], 6, (share) => shares.push(share));
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual(shares.toSorted((x, y) => x - y));
});

test('a hash that is none is refused by its index', () => {
  expect(() => nearPairs(['0123456789abcdef', 'x'], 4)).toThrow('perceptual hash 1');
});
