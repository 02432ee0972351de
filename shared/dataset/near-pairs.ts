import { balancedKeys, parseHashes, popcount, type HashWords } from './hash-words.ts';
import { bucketsOf, flips, keyRadius, type Buckets } from './multi-index.ts';
import { PairList, type NearPairs } from './pair-list.ts';

export type { NearPairs } from './pair-list.ts';

/** Told now and then how much of the search is done, 0 … 1. */
export type Progress = (share: number) => void;

/**
 * All pairs of hashes that differ in at most `radius` bits, each once with `a` before `b` (P2-33). Exact, in no
 * particular order; equal hashes are pairs too, so n equal ones are n² ∕ 2 pairs.
 * @param hashes 16 hex digits each
 * @param radius 0 … 64; fast up to about 10
 * @throws HashError
 */
export function nearPairs(hashes: readonly string[], radius: number, progress?: Progress): NearPairs {
  return new Search(parseHashes(hashes), null, radius).run(progress);
}

/**
 * The same between two lists: `a` is a place in `left`, `b` one in `right`.
 * @throws HashError
 */
export function nearPairsBetween(
  left: readonly string[],
  right: readonly string[],
  radius: number,
  progress?: Progress,
): NearPairs {
  const { a, b, distance } = new Search(parseHashes([...left, ...right]), left.length, radius).run(progress);
  return { a, b: b.map((item) => item - left.length), distance };
}

/** Buckets with more members than this are searched by their other keys instead of one by one. */
const LARGE = 96;

/** One list in order of a key, with the hashes beside it: comparing runs through memory. */
interface Side extends Buckets {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Places from `from` up to `to` of a side. */
interface Run {
  readonly side: Side;
  readonly from: number;
  readonly to: number;
}

/** Finds the pairs of items before `cut` with those from it on, or all pairs where there is no cut. */
class Search {
  readonly #words: HashWords;
  readonly #cut: number;
  readonly #within: boolean;
  readonly #radius: number;
  readonly #keys: readonly Uint16Array[];
  readonly #found = new PairList();
  // Chains of places by key value for one large run at a time; only what was filled is emptied again.
  readonly #heads = new Int32Array(1 << 16).fill(-1);
  #next = new Int32Array(0);

  constructor(words: HashWords, cut: number | null, radius: number) {
    this.#words = words;
    this.#cut = cut ?? words.high.length;
    this.#within = cut === null;
    this.#radius = radius;
    this.#keys = balancedKeys(words);
  }

  run(progress: Progress = () => undefined): NearPairs {
    this.#keys.forEach((key, k) => {
      const masks = flips(keyRadius(k, this.#radius));
      if (masks.length === 0) return;
      const left = this.#sideOf(key, 0, this.#cut);
      const right = this.#within ? left : this.#sideOf(key, this.#cut, this.#words.high.length);
      left.values.forEach((value, i) => {
        if (i % 1024 === 0) progress((k + i / left.values.length) / this.#keys.length);
        const a = runOf(left, value);
        for (const mask of masks) {
          const other = value ^ mask;
          if (this.#within && other < value) continue;
          const b = runOf(right, other);
          if (b.from < b.to) this.#compare(a, b, k, popcount(mask));
        }
      });
    });
    progress(1);
    return this.#found.pairs();
  }

  #sideOf(key: Uint16Array, from: number, to: number): Side {
    const buckets = bucketsOf(key, from, to);
    const take = (word: Uint32Array): Uint32Array =>
      Uint32Array.from(buckets.items, (item) => word[item] as number);
    return { ...buckets, high: take(this.#words.high), low: take(this.#words.low) };
  }

  #compare(a: Run, b: Run, k: number, keyDistance: number): void {
    const large = a.to - a.from > LARGE && b.to - b.from > LARGE;
    if (large) this.#compareByKeys(a, b, k, this.#radius - keyDistance);
    else this.#compareAll(a, b, k);
  }

  #compareAll(a: Run, b: Run, k: number): void {
    const same = a.side === b.side && a.from === b.from;
    const { high, low } = b.side;
    const radius = this.#radius;
    for (let i = a.from; i < a.to; i++) {
      const [h, l] = [a.side.high[i] as number, a.side.low[i] as number];
      for (let j = same ? i + 1 : b.from; j < b.to; j++) {
        const first = popcount(h ^ (high[j] as number));
        if (first > radius) continue;
        const distance = first + popcount(l ^ (low[j] as number));
        if (distance <= radius) this.#meet(a.side.items[i] as number, b.side.items[j] as number, distance, k);
      }
    }
  }

  /** Two runs that skewed hashes made large: whoever is near is close in one of the three other keys, too. */
  #compareByKeys(a: Run, b: Run, k: number, left: number): void {
    const same = a.side === b.side && a.from === b.from;
    const others = this.#keys.filter((_, other) => other !== k);
    others.forEach((key, rank) => {
      const masks = flipsOnce(keyRadius(rank, left, others.length));
      if (masks.length === 0) return;
      const items = b.side.items;
      this.#fill(key, b);
      for (let i = a.from; i < a.to; i++) {
        const item = a.side.items[i] as number;
        const value = key[item] as number;
        for (const mask of masks) {
          for (let j = this.#heads[value ^ mask] as number; j >= 0; j = this.#next[j] as number) {
            if (same && j <= i) continue;
            const distance = this.#distance(a.side, i, b.side, j);
            if (distance > this.#radius) continue;
            const other = items[j] as number;
            const earlier = others.some(
              (o, r) => r < rank && near(o, item, other) <= keyRadius(r, left, others.length),
            );
            if (!earlier) this.#meet(item, other, distance, k);
          }
        }
      }
      for (let j = b.from; j < b.to; j++) this.#heads[key[items[j] as number] as number] = -1;
    });
  }

  #fill(key: Uint16Array, { side, from, to }: Run): void {
    if (this.#next.length < side.items.length) this.#next = new Int32Array(side.items.length);
    for (let j = from; j < to; j++) {
      const value = key[side.items[j] as number] as number;
      this.#next[j] = this.#heads[value] as number;
      this.#heads[value] = j;
    }
  }

  #distance(a: Side, i: number, b: Side, j: number): number {
    return (
      popcount((a.high[i] as number) ^ (b.high[j] as number)) +
      popcount((a.low[i] as number) ^ (b.low[j] as number))
    );
  }

  /** Counts a pair for the first of the keys that find it. */
  #meet(a: number, b: number, distance: number, k: number): void {
    for (let earlier = 0; earlier < k; earlier++) {
      if (near(this.#keys[earlier] as Uint16Array, a, b) <= keyRadius(earlier, this.#radius)) return;
    }
    this.#found.add(Math.min(a, b), Math.max(a, b), distance);
  }
}

const MASKS = new Map<number, readonly number[]>();

function flipsOnce(radius: number): readonly number[] {
  const masks = MASKS.get(radius) ?? flips(radius);
  MASKS.set(radius, masks);
  return masks;
}

function near(key: Uint16Array, a: number, b: number): number {
  return popcount((key[a] as number) ^ (key[b] as number));
}

function runOf(side: Side, value: number): Run {
  return { side, from: side.starts[value] as number, to: side.starts[value + 1] as number };
}
