import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Tensor2D, tensor4d } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { networkInput } from '../image/network-input.ts';
import { useEngine } from '../testing/engines.ts';
import { formulaImages, formulaWeight, IMAGES } from '../testing/formula.ts';
import { largestDifference } from '../testing/models.ts';
import { timmName } from './timm.ts';
import { loadBackbone } from './transfer.ts';
import type { ForeignModel, NamedWeight } from './weights.ts';
import { type Backbone, type BackboneSpec, buildBackbone } from './zoo.ts';

interface Fixture {
  readonly naming: 'keras' | 'timm';
  readonly width: number;
  readonly size: number;
  readonly gain: number;
  /** SHA-256 over names and shapes of all tensors but the classifier's. */
  readonly tensors: string;
  /** Base64 of float32 [images, features]. */
  readonly features: string;
}

beforeAll(() => useEngine('wasm'));

let loaded: Backbone | undefined;
afterEach(() => {
  loaded?.model.dispose();
  loaded = undefined;
});

/** Features of weights and pixels that follow a formula, as Keras or timm computed them (make_fixtures.py). */
describe('features equal those of Keras and timm within 1e-4', () => {
  test.each([
    ['mobilenet-v1', 'mobilenet-v1'],
    ['mobilenet-v2', 'mobilenet-v2'],
    ['mobilenet-v3-small', 'mobilenet-v3-small'],
    ['mobilenet-v3-large', 'mobilenet-v3-large'],
    ['resnet-50', 'resnet-50'],
    ['efficientnet-b0', 'efficientnet-b0'],
    ['efficientnet-b3', 'efficientnet-b3'],
    ['inception-v4', 'inception-v4'],
    ['tf_efficientnet_b0', 'efficientnet-b0'],
  ] as const)('%s', async (file, name) => {
    const fixture = readFixture(file);
    const { width, size } = fixture;
    const foreign = foreignModel({ name, width, size, batchNorm: true }, fixture, file);
    loaded = await loadBackbone(foreign, { size });
    expect(loaded.spec).toEqual({ name, width, size, batchNorm: true });

    const input = tensor4d(networkInput(formulaImages(size), loaded.preprocessing), [IMAGES, size, size, 3]);
    const features = loaded.model.predict(input) as Tensor2D;
    const expected = new Float32Array(new Uint8Array(Buffer.from(fixture.features, 'base64')).buffer);
    const found = await features.data();
    expect(found).toHaveLength(expected.length);
    expect(largestDifference(found, expected)).toBeLessThan(1e-4);
    input.dispose();
    features.dispose();
  });
});

function readFixture(name: string): Fixture {
  const path = join(import.meta.dirname, 'fixtures', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Fixture;
}

/** All tensors that the real file has but its classifier, under their foreign names and in their foreign layout. */
function foreignModel(spec: BackboneSpec, fixture: Fixture, file: string): ForeignModel {
  const { model } = buildBackbone({ ...spec, seed: null });
  const weights = model.weights.map((w): NamedWeight => {
    const shape = w.shape.map((n) => n ?? 0);
    if (fixture.naming === 'keras') return formulaWeight(w.originalName, shape, fixture.gain);
    return formulaWeight(timmName(w.originalName), timmShape(w.originalName, shape), fixture.gain);
  });
  model.dispose();
  const lines = weights.map((w) => `${w.name} ${w.shape.join(',')}`).sort();
  expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(fixture.tensors);
  const byName = new Map(weights.map((w) => [w.name, w]));
  const timm = { architecture: file, size: null, mean: null, std: null };
  return { file, naming: fixture.naming, weights: byName, layers: [], timm };
}

function timmShape(name: string, shape: readonly number[]): readonly number[] {
  if (shape.length !== 4) return shape;
  const [h = 0, w = 0, i = 0, o = 0] = shape;
  return name.endsWith('/depthwise_kernel') ? [i, o, h, w] : [o, i, h, w];
}
