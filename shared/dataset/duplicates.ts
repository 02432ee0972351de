import { balancedKeys, parseHashes, popcount, type HashWords } from './hash-words.ts';
import { flips, keyRadius } from './multi-index.ts';
import { UnionFind } from './union-find.ts';

/**
 * Groups of near-duplicates: two photos whose perceptual hashes differ in at most `distance` bits are in one group,
 * and so is whatever hangs together by a chain of such pairs (P2-29, P2-33). Exact: no pair is missed.
 *
 * Multi-index hashing (Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with multi-index hashing"):
 * each hash is cut into four keys; a pair within the distance must be close in at least one of them, so only
 * photos with close keys are compared.
 *
 * @param hashes 16 hex digits each
 * @param distance 0 … 64; fast up to about 8
 * @returns a group number for each hash: 0, 1, 2 … in the order of the groups' first members
 * @throws HashError
 */
export function nearDuplicateGroups(hashes: readonly string[], distance: number): Int32Array {
  const firsts = [...new Set(hashes)];
  const words = parseHashes(firsts);
  const sets = new UnionFind(firsts.length);
  const join = joiner(words, distance, sets);
  balancedKeys(words, KEYS).forEach(({ bits, values }, k) => {
    const buckets = fillBuckets(values);
    const masks = flips(bits, keyRadius(k, KEYS, distance));
    for (const [value, items] of buckets)
      for (const mask of masks) {
        const others = (value ^ mask) < value ? undefined : buckets.get(value ^ mask);
        if (others !== undefined) join(items, others);
      }
  });
  const groups = sets.numbered();
  const place = new Map(firsts.map((hash, i) => [hash, groups[i] ?? 0]));
  return Int32Array.from(hashes, (hash) => place.get(hash) ?? 0);
}

/** Keys of 16 bits. */
const KEYS = 4;

/** Items by the value of their key, ascending. */
function fillBuckets(key: Uint32Array): ReadonlyMap<number, readonly number[]> {
  const buckets = new Map<number, number[]>();
  key.forEach((value, item) => {
    const items = buckets.get(value);
    if (items === undefined) buckets.set(value, [item]);
    else items.push(item);
  });
  return buckets;
}

/** Pairs of buckets with more comparisons than this are worth the bookkeeping of `joinLarge`. */
const LARGE = 10_000;

type Near = (a: number, b: number) => boolean;
type Bucket = readonly number[];

/** Joins whoever is near across two buckets (or within one, given twice). */
function joiner({ high, low }: HashWords, distance: number, sets: UnionFind): (a: Bucket, b: Bucket) => void {
  const near: Near = (a, b) =>
    popcount((high[a] ?? 0) ^ (high[b] ?? 0)) + popcount((low[a] ?? 0) ^ (low[b] ?? 0)) <= distance;
  return (left, right) => {
    if (left.length * right.length > LARGE) joinLarge(left, right, near, sets);
    else for (const a of left) for (const b of right) if (near(a, b)) sets.join(a, b);
  };
}

/**
 * The same for large buckets, which skewed hashes have: once most of a bucket hangs together in one big group,
 * its members need not be compared with each other any more, only with the rest.
 */
function joinLarge(left: Bucket, right: Bucket, near: Near, sets: UnionFind): void {
  let anchor = sets.largest();
  let inside: number[] = [];
  let rest = [...right];
  for (const a of left) {
    if (sets.size(sets.largest()) > 2 * sets.size(anchor)) {
      anchor = sets.largest();
      rest = [...right];
      inside = [];
    }
    const home = sets.find(anchor);
    if (sets.find(a) !== home) {
      const met = inside.find((b) => near(a, b));
      if (met !== undefined) sets.join(a, met);
    }
    let kept = 0;
    for (const b of rest) {
      if (sets.find(b) === home) inside.push(b);
      else {
        if (near(a, b)) sets.join(a, b);
        rest[kept++] = b;
      }
    }
    rest.length = kept;
  }
}
