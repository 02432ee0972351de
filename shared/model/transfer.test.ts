import { memory, tensor4d, type Tensor2D } from '@tensorflow/tfjs-core';
import { loadLayersModel, model as makeModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

import { backboneSource, hasBackbones } from '../testing/backbones.ts';
import { useEngine } from '../testing/engines.ts';
import { largestDifference, randomHead, randomNumbers } from '../testing/models.ts';
import { joinClassifier } from './classifier.ts';
import { readLayersModel } from './layers-model.ts';
import { recognise } from './recognise.ts';
import { serialiseLayersModel } from './serialise.ts';
import { loadBackbone } from './transfer.ts';
import type { LayersModelFiles } from './weights.ts';
import { buildBackbone } from './zoo.ts';

/** The same files run by the library's own loader: the reference. */
async function loadReference(source: LayersModelFiles): Promise<LayersModel> {
  const json = source.modelJson as {
    modelTopology: object;
    weightsManifest: { paths: string[]; weights: never[] }[];
  };
  const parts: Uint8Array[] = [];
  for (const path of json.weightsManifest.flatMap((g) => g.paths)) parts.push(await source.loadFile(path));
  return loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest.flatMap((g) => g.weights),
        weightData: new Uint8Array(Buffer.concat(parts)).buffer,
      }),
  });
}

/** A model of ours as a source, its parts open to damage. */
async function savedSource(): Promise<{ json: Saved; bytes: Uint8Array; source: () => LayersModelFiles }> {
  const { model } = buildBackbone({ name: 'mobilenet-v1', width: 0.25, size: 32, batchNorm: true, seed: 3 });
  const saved = await serialiseLayersModel(model);
  model.dispose();
  const json = structuredClone(saved.modelJson) as unknown as Saved;
  const source = (): LayersModelFiles => ({
    modelJson: json,
    loadFile: () => Promise.resolve(saved.weights),
  });
  return { json, bytes: saved.weights, source };
}
interface Saved {
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}

beforeAll(() => useEngine('wasm'));

describe.skipIf(!hasBackbones)('published backbones (skipped where the weights are not there)', () => {
  test.each([
    ['mobilenet-v2-1.0-224', { name: 'mobilenet-v2', width: 1, size: 224, batchNorm: false }, 'predictions'],
    [
      'mobilenet-v1-0.75-224',
      { name: 'mobilenet-v1', width: 0.75, size: 224, batchNorm: true },
      'conv_preds',
    ],
  ] as const)('%s: features and 1000 scores equal those of its own topology', async (name, spec, head) => {
    const source = backboneSource(name);
    const reference = await loadReference(source);
    const backbone = await loadBackbone(source);
    expect(backbone.spec).toEqual(spec);

    const pool = reference.layers.find((l) => l.getClassName() === 'GlobalAveragePooling2D')!;
    const features = makeModel({ inputs: reference.inputs, outputs: pool.output });
    const input = tensor4d(randomNumbers(224 * 224 * 3, 1), [1, 224, 224, 3]);
    const [expected, found] = [
      features.predict(input) as Tensor2D,
      backbone.model.predict(input) as Tensor2D,
    ];
    expect(largestDifference(await found.data(), await expected.data())).toBeLessThan(1e-4);

    const { weights } = await readLayersModel(source);
    const kernel = weights.get(`${head}/kernel`)!.data;
    const bias = weights.get(`${head}/bias`)!.data;
    const classifier = joinClassifier({
      backbone,
      head: { dims: backbone.features, classes: 1000, kernel, bias },
    });
    const [scores, ours] = [reference.predict(input) as Tensor2D, classifier.predict(input) as Tensor2D];
    expect(largestDifference(await ours.data(), await scores.data())).toBeLessThan(1e-4);
    for (const t of [input, expected, found, scores, ours, classifier, backbone.model, reference])
      t.dispose();
  });
});

describe('a saved classifier', () => {
  test('is a source of weights itself: train, save, load, same features', async () => {
    const backbone = buildBackbone({ name: 'mobilenet-v2', width: 0.35, size: 64, batchNorm: true, seed: 9 });
    const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 3) });
    const { modelJson, weights } = await serialiseLayersModel(classifier);
    const again = await loadBackbone({ modelJson, loadFile: () => Promise.resolve(weights) });
    expect(again.spec).toMatchObject({ name: 'mobilenet-v2', width: 0.35, size: 64, batchNorm: true });
    const input = tensor4d(randomNumbers(64 * 64 * 3, 1), [1, 64, 64, 3]);
    const [a, b] = [backbone.model.predict(input) as Tensor2D, again.model.predict(input) as Tensor2D];
    expect(await b.data()).toEqual(await a.data());
    for (const t of [a, b, input, classifier, backbone.model, again.model]) t.dispose();
  });
});

