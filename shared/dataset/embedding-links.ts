import type { CompactVectors } from './compact-vectors.ts';
import type { Links } from './lookalikes.ts';
import { nearPairs, type Progress } from './near-pairs.ts';

/** Bits of the hash that says which pairs are worth comparing: the signs of so many numbers. */
const BITS = 64;
/**
 * In how many of them a pair may differ. Vectors at cosine 0.95 differ in 6.5 of 64 on average, at 0.9 in 9.2: a bit
 * differs with probability angle ∕ π (Charikar 2002).
 */
const RADIUS = 11;

/**
 * All pairs of rows whose vectors point in nearly the same direction, seen from the middle of all of them (P2-35): what
 * all photos of a place have in common says nothing. Distances are hundredths: 100 · (1 − cosine), rounded. Nearly
 * complete: of pairs at distance 5 about one in twenty is missed, of closer ones hardly any.
 * @param most largest distance, 0 … 10
 */
export function embeddingLinks(vectors: CompactVectors, most: number, progress?: Progress): Links {
  const mean = meanOf(vectors);
  const { a, b } = nearPairs(hashesOf(vectors, mean), RADIUS, progress);
  const [x, y] = [new Float32Array(vectors.width), new Float32Array(vectors.width)];
  const distances = Uint8Array.from(a, (first, i) => {
    vectors.read(first, x);
    vectors.read(b[i] as number, y);
    return Math.min(255, Math.round(100 * (1 - cosine(x, y, mean))));
  });
  const near = Int32Array.from(a.keys()).filter((i) => (distances[i] as number) <= most);
  return {
    a: near.map((i) => a[i] as number),
    b: near.map((i) => b[i] as number),
    distance: Uint8Array.from(near, (i) => distances[i] as number),
  };
}

function meanOf(vectors: CompactVectors): Float64Array {
  const row = new Float32Array(vectors.width);
  const mean = new Float64Array(vectors.width);
  for (let at = 0; at < vectors.count; at++) {
    vectors.read(at, row);
    for (let k = 0; k < row.length; k++) mean[k] = (mean[k] as number) + (row[k] as number) / vectors.count;
  }
  return mean;
}

/** Signs as 16 hex digits. */
function hashesOf(vectors: CompactVectors, mean: Float64Array): string[] {
  const row = new Float32Array(Math.max(BITS, vectors.width));
  const bit = (k: number): number => ((row[k] as number) > (mean[k] ?? 0) ? 1 << (k & 3) : 0);
  return Array.from({ length: vectors.count }, (_, at) => {
    vectors.read(at, row);
    let text = '';
    for (let k = 0; k < BITS; k += 4) text += (bit(k) | bit(k + 1) | bit(k + 2) | bit(k + 3)).toString(16);
    return text;
  });
}

/** Of what is left without the mean; −1 for a vector of which nothing is left. */
function cosine(x: Float32Array, y: Float32Array, mean: Float64Array): number {
  let [dot, xx, yy] = [0, 0, 0];
  for (let k = 0; k < x.length; k++) {
    const p = (x[k] as number) - (mean[k] as number);
    const q = (y[k] as number) - (mean[k] as number);
    dot += p * q;
    xx += p * p;
    yy += q * q;
  }
  return xx * yy > 1e-12 ? Math.min(1, dot / Math.sqrt(xx * yy)) : -1;
}
