import { balancedKeys, parseHashes, popcount, type HashWords, type Key } from './hash-words.ts';
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

/** Keys of 16 bits: longer ones find fewer that are not near, but have more neighbours to look at. */
const KEYS = 4;

/**
 * One list in order of a key, with the hashes beside it: comparing runs through memory. A hash stands as two words, cut
 * so that the key lies in `near` alone: items that a key brought together are told apart by `far`, nearly always.
 */
interface Side extends Buckets {
  readonly far: Int32Array;
  readonly near: Int32Array;
}

/** Places from `from` up to `to` of a side. */
interface Run {
  readonly side: Side;
  readonly from: number;
  readonly to: number;
}

/** Finds the pairs of items before `cut` with those from it on, or all pairs where there is no cut. */
class Search {
  readonly #cut: number;
  readonly #within: boolean;
  readonly #radius: number;
  readonly #keys: readonly Key[];
  /** All hashes, their bits in the order of the keys: the first two keys, the last two. */
  readonly #halves: readonly [Int32Array, Int32Array];
  readonly #found = new PairList();
  // Chains of places by key value for one large run at a time; only what was filled is emptied again.
  readonly #heads = new Int32Array(2 ** 16).fill(-1);
  #next = new Int32Array(0);

  constructor(words: HashWords, cut: number | null, radius: number) {
    this.#cut = cut ?? words.high.length;
    this.#within = cut === null;
    this.#radius = radius;
    this.#keys = balancedKeys(words, KEYS);
    const [a, b, c, d] = this.#keys as readonly [Key, Key, Key, Key];
    this.#halves = [joined(a, b), joined(c, d)];
  }

  run(progress: Progress = () => undefined): NearPairs {
    this.#keys.forEach((key, k) => {
      const masks = flips(key.bits, keyRadius(k, this.#keys.length, this.#radius));
      if (masks.length === 0) return;
      const left = this.#sideOf(k, 0, this.#cut);
      const right = this.#within ? left : this.#sideOf(k, this.#cut, key.values.length);
      left.values.forEach((value, i) => {
        if (i % 1024 === 0) progress((k + i / left.values.length) / this.#keys.length);
        const a = runOf(left, value);
        for (const mask of masks) {
          const other = value ^ mask;
          if (this.#within && other < value) continue;
          // Most neighbours are empty.
          const from = right.starts[other] as number;
          const to = right.starts[other + 1] as number;
          if (from < to) this.#compare(a, { side: right, from, to }, k, popcount(mask));
        }
      });
    });
    progress(1);
    return this.#found.pairs();
  }

  #sideOf(k: number, from: number, to: number): Side {
    const buckets = bucketsOf(this.#keys[k] as Key, from, to);
    const [first, last] = this.#halves;
    const take = (half: Int32Array): Int32Array =>
      Int32Array.from(buckets.items, (item) => half[item] as number);
    return { ...buckets, far: take(k < KEYS / 2 ? last : first), near: take(k < KEYS / 2 ? first : last) };
  }

  #compare(a: Run, b: Run, k: number, apart: number): void {
    const left = this.#radius - apart;
    const size = Math.min(a.to - a.from, b.to - b.from);
    if (size > FEWEST && size > 2 * neighboursOf(this.#others(k), left)) this.#compareByKeys(a, b, k, left);
    else this.#compareAll(a, b, k, left);
  }

  /** @param left what the other bits may differ in, since the key does in the rest */
  #compareAll(a: Run, b: Run, k: number, left: number): void {
    const same = a.side === b.side && a.from === b.from;
    const { far, near } = b.side;
    const radius = this.#radius;
    for (let i = a.from; i < a.to; i++) {
      const f = a.side.far[i] as number;
      const n = a.side.near[i] as number;
      for (let j = same ? i + 1 : b.from; j < b.to; j++) {
        const first = popcount(f ^ (far[j] as number));
        if (first > left) continue;
        const distance = first + popcount(n ^ (near[j] as number));
        if (distance <= radius) this.#meet(a.side.items[i] as number, b.side.items[j] as number, distance, k);
      }
    }
  }

  /** Two runs that skewed hashes made large: whoever is near is close in one of the other keys, too. */
  #compareByKeys(a: Run, b: Run, k: number, left: number): void {
    const same = a.side === b.side && a.from === b.from;
    const others = this.#others(k);
    others.forEach((key, rank) => {
      const masks = flipsOnce(key.bits, keyRadius(rank, others.length, left));
      if (masks.length === 0) return;
      this.#fill(key, b);
      const { items, far, near } = b.side;
      const [heads, next, radius] = [this.#heads, this.#next, this.#radius];
      for (let i = a.from; i < a.to; i++) {
        const f = a.side.far[i] as number;
        const n = a.side.near[i] as number;
        const item = a.side.items[i] as number;
        const value = key.values[item] as number;
        for (const mask of masks) {
          const other = value ^ mask;
          for (let j = heads[other] as number; j >= 0; j = next[j] as number) {
            const first = popcount(f ^ (far[j] as number));
            if (first > left || (same && j <= i)) continue;
            const distance = first + popcount(n ^ (near[j] as number));
            if (distance > radius) continue;
            const met = items[j] as number;
            const earlier = others.some(
              (o, r) => r < rank && keyDistance(o, item, met) <= keyRadius(r, others.length, left),
            );
            if (!earlier) this.#meet(item, met, distance, k);
          }
        }
      }
      this.#empty(key, b);
    });
  }

  #empty({ values }: Key, { side, from, to }: Run): void {
    for (let j = from; j < to; j++) this.#heads[values[side.items[j] as number] as number] = -1;
  }

  #others(k: number): readonly Key[] {
    return this.#keys.filter((_, other) => other !== k);
  }

