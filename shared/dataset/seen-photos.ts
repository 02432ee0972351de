import { CompactVectors } from './compact-vectors.ts';

/** How rows are moved and stretched so that each number has mean 0 and spread 1. */
export interface Scale {
  readonly mean: Float32Array;
  readonly factor: Float32Array;
}

/** Photos as one network sees them: a compact vector each. Rows are their places, from 0. */
export class SeenPhotos {
  readonly #vectors: CompactVectors;
  readonly #rows = new Map<string, number>();
  /** Sums over all rows, for mean and spread. */
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  /** @param dims length of the network's features */
  constructor(dims: number) {
    this.#vectors = new CompactVectors(dims);
    this.#sums = new Float64Array(this.width);
    this.#squares = new Float64Array(this.width);
  }

  /** Length of a row. */
  get width(): number {
    return this.#vectors.width;
  }
  get count(): number {
    return this.#rows.size;
  }

  /** What the network makes of a photo; a second time it takes the place of the first. */
  see(photo: string, features: Float32Array): void {
    let row = this.#rows.get(photo);
    if (row === undefined) {
      row = this.#vectors.add(features);
      this.#rows.set(photo, row);
    } else {
      this.#count(row, -1);
      this.#vectors.set(row, features);
    }
    this.#count(row, 1);
  }

  /** What was seen of a photo holds no longer. Its row stays empty. */
  forget(photo: string): void {
    const row = this.#rows.get(photo);
    if (row === undefined) return;
    this.#count(row, -1);
    this.#rows.delete(photo);
  }

  rowOf(photo: string): number | undefined {
    return this.#rows.get(photo);
  }

  scale(): Scale {
    const mean = this.#mean();
    const factor = Float32Array.from(this.#squares, (square, k) => {
      const spread = Math.sqrt(Math.max(0, square / Math.max(1, this.count) - (mean[k] as number) ** 2));
      return spread > 1e-9 ? 1 / spread : 0;
    });
    return { mean, factor };
  }

  /** Rows one after the other, to scale. */
  scaled(rows: readonly number[], { mean, factor }: Scale): Float32Array {
    const all = new Float32Array(rows.length * this.width);
    rows.forEach((row, i) => {
      const own = all.subarray(i * this.width, (i + 1) * this.width);
      this.#vectors.read(row, own);
      for (let k = 0; k < own.length; k++)
        own[k] = ((own[k] as number) - (mean[k] as number)) * (factor[k] as number);
    });
    return all;
  }

  /**
   * Where photos lie as seen from the middle of all of them: what is common to all photos of a place says nothing.
   * @returns gives the direction of a row, of length 1, in an array that the next call writes to again
   */
  directions(): (row: number) => Float32Array {
    const mean = this.#mean();
    const out = new Float32Array(this.width);
    return (row) => {
      this.#vectors.read(row, out);
      let square = 0;
      for (let k = 0; k < out.length; k++) {
        const value = (out[k] as number) - (mean[k] as number);
        out[k] = value;
        square += value * value;
      }
      const factor = square > 0 ? 1 / Math.sqrt(square) : 0;
      for (let k = 0; k < out.length; k++) out[k] = (out[k] as number) * factor;
      return out;
    };
  }

  #mean(): Float32Array {
    return Float32Array.from(this.#sums, (sum) => sum / Math.max(1, this.count));
  }

  /** Adds a row to the sums, or takes it off. */
  #count(row: number, sign: 1 | -1): void {
    const values = new Float32Array(this.width);
    this.#vectors.read(row, values);
    values.forEach((value, k) => {
      this.#sums[k] = (this.#sums[k] as number) + sign * value;
      this.#squares[k] = (this.#squares[k] as number) + sign * value * value;
    });
  }
}
