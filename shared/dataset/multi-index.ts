import type { Key } from './hash-words.ts';

/** How multi-index hashing (Norouzi, Punjani, Fleet) finds near hashes: only those with close keys are compared. */

/**
 * In how many bits key `k` of `count` may differ. If all of a pair's keys differed in more, its distance would be at
 * least Σ (radius + 1) > `distance`: the radii are the smallest for which that holds. −1 = not needed at all.
 */
export function keyRadius(k: number, count: number, distance: number): number {
  return Math.floor((distance - k) / count);
}

/** All masks of so many bits with at most `radius` ones; none for a negative radius. */
export function flips(bits: number, radius: number): number[] {
  if (radius < 0) return [];
  const masks = [0];
  for (let bit = 0; bit < bits && radius > 0; bit++)
    for (const mask of flips(bit, radius - 1)) masks.push(mask | (1 << bit));
  return masks;
}

/** Items in the order of their keys: those of value `v` stand from `starts[v]` up to `starts[v + 1]`. */
export interface Buckets {
  readonly items: Int32Array;
  readonly starts: Int32Array;
  /** Values that occur, ascending. */
  readonly values: readonly number[];
}

/** Counting sort of the items `from` … `to` − 1. */
export function bucketsOf({ bits, values: key }: Key, from: number, to: number): Buckets {
  const starts = new Int32Array(2 ** bits + 1);
  for (let item = from; item < to; item++) add(starts, (key[item] as number) + 1, 1);
  const values: number[] = [];
  for (let value = 0; value < 2 ** bits; value++) {
    if ((starts[value + 1] as number) > 0) values.push(value);
    add(starts, value + 1, starts[value] as number);
  }
  const next = starts.slice();
  const items = new Int32Array(to - from);
  for (let item = from; item < to; item++) items[add(next, key[item] as number, 1)] = item;
  return { items, starts, values };
}

/** @returns what was there before */
function add(list: Int32Array, at: number, amount: number): number {
  const before = list[at] as number;
  list[at] = before + amount;
  return before;
}
