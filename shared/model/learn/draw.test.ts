import { describe, expect, test } from 'vitest';

import { createRandom } from '../../dataset/random.ts';
import { betaSample, drawBatches, drawMix, dropoutMask } from './draw.ts';
import { classWeights, targetsOf } from './targets.ts';

describe('random choices of a training', () => {
  test('an epoch has every row once, in an order of its own, the same for the same seed', () => {
    const once = drawBatches(10, 4, { seed: 1, epoch: 1 });
    expect(once.map((b) => b.length)).toEqual([4, 4, 2]);
    expect(once.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(drawBatches(10, 4, { seed: 1, epoch: 1 })).toEqual(once);
    expect(drawBatches(10, 4, { seed: 1, epoch: 2 })).not.toEqual(once);
    expect(drawBatches(10, 4, { seed: 2, epoch: 1 })).not.toEqual(once);
  });

  test.each([0.2, 0.4, 1, 3])('Beta(%d, same) has the mean and the spread it should', (alpha) => {
    const random = createRandom(5);
    const samples = Array.from({ length: 20_000 }, () => betaSample(alpha, random));
    const mean = samples.reduce((a, b) => a + b) / samples.length;
    const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 2);
  });

  test('the larger part of a mix stays the photo itself; partners are a shuffle of the batch', () => {
    const random = createRandom(3);
    for (let i = 0; i < 50; i += 1) {
      const { share, partners } = drawMix(5, 0.4, random);
      expect(share).toBeGreaterThanOrEqual(0.5);
      expect([...partners].sort()).toEqual([0, 1, 2, 3, 4]);
    }
  });

  test('dropout leaves its share out and keeps the mean', () => {
    const mask = dropoutMask(10_000, 0.25, createRandom(1));
    expect(mask.filter((f) => f === 0).length / 10_000).toBeCloseTo(0.25, 1);
    expect(mask.reduce((a, b) => a + b) / 10_000).toBeCloseTo(1, 1);
  });
});

describe('targets', () => {
  const rows = (numbers: Float32Array, width: number): number[][] =>
    Array.from({ length: numbers.length / width }, (_, i) =>
      [...numbers.subarray(i * width, (i + 1) * width)].map((x) => Math.round(x * 1000) / 1000),
    );

  test('are one-hot, smoothed, weighted and mixed', () => {
    const plain = { classes: 3, labelSmoothing: 0, weights: null };
    const labels = Int32Array.of(0, 2);
    expect(rows(targetsOf(labels, plain, null), 3)).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    expect(rows(targetsOf(labels, { ...plain, labelSmoothing: 0.3 }, null), 3)[0]).toEqual([0.8, 0.1, 0.1]);
    const weights = Float32Array.of(2, 1, 0.5);
    expect(rows(targetsOf(labels, { ...plain, weights }, null), 3)).toEqual([
      [2, 0, 0],
      [0, 0, 0.5],
    ]);
    expect(rows(targetsOf(labels, { ...plain, weights }, { share: 0.75, partners: [1, 0] }), 3)).toEqual([
      [1.5, 0, 0.125],
      [0.5, 0, 0.375],
    ]);
  });

  test('class weights go against how often a class comes, within bounds, and the photos weigh 1 on average', () => {
    const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : i < 99 ? 1 : 2));
    const [often = 0, less = 0, rare = 0] = classWeights(labels, 3);
    expect(often).toBeLessThan(less);
    expect(rare / less).toBeLessThanOrEqual(16);
    expect(less / often).toBeCloseTo(60 / 39, 5);
    expect(0.6 * often + 0.39 * less + 0.01 * rare).toBeCloseTo(1, 5);
    expect([...classWeights(Int32Array.of(0, 1), 2)]).toEqual([1, 1]);
  });
});
