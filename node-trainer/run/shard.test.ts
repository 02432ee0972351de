import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { partName, rowsOf, shardOf } from './shard.ts';

describe('which rows are a shard', () => {
  test('every row is in exactly one shard, in order, and shards differ by one row at most', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 500 }), (rows, of) => {
        const ranges = Array.from({ length: of }, (_, i) => rowsOf({ index: i + 1, of }, rows));
        let next = 0;
        for (const { from, to } of ranges) {
          expect(from).toBe(next);
          next = to;
        }
        expect(next).toBe(rows);
        const sizes = ranges.map(({ from, to }) => to - from);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('as many shards and rows as there may ever be are still counted exactly', () => {
    const [of, rows] = [100_000, 50_000_000];
    expect(rowsOf({ index: of, of }, rows)).toEqual({ from: rows - 500, to: rows });
    expect(partName({ index: of, of })).toBe('part-100000-of-100000');
  });
});

describe('how a command line says which shard it is to do', () => {
  test('--shard counts from 1, the index of a Kubernetes Indexed Job from 0', () => {
    expect(shardOf({ shard: '3/12' }, {})).toEqual({ index: 3, of: 12 });
    expect(shardOf({ shards: '12' }, { JOB_COMPLETION_INDEX: '0' })).toEqual({ index: 1, of: 12 });
    expect(shardOf({ shards: '12' }, { JOB_COMPLETION_INDEX: '11' })).toEqual({ index: 12, of: 12 });
    expect(shardOf({}, { JOB_COMPLETION_INDEX: '3' })).toBeNull();
  });

  test.each([
    [{ shard: '0/3' }, undefined, /from 1 to n/],
    [{ shard: '4/3' }, undefined, /from 1 to n/],
    [{ shard: '1.5/3' }, undefined, /from 1 to n/],
    [{ shard: '3' }, undefined, /from 1 to n/],
    [{ shard: '1/100001' }, undefined, /from 1 to n/],
    [{ shards: '0' }, '0', /1 to 100000/],
    [{ shards: '3' }, undefined, /JOB_COMPLETION_INDEX/],
    [{ shards: '3' }, '3', /expected 0 to 2/],
    [{ shards: '3' }, '-1', /expected 0 to 2/],
    [{ shard: '1/3', shards: '3' }, '0', /not both/],
  ])('%o with index %s is wrong usage', (flags, index, message) => {
    expect(() => shardOf(flags, { JOB_COMPLETION_INDEX: index })).toThrow(message);
  });
});
