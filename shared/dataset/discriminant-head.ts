import { emptyHead, type SoftmaxHead } from './softmax-head.ts';

/**
 * What a discriminant head follows from: sums over labelled rows. Those of parts add up, so heads that never saw one part
 * or another need one pass over all.
 */
export class Moments {
  readonly width: number;
  readonly classes: number;
  /** Sums of rows, class by class. */
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  /** Sums of products of a row's numbers: the lower triangle, row by row, in a full square. */
  readonly products: Float64Array;

  constructor(width: number, classes: number) {
    this.width = width;
    this.classes = classes;
    this.sums = new Float64Array(width * classes);
    this.counts = new Float64Array(classes);
    this.products = new Float64Array(width * width);
  }

  add(row: Float32Array, label: number): void {
    const { width, sums, products } = this;
    this.counts[label] = (this.counts[label] as number) + 1;
    for (let a = 0; a < width; a++) {
      const value = row[a] as number;
      sums[label * width + a] = (sums[label * width + a] as number) + value;
      for (let b = 0, at = a * width; b <= a; b++, at++)
        products[at] = (products[at] as number) + value * (row[b] as number);
    }
  }

  addAll(other: Moments): void {
    for (const part of ['sums', 'counts', 'products'] as const)
      other[part].forEach((value, at) => {
        this[part][at] = (this[part][at] as number) + value;
      });
  }
}

/** Share of the spread that is taken as the same in all directions: few rows say little of 256 directions. */
const SHRINKAGE = 0.3;
/** Tempers scores, which come out too sure of themselves where numbers are not as independent as the model has it. */
const TEMPER = 0.3;

/**
 * A linear head in closed form: linear discriminant analysis with one spread for all classes, shrunk (Friedman 1989,
 * "Regularized Discriminant Analysis"), all classes counting alike. Both constants are those with the least log loss of
 * photos held out from 20 species of a zoo, 8 % of their labels wrong. A class without rows is never given.
 */
export function discriminantHead(moments: Moments): SoftmaxHead {
  const { width, classes, counts, sums } = moments;
  const root = cholesky(spreadOf(moments), width);
  const head = emptyHead(width, classes);
  for (let c = 0; c < classes; c++) {
    const count = counts[c] as number;
    const mean = sums.subarray(c * width, (c + 1) * width).map((sum) => (count > 0 ? sum / count : 0));
    const weights = solve(root, mean);
    const length = weights.reduce((total, weight, k) => total + weight * (mean[k] as number), 0);
    head.kernel.set(
      weights.map((weight) => TEMPER * weight),
      c * width,
    );
    head.bias[c] = count > 0 ? (-TEMPER * length) / 2 : -Infinity;
  }
  return head;
}

/** Covariance within classes, shrunk: its lower triangle. */
function spreadOf({ width, classes, counts, sums, products }: Moments): Float64Array {
  const spread = products.slice();
  for (let c = 0; c < classes; c++) {
    const count = counts[c] as number;
    if (count === 0) continue;
    const own = sums.subarray(c * width, (c + 1) * width);
    for (let a = 0; a < width; a++) {
      const value = (own[a] as number) / count;
      for (let b = 0, at = a * width; b <= a; b++, at++)
        spread[at] = (spread[at] as number) - value * (own[b] as number);
    }
  }
  const freedom = Math.max(1, counts.reduce((a, b) => a + b, 0) - classes);
  let trace = 0;
  for (let a = 0; a < width; a++) trace += (spread[a * width + a] as number) / freedom / width;
  // What does not vary at all is still to be divided by.
  const floor = SHRINKAGE * Math.max(trace, 1e-6);
  spread.forEach((value, at) => (spread[at] = ((1 - SHRINKAGE) * value) / freedom));
  for (let a = 0; a < width; a++) spread[a * width + a] = (spread[a * width + a] as number) + floor;
  return spread;
}

/** Lower triangle of a positive definite matrix → its root, in the same place. */
function cholesky(matrix: Float64Array, width: number): Float64Array {
  for (let j = 0; j < width; j++)
    for (let i = j; i < width; i++) {
      let value = matrix[i * width + j] as number;
      for (let k = 0; k < j; k++)
        value -= (matrix[i * width + k] as number) * (matrix[j * width + k] as number);
      matrix[i * width + j] = i === j ? Math.sqrt(value) : value / (matrix[j * width + j] as number);
    }
  return matrix;
}

/** x of A·x = y, by A's root. Along the root's rows, which lie one after the other in memory. */
function solve(root: Float64Array, y: Float64Array): Float64Array {
  const width = y.length;
  const x = y.slice();
  for (let i = 0; i < width; i++) {
    let value = x[i] as number;
    for (let k = 0; k < i; k++) value -= (root[i * width + k] as number) * (x[k] as number);
    x[i] = value / (root[i * width + i] as number);
  }
  for (let i = width - 1; i >= 0; i--) {
    const value = (x[i] as number) / (root[i * width + i] as number);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (root[i * width + k] as number) * value;
  }
  return x;
}
