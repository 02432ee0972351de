import { tensor4d, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  type LayersModel,
  model,
  sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Preprocessing } from '../schema/model.ts';
import { ENGINES, leftBehind, useEngine } from '../testing/engines.ts';
import { disturbBatchNorm, largestDifference, randomHead, randomNumbers, settle } from '../testing/models.ts';
import { joinClassifier } from './classifier.ts';
import { compileNetwork, type CompiledNetwork } from './compile.ts';
import { loadNetwork } from './network.ts';
import { type Backbone, type BackboneSpec, buildBackbone } from './zoo.ts';
import { ZOO, type ZooName } from './zoo/table.ts';

/** A network of the zoo, narrow and for a small image of odd size, so that padding is uneven. */
function small(name: ZooName, batchNorm: boolean): BackboneSpec {
  return { name, width: 0.25, size: name === 'inception-v4' ? 91 : 45, batchNorm };
}

const NAMES = Object.keys(ZOO) as ZooName[];
const CASES = {
  // One EfficientNet stands for all there: the cpu engine is slow, and they differ in width and depth only.
  cpu: NAMES.filter((name) => !/b[1-7]$/.test(name)).map((name) => small(name, true)),
  wasm: NAMES.flatMap((name) =>
    [true, ...(/^mobilenet/.test(name) ? [false] : [])].map((n) => small(name, n)),
  ),
};
const SIZE = 64;
const PREPROCESSING: Preprocessing = { size: SIZE, range: [-1, 1], resize: 'letterbox' };

function settled(spec: BackboneSpec): Backbone {
  const backbone = buildBackbone(spec);
  const some = images(2, spec.size);
  settle(backbone.model, some);
  some.dispose();
  return backbone;
}

function classifierOf(spec: BackboneSpec): LayersModel {
  const backbone = settled(spec);
  const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 5) });
  backbone.model.dispose();
  return classifier;
}

function largest(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((max, x) => Math.max(max, Math.abs(x)), 0);
}

function images(n: number, size = SIZE): Tensor4D {
  return tensor4d(randomNumbers(n * size * size * 3, 3), [n, size, size, 3]);
}

async function compiled(spec: BackboneSpec): Promise<CompiledNetwork> {
  const classifier = classifierOf(spec);
  try {
    return await compileNetwork(classifier, { ...PREPROCESSING, size: spec.size });
  } finally {
    classifier.dispose();
  }
}

describe.each(ENGINES)('on the %s engine the compiled network', (engine) => {
  beforeAll(() => useEngine(engine));

  test.each(CASES[engine])(
    'gives the same scores and features as the trained $name, batch-norm there: $batchNorm',
    async (spec) => {
      const backbone = settled(spec);
      const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 5) });
      const { file, weights } = await compileNetwork(classifier, { ...PREPROCESSING, size: spec.size });
      const network = loadNetwork(file, weights.buffer);
      const input = images(2, spec.size);
      const trained = [classifier.predict(input), backbone.model.predict(input)] as Tensor2D[];
      const answers = [network.predict(input), network.embed(input)];
      expect(answers[0]?.shape).toEqual([2, 5]);
      for (const [i, answer] of answers.entries()) {
        const [found, expected] = [await answer.data(), (await trained[i]?.data()) ?? []];
        // Features have no bound of their own, and their rounding errors add up over 100 layers.
        const bound = i === 0 ? 1e-5 : 3e-5 * largest(expected);
        expect(largestDifference(found, expected)).toBeLessThan(bound);
        // A network that says the same of every image would prove nothing.
        const half = found.length / 2;
        expect(largestDifference(found.slice(0, half), found.slice(half))).toBeGreaterThan(
          1e-3 * largest(found),
        );
      }
      for (const t of [backbone.model, classifier, network, input, ...trained, ...answers]) t.dispose();
    },
  );

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
    expect(file.ops.every((o) => !('strides' in o) || ('filter' in o && o.activation === 'relu6'))).toBe(
      true,
    );
  });

  test('leaves no tensor behind and the model as it was', async () => {
    const classifier = classifierOf(small('mobilenet-v1', true));
    const before = await classifier.weights[1]!.read().data();
    expect(await leftBehind(() => compileNetwork(classifier, { ...PREPROCESSING, size: 45 }))).toBe(0);
    expect(await classifier.weights[1]!.read().data()).toEqual(before);
    classifier.dispose();
  });

  test('keeps an activation apart where its convolution is read elsewhere too', async () => {
    const start = input({ shape: [8, 8, 3] });
    const wide = layers.conv2d({ filters: 4, kernelSize: 3, name: 'wide' }).apply(start) as SymbolicTensor;
    const normed = layers.batchNormalization({}).apply(wide) as SymbolicTensor;
    const bent = layers.reLU({}).apply(normed) as SymbolicTensor;
    const sum = layers.add().apply([normed, bent]) as SymbolicTensor;
    const pooled = layers.globalAveragePooling2d({}).apply(sum) as SymbolicTensor;
    const scores = layers.dense({ units: 2, activation: 'softmax' }).apply(pooled) as SymbolicTensor;
    const branched = model({ inputs: start, outputs: scores });
    disturbBatchNorm(branched);
    const { file, weights } = await compileNetwork(branched, { ...PREPROCESSING, size: 16 });
    expect(file.ops.map((o) => o.op)).toEqual(['conv', 'activate', 'add', 'mean', 'dense']);
    const network = loadNetwork(file, weights.buffer);
    const x = images(2, 8);
    const [expected, found] = [branched.predict(x) as Tensor2D, network.predict(x)];
    expect(largestDifference(await found.data(), await expected.data())).toBeLessThan(1e-6);
    for (const t of [branched, network, x, expected, found]) t.dispose();
  });

  test('leaves out the dropout before the head, which only matters in training', async () => {
    const classifier = classifierOf(small('efficientnet-b0', false));
    expect(classifier.layers.at(-2)?.getClassName()).toBe('Dropout');
    expect(classifier.layers.at(-2)?.getConfig().rate).toBe(0.2);
    const { file } = await compileNetwork(classifier, { ...PREPROCESSING, size: 45 });
    expect(file.ops.at(-1)).toMatchObject({ op: 'dense', input: file.features });
    classifier.dispose();
  });

  test('names the layer it has no operation for', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({ inputShape: [64, 64, 3], filters: 2, kernelSize: 3 }),
        layers.upSampling2d({ size: [2, 2], name: 'larger' }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    await expect(compileNetwork(model, PREPROCESSING)).rejects.toThrow(/"larger".*UpSampling2D/);
    model.dispose();
  });
});
