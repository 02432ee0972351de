/** Rows of numbers with their class. */
export interface FeatureSet {
  /** [rows, dims], row by row. */
  readonly features: Float32Array;
  /** Class of each row, 0 … classes − 1. */
  readonly labels: Int32Array;
}

/** What one pass over the training rows came to. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** Mean cross-entropy, natural logarithm. */
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** Of its last step. */
  readonly learningRate: number;
  readonly seconds: number;
}

/** The part of an `AbortSignal` that training looks at. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** Training was stopped from outside; nothing of it is kept. */
export class TrainingCancelled extends Error {
  override readonly name = 'TrainingCancelled';
  constructor() {
    super('training was cancelled');
  }
}

/**
 * Checks that features and labels fit together.
 * @param dims expected row length; without it any that divides the features evenly
 * @returns number of rows
 * @throws RangeError naming the set
 */
export function checkSet(set: FeatureSet, classes: number, name: string, dims?: number): number {
  const rows = set.labels.length;
  const width = set.features.length / rows;
  if (rows === 0) throw new RangeError(`${name}: no rows`);
  if (!Number.isInteger(width) || width === 0 || (dims !== undefined && width !== dims)) {
    throw new RangeError(
      `${name}: ${set.features.length} numbers do not fit ${rows} rows of ${dims ?? 'any'} features`,
    );
  }
  const row = set.labels.findIndex((label) => label < 0 || label >= classes);
  if (row !== -1)
    throw new RangeError(`${name}: row ${row} has label ${set.labels[row] ?? '?'} of ${classes} classes`);
  return rows;
}

/** Some rows of a set, in the order given. */
export function batchOf(set: FeatureSet, dims: number, rows: readonly number[]): FeatureSet {
  const features = new Float32Array(rows.length * dims);
  rows.forEach((row, i) => {
    features.set(set.features.subarray(row * dims, (row + 1) * dims), i * dims);
  });
  return { features, labels: Int32Array.from(rows, (row) => set.labels[row] ?? 0) };
}

/** Remembers the best epoch and says when to stop. */
export class Watch<T> {
  readonly history: Epoch[] = [];
  /** 0: none was better than the start. */
  bestEpoch = 0;
  #lowest: number;
  #kept: T | undefined;
  readonly #patience: number;

  /** @param start the weights before the first epoch, where these are worth keeping */
  constructor(patience: number, start?: { readonly loss: number; readonly weights: T }) {
    this.#patience = patience;
    this.#lowest = start?.loss ?? Infinity;
    this.#kept = start?.weights;
  }

  /** Records an epoch. @returns whether it is the best so far, so that its weights should be kept */
  see(epoch: Epoch): boolean {
    this.history.push(epoch);
    const loss = epoch.validationLoss ?? epoch.loss;
    if (!(loss < this.#lowest)) return false;
    this.#lowest = loss;
    this.bestEpoch = epoch.epoch;
    return true;
  }

  keep(weights: T): void {
    this.#kept = weights;
  }

  get exhausted(): boolean {
    return this.history.length - this.bestEpoch >= this.#patience;
  }

  /** @throws Error when no epoch had a loss that is a number */
  best(): T {
    if (this.#kept === undefined) throw new Error('training never reached a loss that is a number');
    return this.#kept;
  }
}
