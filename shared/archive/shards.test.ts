import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readLibrary } from '../schema/library.ts';
import { checkShardSet, NODE_SHARD, planShards, ShardSetError, type ShardHeader } from './shards.ts';

fc.configureGlobal({ seed: 20_260_102 });

const UUID = '3f0f5a0e-9a3b-4d8a-8a53-2f3a4f0d9b11';
const OTHER = '3f0f5a0e-9a3b-4d8a-8a53-2f3a4f0d9b12';

function shard(index: number, of: number, change: Record<string, unknown> = {}): ShardHeader {
  const value = {
    v: 1,
    name: 'Zoo',
    exportId: UUID,
    exportedAt: '2026-01-02T03:04:05.000Z',
    canonicalSize: 299,
    subClasses: [],
    unknownLabels: [],
    mergeRules: [],
    confused: { v: 1, pairs: [] },
    benchmarks: [],
    shard: { index, of, photos: 10, photosSha256: `${index}`.repeat(64).slice(0, 64) },
    photos: 10 * of,
    ...change,
  };
  return { file: `zoo-00${index}-of-00${of}.zip`, library: readLibrary(value, 'library.json') };
}

function fault(headers: readonly ShardHeader[]): ShardSetError {
  try {
    checkShardSet(headers);
  } catch (cause) {
    if (cause instanceof ShardSetError) return cause;
    throw cause;
  }
  throw new Error('nothing was wrong');
}

describe('cutting a library into shards (P5-04, P5-05)', () => {
  test('nothing is lost, nothing reordered, the bounds hold', () => {
    const limits = fc.record({
      images: fc.integer({ min: 1, max: 5 }),
      bytes: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(fc.nat(120)), limits, (sizes, bounds) => {
        const shards = planShards(sizes, bounds);
        expect(shards.flatMap(({ from, to }) => sizes.slice(from, to))).toEqual(sizes);
        for (const { from, to } of shards) {
          const bytes = sizes.slice(from, to).reduce((a, b) => a + b, 0);
          expect(to - from).toBeLessThanOrEqual(bounds.images);
          expect(bytes <= bounds.bytes || to - from === 1).toBe(true);
        }
      }),
    );
  });

  test('shards are as full as the bounds allow', () => {
    expect(planShards([4, 4, 4, 4, 4], { images: 100, bytes: 8 })).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
      { from: 4, to: 5 },
    ]);
  });

  test('an image beyond the bound has a shard of its own', () => {
    expect(planShards([1, 99, 1], { images: 100, bytes: 8 }).map((s) => s.to - s.from)).toEqual([1, 1, 1]);
  });

  test('an empty library is one empty shard: labels and rules travel too', () => {
    expect(planShards([], NODE_SHARD)).toEqual([{ from: 0, to: 0 }]);
  });
});

describe('a set of shards', () => {
  test('whole, in any order: comes back in order', () => {
    const set = [shard(2, 3), shard(3, 3), shard(1, 3)];
    expect(checkShardSet(set).map((s) => s.library.shard.index)).toEqual([1, 2, 3]);
  });

  test('a missing shard is named by its file', () => {
    const error = fault([shard(1, 3), shard(3, 3)]);
    expect([error.fault, error.files]).toEqual(['missing', ['zoo-002-of-003.zip']]);
    expect(error.message).toContain('"zoo-002-of-003.zip"');
  });

  test('a header that claims a million shards does not flood the message', () => {
    const error = fault([
      {
        ...shard(1, 3),
        library: { ...shard(1, 3).library, shard: { ...shard(1, 3).library.shard, of: 1e6 } },
      },
    ]);
    expect(error.files).toHaveLength(20);
    expect(error.message.length).toBeLessThan(500);
  });

  test('the same shard twice', () => {
    const error = fault([shard(1, 2), { ...shard(2, 2), file: 'copy.zip' }, shard(2, 2)]);
    expect([error.fault, error.files]).toEqual(['duplicate', ['copy.zip', 'zoo-002-of-002.zip']]);
  });

  test('a shard of another export', () => {
    const error = fault([shard(1, 2), shard(2, 2, { exportId: OTHER })]);
    expect([error.fault, error.files]).toEqual(['foreign', ['zoo-002-of-002.zip']]);
  });

  test.each([
    ['another number of shards', shard(2, 3)],
    ['another number of photos', shard(2, 2, { photos: 19 })],
    ['another canonical size', shard(2, 2, { canonicalSize: 224 })],
    ['an index beyond the last', { ...shard(3, 2), file: 'x.zip' }],
  ])('shards that disagree: %s', (_, odd) => {
    expect(fault([shard(1, 2), odd]).fault).toBe('inconsistent');
  });

  test('counts that do not add up', () => {
    expect(fault([shard(1, 2, { photos: 21 }), shard(2, 2, { photos: 21 })]).fault).toBe('inconsistent');
  });

  test('no shard at all', () => {
    expect(fault([]).fault).toBe('none');
  });
});
