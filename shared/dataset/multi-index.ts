import { KEY_BITS } from './hash-words.ts';

/** How multi-index hashing (Norouzi, Punjani, Fleet) finds near hashes: only those with close keys are compared. */

/**
 * In how many bits key `k` of `keys` may differ. If all of a pair's keys differed in more, its distance would be at
 * least Σ (radius + 1) > `distance`: the radii are the smallest for which that holds. −1 = not needed at all.
 */
export function keyRadius(k: number, distance: number, keys = 4): number {
  return Math.min(KEY_BITS, Math.floor((distance - k) / keys));
}

/** All 16-bit masks with at most `radius` ones; none for a negative radius. */
export function flips(radius: number, highest: number = KEY_BITS): number[] {
  if (radius < 0) return [];
  const masks = [0];
  for (let bit = 0; bit < highest && radius > 0; bit++)
    for (const mask of flips(radius - 1, bit)) masks.push(mask | (1 << bit));
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
export function bucketsOf(key: Uint16Array, from: number, to: number): Buckets {
  const starts = new Int32Array((1 << KEY_BITS) + 1);
  for (let item = from; item < to; item++) starts[(key[item] as number) + 1]!++;
  const values: number[] = [];
  for (let value = 0; value < 1 << KEY_BITS; value++) {
    if ((starts[value + 1] as number) > 0) values.push(value);
    starts[value + 1]! += starts[value] as number;
  }
  const next = starts.slice();
  const items = new Int32Array(to - from);
  for (let item = from; item < to; item++) items[next[key[item] as number]!++] = item;
  return { items, starts, values };
}