  #fill({ values }: Key, { side, from, to }: Run): void {
    if (this.#next.length < side.items.length) this.#next = new Int32Array(side.items.length);
    for (let j = from; j < to; j++) {
      const value = values[side.items[j] as number] as number;
      this.#next[j] = this.#heads[value] as number;
      this.#heads[value] = j;
    }
  }

  /** Counts a pair for the first of the keys that find it. */
  #meet(a: number, b: number, distance: number, k: number): void {
    for (let earlier = 0; earlier < k; earlier++) {
      if (
        keyDistance(this.#keys[earlier] as Key, a, b) <= keyRadius(earlier, this.#keys.length, this.#radius)
      )
        return;
    }
    this.#found.add(Math.min(a, b), Math.max(a, b), distance);
  }
}

const MASKS = new Map<string, readonly number[]>();

/** The same masks are asked for again and again. */
function flipsOnce(bits: number, radius: number): readonly number[] {
  const name = `${String(bits)} ${String(radius)}`;
  const masks = MASKS.get(name) ?? flips(bits, radius);
  MASKS.set(name, masks);
  return masks;
}

/** Runs shorter than this are compared one by one in any case. */
const FEWEST = 64;

/** How many look-ups each member of a run costs. */
function neighboursOf(keys: readonly Key[], distance: number): number {
  return keys.reduce(
    (sum, { bits }, k) => sum + flipsOnce(bits, keyRadius(k, keys.length, distance)).length,
    0,
  );
}

/** Two keys of 16 bits as one word. Signed words stay whole numbers to the engine, where unsigned ones may become floats. */
function joined(low: Key, high: Key): Int32Array {
  return Int32Array.from(low.values, (value, item) => value | ((high.values[item] as number) << 16));
}

function keyDistance({ values }: Key, a: number, b: number): number {
  return popcount((values[a] as number) ^ (values[b] as number));
}

function runOf(side: Side, value: number): Run {
  return { side, from: side.starts[value] as number, to: side.starts[value + 1] as number };
}
