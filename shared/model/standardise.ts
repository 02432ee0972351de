import type { HeadWeights } from './classifier.ts';

/** Mean and spread of each feature over the training rows. */
export interface Scaling {
  readonly mean: Float64Array;
  /** Standard deviation, kept away from 0. */
  readonly spread: Float64Array;
}

/** A feature that hardly ever varies is not blown up to unit spread. */
const MIN_SPREAD = 1e9;

/** @param features [rows, dims] row by row */
export function scalingOf(features: Float32Array, dims: number): Scaling {
  const rows = features.length / dims;
  const mean = new Float64Array(dims);
  const square = new Float64Array(dims);
  features.forEach((x, i) => {
    const d = i % dims;
    mean[d] = (mean[d] ?? 0) + x / rows;
    square[d] = (square[d] ?? 0) + (x * x) / rows;
  });
  const spread = square.map((s, d) => 1);
  return { mean, spread };
}

/** Features → zero mean and unit spread, as a new array. */
export function standardise(features: Float32Array, { mean, spread }: Scaling): Float32Array {
  const dims = mean.length;
  return features.map((x, i) => (x - (mean[i % dims] ?? 0)) / (spread[i % dims] ?? 1));
}

/** Weights for standardised features → weights that give the same logits for the features as they are. */
export function unscale(
  { kernel, bias }: Pick<HeadWeights, 'kernel' | 'bias'>,
  { mean, spread }: Scaling,
  classes: number,
): Pick<HeadWeights, 'kernel' | 'bias'> {
  const shifted = Float64Array.from(bias);
  const scaled = kernel.map((w, i) => {
    const [d, c] = [Math.floor(i / classes), i % classes];
    const value = w / (spread[d] ?? 1);
    shifted[c] = (shifted[c] ?? 0) - value * (mean[d] ?? 0);
    return value;
  });
  return { kernel: scaled, bias: Float32Array.from(shifted) };
}
