/** Not 16 lower-case hex digits. */
export class HashError extends Error {
  override readonly name = 'HashError';
  constructor(index: number, found: string) {
    super(`perceptual hash ${index}: expected 16 hex digits, found "${found.slice(0, 40)}"`);
  }
}

/** 64-bit hashes as two 32-bit words each. */
export interface HashWords {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** @throws HashError naming the first bad one by its index */
export function parseHashes(hashes: readonly string[]): HashWords {
  const high = new Uint32Array(hashes.length);
  const low = new Uint32Array(hashes.length);
  hashes.forEach((text, i) => {
    if (!/^[0-9a-f]{16}$/.test(text)) throw new HashError(i, text);
    high[i] = parseInt(text.slice(0, 8), 16);
    low[i] = parseInt(text.slice(8), 16);
  });
  return { high, low };
}

/** Number of ones in a 32-bit word. */
export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A hash's share of bits, as one number for each item. */
export interface Key {
  readonly bits: number;
  readonly values: Uint32Array;
}

/**
 * Cuts each hash into keys. The bits are dealt out by how evenly they are set, so that bits which are the same in
 * nearly all photos (black bars, sky above) do not gather in one key and make its buckets huge.
 */
export function balancedKeys(words: HashWords, count: number): readonly Key[] {
  const keys = Array.from({ length: count }, (_, k) => ({
    bits: Math.ceil((64 - k) / count),
    values: new Uint32Array(words.high.length),
  }));
  bitsByEvenness(words).forEach((bit, rank) => {
    const key = (keys[rank % count] as Key).values;
    const word = bit < 32 ? words.low : words.high;
    const place = Math.floor(rank / count);
    for (let i = 0; i < key.length; i++)
      key[i] = (key[i] ?? 0) | ((((word[i] ?? 0) >>> (bit & 31)) & 1) << place);
  });
  return keys;
}

function bitsByEvenness({ high, low }: HashWords): number[] {
  const unevenness = Array.from({ length: 64 }, (_, bit) => {
    const word = bit < 32 ? low : high;
    let ones = 0;
    for (const w of word) ones += (w >>> (bit & 31)) & 1;
    return Math.abs(2 * ones - word.length);
  });
  return unevenness.map((_, bit) => bit).sort((a, b) => (unevenness[a] ?? 0) - (unevenness[b] ?? 0) || a - b);
}