describe('a training form', () => {
  test('of a width that nobody published says which one it is', async () => {
    const spec = { name: 'mobilenet-v1', width: 0.3, size: 32, batchNorm: true } as const;
    const { model } = buildBackbone(spec);
    const { modelJson, weights } = await serialiseLayersModel(model, spec);
    model.dispose();
    const again = await loadBackbone({ modelJson, loadFile: () => Promise.resolve(weights) });
    expect(again.spec).toEqual(spec);
    again.model.dispose();
  });

  test('of ResNet-50 keeps its channels, where Keras has blue first', async () => {
    const spec = { name: 'resnet-50', width: 0.25, size: 32, batchNorm: true } as const;
    const { model } = buildBackbone(spec);
    const { modelJson, weights } = await serialiseLayersModel(model, spec);
    const kernel = await model.weights[0]!.read().data();
    model.dispose();
    const load = async (json: object): Promise<ArrayLike<number>> => {
      const again = await loadBackbone({ modelJson: json, loadFile: () => Promise.resolve(weights) });
      const data = await again.model.weights[0]!.read().data();
      again.model.dispose();
      return data;
    };
    expect(await load(modelJson)).toEqual(kernel);
    const keras = await load({ ...modelJson, generatedBy: 'keras v2.4.0' });
    const filters = kernel.length / (7 * 7 * 3);
    expect([keras[0], keras[2 * filters]]).toEqual([kernel[2 * filters], kernel[0]]);
    expect(keras[filters]).toBe(kernel[filters]);
  });

  test('is loaded for another input size when one is asked for', async () => {
    const { source } = await savedSource();
    const again = await loadBackbone(source(), { size: 64 });
    expect(again.preprocessing.size).toBe(64);
    expect(again.model.inputs[0]?.shape).toEqual([null, 64, 64, 3]);
    again.model.dispose();
    await expect(loadBackbone(source(), { size: 16 })).rejects.toThrow(
      'MobileNet V1: needs an input of at least 32 px, not 16',
    );
  });
});

describe('weights that do not fit are refused by name', () => {
  test('another shape: both are named', async () => {
    const { json, source } = await savedSource();
    const weight = json.weightsManifest[0]!.weights.find((w) => w.name === 'conv_dw_1/depthwise_kernel')!;
    weight.shape = [3, 3, 1, 8];
    await expect(loadBackbone(source())).rejects.toThrow(
      'conv_dw_1/depthwise_kernel: shape [3, 3, 1, 8], expected [3, 3, 8, 1]',
    );
  });

  test('one that is missing', async () => {
    const { json, source } = await savedSource();
    json.weightsManifest[0]!.weights.find((w) => w.name === 'conv_pw_2_bn/gamma')!.name = 'other';
    await expect(loadBackbone(source())).rejects.toThrow('conv_pw_2_bn/gamma: missing; expected shape [32]');
  });

  test('a value that is no number', async () => {
    const { bytes, source } = await savedSource();
    new DataView(bytes.buffer).setFloat32(0, NaN, true);
    await expect(loadBackbone(source())).rejects.toThrow(/conv1\/kernel: holds a value that is no number/);
  });

  test('a width that was never published', () => {
    const shape = [1, 1, 300, 300];
    const kernel = { name: 'conv_pw_13/kernel', shape, data: new Float32Array(90_000) };
    const foreign = {
      file: 'x.h5',
      naming: 'keras',
      weights: new Map([[kernel.name, kernel]]),
      layers: [],
    } as const;
    expect(() => recognise(foreign)).toThrow(
      'conv_pw_13/kernel: shape [1, 1, 300, 300], expected its last edge to be one of 256 (MobileNet V1, width 0.25)',
    );
  });

  test('a batch-norm with another epsilon than ours', () => {
    const kernel = { name: 'conv_pw_13/kernel', shape: [1, 1, 256, 256], data: new Float32Array(0) };
    const norm = { className: 'BatchNormalization', name: 'conv1_bn', config: { epsilon: 1e-5 } };
    const foreign = {
      file: 'x.h5',
      naming: 'keras',
      weights: new Map([[kernel.name, kernel]]),
      layers: [norm],
    } as const;
    expect(() => recognise(foreign)).toThrow('conv1_bn: epsilon 0.00001, expected 0.001');
  });

  test('and nothing of the failed backbone stays on the engine', async () => {
    const { json, source } = await savedSource();
    json.weightsManifest[0]!.weights.find((w) => w.name === 'conv_pw_2_bn/gamma')!.name = 'other';
    const before = memory().numTensors;
    await loadBackbone(source()).catch(() => undefined);
    expect(memory().numTensors).toBe(before);
  });

  test('a network that is not in the zoo', async () => {
    const { json, source } = await savedSource();
    for (const w of json.weightsManifest[0]!.weights) w.name = `x_${w.name}`;
    await expect(loadBackbone(source())).rejects.toThrow(
      /none of the networks in the zoo\. Known are, .*: MobileNet V1, MobileNet V2/,
    );
  });
});
