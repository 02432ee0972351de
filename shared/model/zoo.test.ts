import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { useEngine } from '../testing/engines.ts';
import { type Backbone, buildBackbone } from './zoo.ts';
import { makeDivisible } from './zoo/parts.ts';
import { isZooName, ZOO, type ZooName } from './zoo/table.ts';

beforeAll(() => useEngine('cpu'));

let built: Backbone | undefined;
afterEach(() => {
  built?.model.dispose();
  built = undefined;
});

/** Parameters with a 1000-way classifier on top, as Keras counts them. */
function withTop(backbone: Backbone): number {
  return backbone.model.countParams() + backbone.features * 1000 + 1000;
}

describe('the zoo has the published number of parameters', () => {
  test.each([
    ['mobilenet-v2', 0.35, 1_691_208],
    ['mobilenet-v2', 1.4, 6_156_712],
    ['mobilenet-v1', 0.75, 2_601_976],
    ['mobilenet-v1', 0.5, 1_342_536],
    ['mobilenet-v1', 0.25, 475_544],
    ['mobilenet-v3-small', 0.75, 2_051_552],
    ['mobilenet-v3-large', 0.75, 4_012_616],
  ] as const)('%s, width %d: %d', (name, width, parameters) => {
    built = buildBackbone({ name, width, size: 32, batchNorm: true, seed: null });
    expect(withTop(built)).toBe(parameters);
  });

  test.each(Object.keys(ZOO) as ZooName[])('%s at width 1', (name) => {
    const { parameters, features, featureLayer, minSize } = ZOO[name];
    built = buildBackbone({ name, width: 1, size: minSize, batchNorm: true, seed: null });
    const averages = built.model.nonTrainableWeights.reduce((n, w) => n + (w.shape[0] ?? 0), 0);
    expect(withTop(built) - (name === 'inception-v4' ? averages : 0)).toBe(parameters);
    expect(built.features).toBe(features);
    expect(built.model.outputs[0]?.shape).toEqual([null, features]);
    expect(built.model.layers.at(-1)?.name).toBe(featureLayer);
  });
});

describe('the final block is the whole last stage, since a connection may not be cut (E-06)', () => {
  test.each([
    ['mobilenet-v1', ['block_13']],
    ['mobilenet-v2', ['block_16']],
    ['mobilenet-v3-small', ['block_10']],
    ['mobilenet-v3-large', ['block_14']],
    ['resnet-50', ['conv5_block1', 'conv5_block2', 'conv5_block3']],
    ['inception-v4', ['features.19', 'features.20', 'features.21']],
    ['efficientnet-b0', ['block7a']],
    ['efficientnet-b1', ['block7a', 'block7b']],
    ['efficientnet-b5', ['block7a', 'block7b', 'block7c']],
    ['efficientnet-b7', ['block7a', 'block7b', 'block7c', 'block7d']],
  ] as const)('%s: %j', (name, blocks) => {
    const { minSize, finalBlocks } = ZOO[name];
    built = buildBackbone({ name, width: 0.25, size: minSize, batchNorm: false, seed: null });
    expect(built.blocks.slice(-finalBlocks)).toEqual(blocks);
  });

  test.each((Object.keys(ZOO) as ZooName[]).filter((name) => /^(resnet|efficientnet)/.test(name)))(
    '%s has no other block of that stage',
    (name) => {
      const { minSize, finalBlocks } = ZOO[name];
      built = buildBackbone({ name, width: 0.25, size: minSize, batchNorm: false, seed: null });
      const stages = built.blocks.map((block) => /^(conv|block)\d/.exec(block)?.[0] ?? block);
      const last = stages.at(-1) ?? '';
      expect(stages.indexOf(last)).toBe(stages.length - finalBlocks);
      expect(new Set(stages.slice(-finalBlocks))).toEqual(new Set([last]));
    },
  );
});

describe('a backbone', () => {
  test('goes from a square image to one feature vector', () => {
    built = buildBackbone({ name: 'mobilenet-v2', width: 0.35, size: 96, batchNorm: false });
    expect(built.model.inputs[0]?.shape).toEqual([null, 96, 96, 3]);
    expect(built.model.outputs[0]?.shape).toEqual([null, 1280]);
    expect(built.preprocessing).toEqual({ size: 96, range: [-1, 1], resize: 'letterbox' });
  });

  test('has its last convolution in its final block, after the last residual connection', () => {
    built = buildBackbone({ name: 'mobilenet-v2', width: 0.35, size: 32, batchNorm: true });
    expect(built.blocks).toHaveLength(18);
    expect(built.blocks.at(-1)).toBe('block_16');
  });

  test('widens its last layer only for widths above 1', () => {
    built = buildBackbone({ name: 'mobilenet-v2', width: 1.4, size: 32, batchNorm: false });
    expect(built.features).toBe(1792);
  });

  test('starts with the same random weights for the same seed', async () => {
    const spec = { name: 'mobilenet-v1', width: 0.25, size: 32, batchNorm: true } as const;
    const first = async (seed: number): Promise<number[]> => {
      const { model } = buildBackbone({ ...spec, seed });
      const values = await model.weights[0]!.read().data();
      model.dispose();
      return Array.from(values);
    };
    expect(await first(5)).toEqual(await first(5));
    expect(await first(5)).not.toEqual(await first(6));
  });

  test('refuses an input too small to leave anything', () => {
    expect(() => buildBackbone({ name: 'mobilenet-v1', width: 1, size: 16, batchNorm: true })).toThrow(
      /32 px/,
    );
  });
});

test('channels are rounded to multiples of 8 without losing more than a tenth', () => {
  expect([11.2, 16, 33.6, 12, 3].map(makeDivisible)).toEqual([16, 16, 32, 16, 8]);
});

test('a name from outside is checked, also one that every object has', () => {
  expect(isZooName('mobilenet-v1')).toBe(true);
  expect(isZooName('constructor')).toBe(false);
});
