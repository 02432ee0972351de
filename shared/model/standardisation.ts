import { WeightsError } from './weights-error.ts';
import { ZOO, type ZooName } from './zoo/table.ts';

/** How a foreign model standardises pixels of 0 … 1: (x − mean) / √variance, for each channel. */
export interface Standardisation {
  /** For messages. */
  readonly file: string;
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
}

/**
 * Checks that a foreign model wants the pixels as ours gets them.
 * @throws WeightsError with what both expect
 */
export function checkStandardisation(name: ZooName, found: Standardisation): void {
  const expected = standardisationOf(name);
  const near = (a: number | undefined, b: number): boolean => Math.abs((a ?? NaN) - b) < 1e-3;
  const same = expected.every(
    ({ mean, deviation }, channel) =>
      near(found.mean[channel], mean) &&
      // Keras's own EfficientNets hold the deviation here and divide by its root once more.
      [deviation ** 2, deviation].some((v) => near(found.variance[channel], v)),
  );
  if (same) return;
  const list = (numbers: readonly number[]): string => numbers.map((x) => x.toFixed(3)).join(', ');
  throw new WeightsError(
    found.file,
    `trained on pixels of mean ${list(Array.from(found.mean))} and deviation ` +
      `${list(Array.from(found.variance, Math.sqrt))}; our ${ZOO[name].title} gets them with mean ` +
      `${list(expected.map((e) => e.mean))} and deviation ${list(expected.map((e) => e.deviation))}`,
  );
}

/** From the values that black and white have at the input. */
function standardisationOf(name: ZooName): { mean: number; deviation: number }[] {
  const { range } = ZOO[name];
  const channels = range.length === 3 ? range : [range, range, range];
  return channels.map(([black, white]) => ({
    mean: -black / (white - black),
    deviation: 1 / (white - black),
  }));
}
