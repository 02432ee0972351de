/** A seeded source of numbers: the same on every platform, because it is integer maths throughout. */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  readonly next: () => number;
  /** Uniform whole number in [0, n); `n` in 1 … 2³². */
  readonly int: (n: number) => number;
  /** A shuffled copy (Fisher–Yates); the input stays as it is. */
  readonly shuffle: <T>(items: readonly T[]) => T[];
}

/**
 * Starts a generator: sfc32 (Chris Doty-Humphrey, PractRand), warmed up as its author does.
 * @param seed only its lower 32 bits count
 */
export function createRandom(seed: number): Random {
  const bits = sfc32(seed);
  const next = (): number => bits() / 0x100000000;
  const int = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000)
      throw new RangeError(`int(${n}): expected 1 … 2^32`);
    return Math.floor(next() * n);
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = int(i + 1);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  };
  return { next, int, shuffle };
}

function sfc32(seed: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, 0x9e3779b9 | 0, 1];
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  return bits;
}

/** A seed for one purpose of a seeded work, so that its choices depend on nothing but the seed and that purpose. */
export function derivedSeed(seed: number, purpose: string): number {
  return mix(purpose, seed);
}

/**
 * A copy in a seeded order that depends on each item's key alone: adding or removing one item leaves the order
 * of all others as it was. So a library that grows keeps most photos in the part they were in, and a model that
 * starts from the last one is not validated on what that one was trained on.
 * @param purpose keeps the orders of two uses of the same seed apart
 */
export function seededOrder<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  seed: number,
  purpose: string,
): T[] {
  const ranked = items.map((item) => {
    const key = keyOf(item);
    return { item, key, rank: mix(`${purpose}/${key}`, seed) };
  });
  ranked.sort((x, y) => x.rank - y.rank || compareText(x.key, y.key));
  return ranked.map((r) => r.item);
}

/** The order in which photos of a class are shown beside their variations, by their ids. */
export function previewOrder<T>(items: readonly T[], keyOf: (item: T) => string, seed: number): T[] {
  return seededOrder(items, keyOf, seed, 'preview');
}

/** Plain comparison by UTF-16 code units: no locale, so the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** 32-bit hash of a text: FNV-1a over the code units, finished as MurmurHash3 does. */
function mix(text: string, seed: number): number {
  let h = Math.imul(seed ^ 0x811c9dc5, 0x01000193) ^ (seed >>> 15);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
