import type { Links } from './lookalikes.ts';
import { nearPairs, type Progress } from './near-pairs.ts';
import { createRandom } from './random.ts';

/** Numbers that an embedding is boiled down to, and bits of its hash. */
const SIZE = 64;
/** Dimensions of the embedding that each of these numbers sums up. */
const SUMMED = 64;
/**
 * Bits in which the hashes of a pair to be compared may differ. Vectors at cosine 0.95 differ in 6.5 of 64 on average,
 * at 0.9 in 9.2 (a bit differs with probability angle ∕ π; Charikar 2002).
 */
const RADIUS = 11;

/**
 * Boils embeddings down to 64 numbers each whose angles are about the same (very sparse random projections; Li, Hastie,
 * Church 2006), so that those of a whole library fit into memory.
 */
export class EmbeddingSketches {
  readonly #dims: number;
  readonly #places: Int32Array;
  readonly #signs: Int8Array;
  #values = new Float32Array(1024 * SIZE);
  #count = 0;

  /** @param dims length of each embedding */
  constructor(dims: number) {
    const { int } = createRandom(20_060_823);
    this.#dims = dims;
    this.#places = Int32Array.from({ length: SIZE * SUMMED }, () => int(dims));
    this.#signs = Int8Array.from({ length: SIZE * SUMMED }, () => 2 * int(2) - 1);
  }

  get count(): number {
    return this.#count;
  }

  /** @throws RangeError for an embedding of another length */
  add(embedding: Float32Array): void {
    if (embedding.length !== this.#dims)
      throw new RangeError(`an embedding of ${String(embedding.length)}, expected ${String(this.#dims)}`);
    if (this.#values.length === this.#count * SIZE) this.#grow();
    const from = this.#count * SIZE;
    for (let k = 0; k < SIZE; k++) {
      let sum = 0;
      for (let i = k * SUMMED; i < (k + 1) * SUMMED; i++)
        sum += (this.#signs[i] as number) * (embedding[this.#places[i] as number] as number);
      this.#values[from + k] = sum;
    }
    this.#count += 1;
  }

  /**
   * All pairs whose embeddings point in nearly the same direction, seen from the middle of all of them (P2-35): what is
   * common to all photos of a place says nothing. Distances are hundredths: 100 · (1 − cosine), rounded.
   * Nearly complete: of pairs at distance 5 about one in twenty is missed, of closer ones hardly any.
   * @param most largest distance, 0 … 10
   */
  links(most: number, progress?: Progress): Links {
    const values = centred(this.#values.subarray(0, this.#count * SIZE));
    const { a, b } = nearPairs(hashesOf(values), RADIUS, progress);
    const distances = Array.from(a, (first, i) => distance(values, first, b[i] as number));
    const near = Array.from(a.keys()).filter((i) => (distances[i] as number) <= most);
    return {
      a: Int32Array.from(near, (i) => a[i] as number),
      b: Int32Array.from(near, (i) => b[i] as number),
      distance: Uint8Array.from(near, (i) => distances[i] as number),
    };
  }

  #grow(): void {
    const values = new Float32Array(2 * this.#values.length);
    values.set(this.#values);
    this.#values = values;
  }
}

/** Moved so that their mean is 0, and all of length 1; one that has no direction stays 0. */
function centred(values: Float32Array): Float32Array {
  const count = values.length / SIZE;
  const means = new Float64Array(SIZE);
  values.forEach((value, i) => (means[i % SIZE] = (means[i % SIZE] as number) + value / count));
  const out = values.map((value, i) => value - (means[i % SIZE] as number));
  for (let from = 0; from < out.length; from += SIZE) {
    const row = out.subarray(from, from + SIZE);
    const length = Math.hypot(...row);
    if (length > 1e-6) row.forEach((value, k) => (row[k] = value / length));
    else row.fill(0);
  }
  return out;
}

/** The signs of the numbers as 16 hex digits. */
function hashesOf(values: Float32Array): string[] {
  const hashes: string[] = [];
  for (let from = 0; from < values.length; from += SIZE) {
    let text = '';
    for (let k = 0; k < SIZE; k += 4) {
      const bit = (i: number): number => ((values[from + k + i] as number) > 0 ? 1 << i : 0);
      text += (bit(0) | bit(1) | bit(2) | bit(3)).toString(16);
    }
    hashes.push(text);
  }
  return hashes;
}

function distance(values: Float32Array, a: number, b: number): number {
  let cosine = 0;
  for (let k = 0; k < SIZE; k++)
    cosine += (values[a * SIZE + k] as number) * (values[b * SIZE + k] as number);
  return Math.min(255, Math.round(100 * (1 - Math.min(1, cosine))));
}
