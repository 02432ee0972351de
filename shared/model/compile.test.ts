import { tensor4d, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type LayersModel, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

import { ENGINES, leftBehind, useEngine } from '../testing/engines.ts';
import { disturbBatchNorm, largestDifference, randomHead, randomNumbers } from '../testing/models.ts';
import { joinClassifier } from './classifier.ts';
import { compileNetwork, type CompiledNetwork } from './compile.ts';
import { loadNetwork } from './network.ts';
import { type BackboneSpec, buildBackbone } from './zoo.ts';

const CASES = (['mobilenet-v1', 'mobilenet-v2'] as const).flatMap((name) =>
  [true, false].map((batchNorm): BackboneSpec => ({ name, width: 0.35, size: 64, batchNorm })),
);
const PREPROCESSING = { size: 64, range: [-1, 1], resize: 'letterbox' } as const;

function classifierOf(spec: BackboneSpec): LayersModel {
  const backbone = buildBackbone(spec);
  disturbBatchNorm(backbone.model);
  const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 5) });
  backbone.model.dispose();
  return classifier;
}

function images(n: number): Tensor4D {
  return tensor4d(randomNumbers(n * 64 * 64 * 3, 3), [n, 64, 64, 3]);
}

async function compiled(spec: BackboneSpec): Promise<CompiledNetwork> {
  const classifier = classifierOf(spec);
  try {
    return await compileNetwork(classifier, { ...PREPROCESSING, range: [-1, 1] });
  } finally {
    classifier.dispose();
  }
}

describe.each(ENGINES)('on the %s engine the compiled network', (engine) => {
  beforeAll(() => useEngine(engine));

  test.each(CASES)(
    'gives the same scores as the trained $name, batch-norm there: $batchNorm',
    async (spec) => {
      const classifier = classifierOf(spec);
      const { file, weights } = await compileNetwork(classifier, { ...PREPROCESSING, range: [-1, 1] });
      const network = loadNetwork(file, weights.buffer);
      const input = images(3);
      const trained = classifier.predict(input) as Tensor2D;
      const answer = network.predict(input);
      expect(answer.shape).toEqual([3, 5]);
      expect(largestDifference(await answer.data(), await trained.data())).toBeLessThan(1e-5);
      network.dispose();
      classifier.dispose();
      for (const t of [input, trained, answer]) t.dispose();
    },
  );

  test('embeds an image as the backbone does', async () => {
    const backbone = buildBackbone({ name: 'mobilenet-v2', width: 0.35, size: 64, batchNorm: true });
    const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 2) });
    const { file, weights } = await compileNetwork(classifier, backbone.preprocessing);
    const network = loadNetwork(file, weights.buffer);
    const input = images(2);
    const [expected, found] = [backbone.model.predict(input) as Tensor2D, network.embed(input)];
    expect(network.features).toBe(1280);
    expect(largestDifference(await found.data(), await expected.data())).toBeLessThan(1e-4);
    for (const t of [backbone.model, classifier, network, input, expected, found]) t.dispose();
  });

  test('leaves no tensor behind', async () => {
    const { file, weights } = await compiled({
      name: 'mobilenet-v2',
      width: 0.35,
      size: 64,
      batchNorm: false,
    });
    expect(
      await leftBehind(() => {
        const network = loadNetwork(file, weights.buffer);
        const input = images(1);
        for (let i = 0; i < 3; i += 1) {
          network.predict(input).dispose();
          network.embed(input).dispose();
        }
        input.dispose();
        network.dispose();
      }),
    ).toBe(0);
  });
});

describe('compiling', () => {
  beforeAll(() => useEngine('cpu'));

  test('folds every batch-norm and fuses every activation: one operation a convolution', async () => {
    const { file } = await compiled({ name: 'mobilenet-v1', width: 0.35, size: 64, batchNorm: true });
    expect(file.ops.map((o) => o.op).filter((o) => o === 'conv' || o === 'depthwise')).toHaveLength(27);
    expect(file.ops).toHaveLength(29);
    expect(file.ops.every((o) => !('activation' in o) || o.activation === 'relu6')).toBe(true);
  });

  test('leaves no tensor behind and the model as it was', async () => {
    const classifier = classifierOf(CASES[0]!);
    const before = await classifier.weights[1]!.read().data();
    expect(await leftBehind(() => compileNetwork(classifier, { ...PREPROCESSING, range: [-1, 1] }))).toBe(0);
    expect(await classifier.weights[1]!.read().data()).toEqual(before);
    classifier.dispose();
  });

  test('names the layer it has no operation for', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({ inputShape: [64, 64, 3], filters: 2, kernelSize: 3 }),
        layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
        layers.flatten(),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    await expect(compileNetwork(model, { ...PREPROCESSING, range: [-1, 1] })).rejects.toThrow(
      /"pool".*MaxPooling2D/,
    );
    model.dispose();
  });
});
