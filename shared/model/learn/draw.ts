import { createRandom, derivedSeed, type Random } from '../../dataset/random.ts';

/**
 * The random choices of a training. Each depends on the seed and its place alone, so a training that is resumed draws
 * what an unbroken one would have drawn, and there is no state to keep.
 */

/** Rows of an epoch in batches, in a new order each time. */
export function drawBatches(rows: number, size: number, place: { seed: number; epoch: number }): number[][] {
  const order = createRandom(derivedSeed(place.seed, `order/${place.epoch}`)).shuffle(
    Array.from({ length: rows }, (_, i) => i),
  );
  return inBatches(order, size);
}

/** Rows in batches, in their order; the last may be smaller. */
export function inBatches(rows: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size),
  );
}

/** The source of one step's numbers. */
export function randomOfStep(seed: number, epoch: number, batch: number): Random {
  return createRandom(derivedSeed(seed, `step/${epoch}/${batch}`));
}

/** Factors on the features: 0 for a share of them, the others raised so that the mean stays (inverted dropout). */
export function dropoutMask(length: number, share: number, random: Random): Float32Array {
  const kept = 1 / (1 - share);
  return Float32Array.from({ length }, () => (random.next() < share ? 0 : kept));
}

/** How a batch is mixed with itself: photo i becomes share · i + (1 − share) · partners[i]. */
export interface Mix {
  readonly share: number;
  readonly partners: readonly number[];
}

/** Mixup (Zhang et al. 2018, arXiv:1710.09412): one share a batch, from a beta distribution; the larger part stays the photo. */
export function drawMix(rows: number, alpha: number, random: Random): Mix {
  const share = betaSample(alpha, random);
  return {
    share: Math.max(share, 1 - share),
    partners: random.shuffle(Array.from({ length: rows }, (_, i) => i)),
  };
}

/** A number of the distribution Beta(α, α): x / (x + y) of two of the gamma distribution. */
export function betaSample(alpha: number, random: Random): number {
  const [x, y] = [gammaSample(alpha, random), gammaSample(alpha, random)];
  return x + y === 0 ? 0.5 : x / (x + y);
}

/** Marsaglia and Tsang 2000, "A simple method for generating gamma variables", with its boost for α < 1. */
function gammaSample(alpha: number, random: Random): number {
  if (alpha < 1) return gammaSample(alpha + 1, random) * (1 - random.next()) ** (1 / alpha);
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normalSample(random);
    const cube = (1 + c * z) ** 3;
    if (cube > 0 && Math.log(1 - random.next()) < z * z * 0.5 + d - d * cube + d * Math.log(cube))
      return d * cube;
  }
}

/** Box and Muller. */
function normalSample(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
