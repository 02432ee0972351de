import { type Tensor, type Tensor2D, tensor4d } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../testing/engines.ts';
import { disturbBatchNorm, largestDifference, randomHead, randomNumbers } from '../testing/models.ts';
import { joinClassifier, splitBackbone, type SplitBackbone } from './classifier.ts';
import { fineTuneTop, type FineTuneJob } from './finetune.ts';
import type { BoundarySet } from './top-in-training.ts';
import { registerWasmGradients } from './kernels/wasm-gradients.ts';
import { type Backbone, buildBackbone } from './zoo.ts';

beforeAll(async () => {
  await useEngine('wasm');
  registerWasmGradients();
});

function smallBackbone(name: 'mobilenet-v1' | 'mobilenet-v2'): Backbone {
  const backbone = buildBackbone({ name, width: 0.25, size: 32, batchNorm: true });
  disturbBatchNorm(backbone.model);
  return backbone;
}

async function numbersOf(model: LayersModel): Promise<Map<string, Float32Array>> {
  const entries = model.weights.map(
    async (w) => [w.originalName, Float32Array.from(await w.read().data())] as const,
  );
  return new Map(await Promise.all(entries));
}

/** Random photos at the boundary; the class is told by the sign of the first number. */
function photos(boundary: readonly number[], rows: number, seed: number): BoundarySet {
  const size = boundary.reduce((a, b) => a * b, 1);
  const features = randomNumbers(rows * size, seed);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
  for (let i = 0; i < features.length; i += 1) {
    if (Math.floor(i / size) % 2 === 1) features[i] = (features[i] ?? 0) + 1;
  }
  const read = (wanted: readonly number[]): Promise<Float32Array> => {
    const out = new Float32Array(wanted.length * size);
    wanted.forEach((row, i) => {
      out.set(features.subarray(row * size, (row + 1) * size), i * size);
    });
    return Promise.resolve(out);
  };
  return { labels, read };
}

function job(split: SplitBackbone, features: number, more: Partial<FineTuneJob> = {}): FineTuneJob {
  return {
    top: split.top,
    boundary: split.boundary,
    head: randomHead(features, 2),
    training: photos(split.boundary, 12, 1),
    validation: photos(split.boundary, 6, 2),
    options: { epochs: 3, batchSize: 4, learningRate: 1e-3, patience: 3 },
    ...more,
  };
}

function free(...things: { dispose: () => unknown }[]): void {
  for (const thing of things) thing.dispose();
}

describe('a backbone cut in two', () => {
  test.each(['mobilenet-v1', 'mobilenet-v2'] as const)('%s: bottom then top is the whole', async (name) => {
    const backbone = smallBackbone(name);
    const { bottom, top, boundary } = splitBackbone(backbone, 1);
    const x = tensor4d(randomNumbers(2 * 32 * 32 * 3, 4), [2, 32, 32, 3]);
    const at = bottom.predict(x) as Tensor;
    const [parts, whole] = [top.predict(at) as Tensor2D, backbone.model.predict(x) as Tensor2D];
    expect(at.shape.slice(1)).toEqual(boundary);
    expect(largestDifference(await parts.data(), await whole.data())).toBeLessThan(1e-6);
    free(x, at, parts, whole, bottom, top, backbone.model);
  });

  test.each([0, 14, 1.5])('refuses to train %d of its blocks', (blocks) => {
    const backbone = buildBackbone({ name: 'mobilenet-v1', width: 0.25, size: 32, batchNorm: true });
    expect(() => splitBackbone(backbone, blocks)).toThrow('expected 1 … 13');
    backbone.model.dispose();
  });
});

describe('fine-tuning the final block', () => {
  test.each(['mobilenet-v1', 'mobilenet-v2'] as const)(
    'of %s lowers the loss; frozen weights and every batch-norm statistic stay bit-identical',
    async (name) => {
      const backbone = smallBackbone(name);
      const before = await numbersOf(backbone.model);
      const split = splitBackbone(backbone, 1);
      const { head, history, bestEpoch } = await fineTuneTop(job(split, backbone.features));
      expect(bestEpoch).toBeGreaterThan(0);
      expect(history.at(-1)?.loss).toBeLessThan(history[0]?.loss ?? 0);

      const classifier = joinClassifier({ backbone, head, top: split.top });
      const after = await numbersOf(classifier);
      const learnt = new Set(split.top.trainableWeights.map((w) => w.originalName));
      for (const [weight, values] of before) {
        if (learnt.has(weight)) expect(after.get(weight), weight).not.toEqual(values);
        else expect(after.get(weight), weight).toEqual(values);
      }
      expect([...learnt].some((n) => n.includes('moving'))).toBe(false);
      free(classifier, split.bottom, split.top, backbone.model);
    },
  );

  test('ends with the start where nothing was better', async () => {
    const backbone = smallBackbone('mobilenet-v1');
    const split = splitBackbone(backbone, 1);
    const before = await numbersOf(split.top);
    const options = { epochs: 3, patience: 1, learningRate: 5, batchSize: 4 };
    const { head, bestEpoch } = await fineTuneTop(job(split, backbone.features, { options }));
    expect(bestEpoch).toBe(0);
    expect(head).toEqual(randomHead(backbone.features, 2));
    expect(await numbersOf(split.top)).toEqual(before);
    free(split.bottom, split.top, backbone.model);
  });

  test('stopped half way leaves the top as it was and no tensor behind', async () => {
    const backbone = smallBackbone('mobilenet-v1');
    const split = splitBackbone(backbone, 1);
    const before = await numbersOf(split.top);
    const signal = { aborted: false };
    const onEpoch = (): void => {
      signal.aborted = true;
    };
    const left = await leftBehind(() =>
      expect(fineTuneTop(job(split, backbone.features, { signal, onEpoch }))).rejects.toThrow('cancelled'),
    );
    expect(left).toBe(0);
    expect(await numbersOf(split.top)).toEqual(before);
    free(split.bottom, split.top, backbone.model);
  });
});
