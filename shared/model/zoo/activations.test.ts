import { io, tensor1d, type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../../testing/engines.ts';
import { largestDifference, randomHead, randomNumbers } from '../../testing/models.ts';
import { joinClassifier } from '../classifier.ts';
import { serialiseLayersModel } from '../serialise.ts';
import { buildBackbone } from '../zoo.ts';
import { activationLayer, activationOf, HardSigmoid, HardSwish } from './activations.ts';

beforeAll(() => useEngine('cpu'));

const AT = [-4, -3, -1, -0.5, 0, 0.5, 1, 3, 4, 7];
const clip = (x: number, high: number): number => Math.min(Math.max(x, 0), high);
const FORMULAS = {
  relu: (x: number) => Math.max(x, 0),
  relu6: (x: number) => clip(x, 6),
  swish: (x: number) => x / (1 + Math.exp(-x)),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  hardSigmoid: (x: number) => clip(x + 3, 6) / 6,
  hardSwish: (x: number) => (x * clip(x + 3, 6)) / 6,
} as const;
const NAMES = Object.keys(FORMULAS) as (keyof typeof FORMULAS)[];

describe.each(NAMES)('the layer of %s', (name) => {
  test('gives what the formula gives', async () => {
    const layer = activationLayer(name, 'it');
    const x = tensor1d(AT);
    const y = layer.apply(x) as Tensor;
    expect(largestDifference(await y.data(), AT.map(FORMULAS[name]))).toBeLessThan(1e-6);
    y.dispose();
    x.dispose();
  });

  test('is recognised again', () => {
    const layer = activationLayer(name, 'it');
    expect(activationOf(layer.getClassName(), layer.getConfig())).toBe(name);
  });
});

test('the layers of our own leave nothing behind', async () => {
  const x = tensor1d(AT);
  for (const layer of [new HardSwish({}), new HardSigmoid({})]) {
    expect(await leftBehind(() => layer.call(x))).toBe(1);
  }
});

test('other layers, and settings we do not have, are no activation of ours', () => {
  expect(activationOf('Conv2D', {})).toBeNull();
  expect(activationOf('ReLU', { maxValue: 4 })).toBeNull();
  expect(activationOf('ReLU', { maxValue: 6, negativeSlope: 0.1 })).toBeNull();
  expect(activationOf('Activation', { activation: 'hardSigmoid' })).toBeNull();
});

test('a network with activations of our own is saved and loaded again with the same answers', async () => {
  const backbone = buildBackbone({ name: 'mobilenet-v3-small', width: 0.25, size: 32, batchNorm: true });
  const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 3) });
  const { modelJson, weights } = await serialiseLayersModel(classifier);
  const [manifest] = modelJson.weightsManifest as [{ weights: io.WeightsManifestEntry[] }];
  const saved = io.fromMemory({
    modelTopology: modelJson.modelTopology as object,
    weightSpecs: manifest.weights,
    weightData: weights.buffer,
  });
  const loaded = await loadLayersModel(saved);
  const x = tensor4d(randomNumbers(32 * 32 * 3, 1), [1, 32, 32, 3]);
  const [expected, found] = [classifier.predict(x) as Tensor, loaded.predict(x) as Tensor];
  expect(await found.data()).toEqual(await expected.data());
  for (const t of [backbone.model, classifier, loaded, x, expected, found]) t.dispose();
});
