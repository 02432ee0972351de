import type { Tensor } from '@tensorflow/tfjs-core';

import type { StopSignal } from '../training.ts';

/** Some photos as the trainee reads them. */
export interface PhotoBatch {
  readonly rows: readonly number[];
  /** [rows, …]; whoever receives it disposes it. */
  readonly input: Tensor;
}

/** Labelled photos that come batch by batch, from a cache or fresh from an augmenting pipeline. */
export interface PhotoStream {
  /** Class of each row. */
  readonly labels: Int32Array;
  /** A row's photo in messages. */
  readonly nameOf: (row: number) => string;
  /** The batches asked for, in that order. What is random about them depends on the epoch and the row alone. */
  readonly batches: (
    epoch: number,
    plan: readonly (readonly number[])[],
    signal?: StopSignal,
  ) => AsyncIterable<PhotoBatch>;
}

/** Classes of some rows. */
export function labelsOf({ labels }: PhotoStream, rows: readonly number[]): Int32Array {
  return Int32Array.from(rows, (row) => labels[row] ?? 0);
}
