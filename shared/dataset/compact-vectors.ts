import { createRandom } from './random.ts';

/** Numbers that are kept of a longer vector. */
const KEPT = 256;
const FIRST_ROWS = 1024;
/** Largest whole number of eight bits. */
const FULL = 127;

/**
 * Vectors of a whole library in little room: each is made of length 1, turned by a random rotation (signs, then a
 * Hadamard transform; Ailon, Chazelle 2009), cut to 256 numbers and rounded to eight bits, so that a hundred thousand
 * take 26 MB. Angles stay about the same, shorter vectors are only rounded.
 */
export class CompactVectors {
  /** Length of a row. */
  readonly width: number;
  readonly #dims: number;
  readonly #signs: Int8Array;
  readonly #chosen: Int32Array;
  readonly #work: Float32Array;
  #values: Int8Array;
  #scales = new Float32Array(FIRST_ROWS);
  #count = 0;

  /** @param dims length of the vectors */
  constructor(dims: number) {
    const padded = 2 ** Math.ceil(Math.log2(Math.max(1, dims)));
    const random = createRandom(20_090_131);
    this.#dims = dims;
    this.width = Math.min(KEPT, padded);
    this.#signs = Int8Array.from({ length: dims }, () => 2 * random.int(2) - 1);
    const places = random.shuffle(Array.from({ length: padded }, (_, i) => i));
    this.#chosen = Int32Array.from(places.slice(0, this.width));
    this.#work = new Float32Array(padded);
    this.#values = new Int8Array(FIRST_ROWS * this.width);
  }

  get count(): number {
    return this.#count;
  }

  /** @returns its row. @throws RangeError for a vector of another length */
  add(vector: Float32Array): number {
    if (this.#scales.length === this.#count) this.#grow();
    this.#count += 1;
    this.set(this.#count - 1, vector);
    return this.#count - 1;
  }

  /** Puts another vector in the place of a row. */
  set(row: number, vector: Float32Array): void {
    if (vector.length !== this.#dims)
      throw new RangeError(`a vector of ${String(vector.length)}, expected ${String(this.#dims)}`);
    const turned = this.#turn(vector);
    let most = 0;
    for (const at of this.#chosen) most = Math.max(most, Math.abs(turned[at] as number));
    this.#scales[row] = most / FULL;
    const from = row * this.width;
    for (let k = 0; k < this.width; k++) {
      const value = turned[this.#chosen[k] as number] as number;
      this.#values[from + k] = most === 0 ? 0 : Math.round((value / most) * FULL);
    }
  }

  /** Writes a row to `out`, of length `width`. */
  read(row: number, out: Float32Array): void {
    const scale = this.#scales[row] as number;
    const from = row * this.width;
    for (let k = 0; k < this.width; k++) out[k] = scale * (this.#values[from + k] as number);
  }

  /** Of length 1, signs changed, transformed. */
  #turn(vector: Float32Array): Float32Array {
    let square = 0;
    for (const value of vector) square += value * value;
    const work = this.#work.fill(0);
    if (square === 0 || !Number.isFinite(square)) return work;
    const factor = 1 / Math.sqrt(square);
    for (let i = 0; i < vector.length; i++)
      work[i] = factor * (this.#signs[i] as number) * (vector[i] as number);
    return hadamard(work);
  }

  #grow(): void {
    const values = new Int8Array(2 * this.#values.length);
    values.set(this.#values);
    this.#values = values;
    const scales = new Float32Array(2 * this.#scales.length);
    scales.set(this.#scales);
    this.#scales = scales;
  }
}

/** In place; lengths are those of a power of two. The result is not scaled. */
function hadamard(values: Float32Array): Float32Array {
  for (let half = 1; half < values.length; half *= 2) {
    for (let block = 0; block < values.length; block += 2 * half) {
      for (let i = block; i < block + half; i++) {
        const [a, b] = [values[i] as number, values[i + half] as number];
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
  return values;
}
