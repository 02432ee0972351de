import { beforeAll, describe, expect, test } from 'vitest';

import { createRandom } from '../dataset/random.ts';
import { leftBehind, useEngine } from '../testing/engines.ts';
import { type HeadJob, trainHead } from './head.ts';
import type { Epoch, FeatureSet } from './training.ts';

beforeAll(() => useEngine('cpu'));

const DIMS = 6;

/** Three clouds of points, their centres far from the origin; `blur` mixes them. */
function clouds(rows: number, seed: number, blur = 0.5): FeatureSet {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const features = Float32Array.from({ length: rows * DIMS }, (_, i) => {
    const label = Math.floor(i / DIMS) % 3;
    return 5 + (i % DIMS === label ? 1 : 0) + blur * (random.next() - 0.5);
  });
  return { features, labels };
}

function job(more: Partial<HeadJob> = {}): HeadJob {
  return {
    ...clouds(90, 1),
    classes: 3,
    validation: clouds(30, 2),
    options: { epochs: 30, batchSize: 16 },
    ...more,
  };
}

describe('a head', () => {
  test('learns, and its weights are for features as they are, not as training sees them', async () => {
    const { head, history, bestEpoch } = await trainHead(
      job({ options: { learningRate: 0.05, epochs: 30 } }),
    );
    expect(history[bestEpoch - 1]?.validationAccuracy).toBe(1);
    const seen = clouds(30, 3);
    const right = Array.from(seen.labels).filter((label, row) => {
      const logits = [0, 1, 2].map((c) => {
        const x = seen.features.subarray(row * DIMS, (row + 1) * DIMS);
        return x.reduce((sum, v, d) => sum + v * (head.kernel[d * 3 + c] ?? 0), head.bias[c] ?? 0);
      });
      return logits.indexOf(Math.max(...logits)) === label;
    });
    expect(right).toHaveLength(30);
  });

  test('is the same for the same seed, another for another', async () => {
    const once = await trainHead(job());
    const again = await trainHead(job());
    const other = await trainHead(job({ options: { epochs: 30, batchSize: 16, seed: 2 } }));
    expect(again.head).toEqual(once.head);
    expect(other.head.kernel).not.toEqual(once.head.kernel);
  });

  test('keeps the epoch of the lowest validation loss and stops when it has waited long enough', async () => {
    const noise = {
      features: clouds(30, 4).features,
      labels: Int32Array.from({ length: 30 }, (_, i) => (i * 7) % 3),
    };
    const blurred = clouds(30, 5, 8);
    const options = { epochs: 200, patience: 3, learningRate: 0.3, batchSize: 8 };
    const { history, bestEpoch } = await trainHead(job({ ...blurred, validation: noise, options }));
    const losses = history.map((e) => e.validationLoss ?? Infinity);
    expect(losses.indexOf(Math.min(...losses)) + 1).toBe(bestEpoch);
    expect(history).toHaveLength(bestEpoch + 3);
  });

  test('goes by the training loss where there is no validation set', async () => {
    const { history, bestEpoch } = await trainHead(job({ validation: null, options: { epochs: 4 } }));
    expect(history.every((e) => e.validationLoss === null)).toBe(true);
    expect(bestEpoch).toBe(4);
  });

  test('weight decay makes it less sure of itself', async () => {
    const size = async (weightDecay: number): Promise<number> => {
      const { head } = await trainHead(job({ options: { epochs: 30, learningRate: 0.05, weightDecay } }));
      return Math.hypot(...head.kernel);
    };
    expect(await size(1)).toBeLessThan(await size(0));
  });

  test('tells of every epoch as it goes', async () => {
    const told: Epoch[] = [];
    const { history } = await trainHead(job({ options: { epochs: 3 }, onEpoch: (e) => told.push(e) }));
    expect(told).toEqual(history);
    expect(told.map((e) => e.epoch)).toEqual([1, 2, 3]);
  });

  test('can be stopped, and leaves no tensor behind either way', async () => {
    expect(await leftBehind(() => trainHead(job({ options: { epochs: 2 } })))).toBe(0);
    const signal = { aborted: false };
    const onEpoch = (): void => {
      signal.aborted = true;
    };
    expect(
      await leftBehind(() =>
        expect(trainHead(job({ signal, onEpoch }))).rejects.toThrow('training was cancelled'),
      ),
    ).toBe(0);
  });

  test.each<[string, Partial<HeadJob>]>([
    ['training: no rows', { features: new Float32Array(0), labels: new Int32Array(0) }],
    [
      'training: row 1 has label 3 of 3 classes',
      { features: new Float32Array(12), labels: Int32Array.of(0, 3) },
    ],
    [
      'validation: 10 numbers do not fit',
      { validation: { features: new Float32Array(10), labels: Int32Array.of(0, 1) } },
    ],
  ])('refuses data that do not fit: %s', async (message, more) => {
    await expect(trainHead(job(more))).rejects.toThrow(message);
  });
});
