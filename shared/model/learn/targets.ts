import type { Mix } from './draw.ts';

/** What the targets of a batch are made of. */
export interface TargetOptions {
  readonly classes: number;
  /** Share of the target that is spread over all classes (Szegedy et al. 2016, arXiv:1512.00567). */
  readonly labelSmoothing: number;
  /** Weight of each class; null: all alike. */
  readonly weights: Float32Array | null;
}

/**
 * Targets of a batch, [labels, classes] row by row. A row adds up to the weight of its class, so that the loss is
 * −Σ target · log p, divided by the number of rows, whatever the options are.
 */
export function targetsOf(labels: Int32Array, options: TargetOptions, mix: Mix | null): Float32Array {
  const { classes, labelSmoothing, weights } = options;
  const targets = new Float32Array(labels.length * classes);
  const put = (row: number, label: number, share: number): void => {
    const whole = share * (weights?.[label] ?? 1);
    for (let c = 0; c < classes; c += 1) {
      const part = (c === label ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
      targets[row * classes + c] = (targets[row * classes + c] ?? 0) + whole * part;
    }
  };
  labels.forEach((label, row) => {
    put(row, label, mix?.share ?? 1);
    if (mix) put(row, labels[mix.partners[row] ?? row] ?? label, 1 - mix.share);
  });
  return targets;
}

/** No class weighs more than this many times the mean, nor less than the mean divided by it. */
const BOUND = 4;

/**
 * Weights against uneven classes: the inverse of how often a class comes, bounded, and such that the photos' mean weight
 * is 1.
 */
export function classWeights(labels: Int32Array, classes: number): Float32Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const raw = Array.from(counts, (n) =>
    Math.min(BOUND, Math.max(1 / BOUND, labels.length / (classes * Math.max(1, n)))),
  );
  const mean = labels.reduce((sum, label) => sum + (raw[label] ?? 0), 0) / labels.length;
  return Float32Array.from(raw, (w) => w / mean);
}
