import { describe, expect, test } from 'vitest';

import { recognise } from './recognise.ts';
import { timmFacts } from './timm.ts';
import type { ForeignLayer, ForeignModel, NamedWeight, TimmFacts } from './weights.ts';

/** As many weights as recognising needs; of each only its last edge counts. */
function weights(...names: (readonly [name: string, channels: number])[]): Map<string, NamedWeight> {
  return new Map(
    names.map(([name, channels]) => [name, { name, shape: [1, 1, 1, channels], data: new Float32Array(0) }]),
  );
}

function keras(...names: (readonly [name: string, channels: number])[]): ForeignModel {
  return { file: 'x.h5', naming: 'keras', weights: weights(...names), layers: [] };
}

const norm = ['stem_bn/moving_variance', 1] as const;
const B_BLOCK = ['block1a_dwconv/kernel', 32] as const;
const GATE = ['expanded_conv_3_squeeze_excite_conv/kernel', 24] as const;

describe("networks with Keras's layer names", () => {
  test.each<[string, number, number, ForeignModel]>([
    ['mobilenet-v1', 0.5, 224, keras(['conv_pw_13/kernel', 512])],
    ['mobilenet-v2', 1.4, 224, keras(['block_16_project/kernel', 448])],
    [
      'mobilenet-v3-small',
      0.75,
      224,
      keras(['expanded_conv_10_project/kernel', 72], GATE, ['expanded_conv/x', 1]),
    ],
    [
      'mobilenet-v3-large',
      1,
      224,
      keras(['expanded_conv_10_project/kernel', 112], ['expanded_conv_11_project/kernel', 112], GATE, [
        'expanded_conv_14_project/kernel',
        160,
      ]),
    ],
    ['resnet-50', 1, 224, keras(['conv5_block3_3_conv/kernel', 2048], ['conv1_bn/gamma', 64])],
    ['efficientnet-b0', 1, 224, keras(['top_conv/kernel', 1280], B_BLOCK)],
    [
      'efficientnet-b1',
      1,
      240,
      keras(['top_conv/kernel', 1280], B_BLOCK, ['block1b_dwconv/depthwise_kernel', 16]),
    ],
    [
      'efficientnet-b7',
      1,
      600,
      keras(['top_conv/kernel', 2560], B_BLOCK, ['block1b_dwconv/depthwise_kernel', 32]),
    ],
  ])('%s of width %d, %d px', (name, width, size, model) => {
    expect(recognise(model)).toEqual({ name, width, size, batchNorm: false });
  });

  test("MobileNet V3's names before Keras 3", () => {
    const model = keras(
      ['expanded_conv_10/project/kernel', 96],
      ['expanded_conv_3/squeeze_excite/Conv/kernel', 24],
      ['Conv/BatchNorm/moving_variance', 16],
    );
    expect(recognise(model)).toMatchObject({ name: 'mobilenet-v3-small', width: 1, batchNorm: true });
  });

  test('the input size of the topology counts, and one that is asked for counts more', () => {
    const start = (edge: unknown[]): ForeignLayer => ({
      className: 'InputLayer',
      name: 'image',
      config: { batch_shape: edge },
    });
    const model = keras(['top_conv/kernel', 1280], B_BLOCK, norm);
    expect(recognise({ ...model, layers: [start([null, 160, 160, 3])] }).size).toBe(160);
    expect(recognise({ ...model, layers: [start([null, null, null, 3])] }).size).toBe(224);
    const oblong = { ...model, layers: [start([null, 160, 96, 3])] };
    expect(() => recognise(oblong)).toThrow('image: input [,160,96,3], expected a square one of 32 … 1024');
    expect(recognise(oblong, 96).size).toBe(96);
  });

  test.each<[string, ForeignModel]>([
    [
      'ResNet-101',
      keras(
        ['conv5_block3_3_conv/kernel', 2048],
        ['conv1_bn/gamma', 64],
        ['conv4_block7_1_conv/kernel', 256],
      ),
    ],
    ['ResNet-50 V2', keras(['conv5_block3_3_conv/kernel', 2048], ['post_bn/gamma', 64])],
    ['EfficientNet V2', keras(['top_conv/kernel', 1280], ['block1a_project_conv/kernel', 16])],
    ['the minimalistic MobileNet V3', keras(['expanded_conv_10_project/kernel', 96])],
    ['nothing at all', keras()],
  ])('%s is none of them, and all that are known are listed', (_, model) => {
    expect(() => recognise(model)).toThrow(
      /none of the networks in the zoo\. Known are, .*MobileNet V1, .*ResNet-50, EfficientNet B0.*inception_v4/,
    );
  });

  test('a width that was never published', () => {
    expect(() => recognise(keras(['top_conv/kernel', 999], B_BLOCK))).toThrow(
      /top_conv\/kernel: .*expected .* 1280 \(EfficientNet B0, width 1\), 1408 \(EfficientNet B2/,
    );
  });

  test.each<[string, number[], number[], boolean]>([
    ["ImageNet's", [0.485, 0.456, 0.406], [0.229 ** 2, 0.224 ** 2, 0.225 ** 2], true],
    [
      "as in Keras's own files, the deviation for the variance",
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
      true,
    ],
    ['never adapted', [0, 0, 0], [1, 1, 1], false],
  ])('pixels standardised in the network: %s', (_, mean, variance, taken) => {
    const model = keras(['top_conv/kernel', 1280], B_BLOCK);
    const all = new Map(model.weights);
    for (const [name, data] of [
      ['mean', mean],
      ['variance', variance],
    ] as const) {
      all.set(`normalization/${name}`, {
        name: `normalization/${name}`,
        shape: [3],
        data: Float32Array.from(data),
      });
    }
    const recognised = (): unknown => recognise({ ...model, weights: all });
    if (taken) expect(recognised()).toMatchObject({ name: 'efficientnet-b0' });
    else
      expect(recognised).toThrow(
        /trained on pixels of mean 0\.000, .* deviation 1\.000, .*; our EfficientNet B0/,
      );
  });
});

describe('networks of timm', () => {
  const NOTHING: TimmFacts = { architecture: null, size: null, mean: null, std: null };
  const timm = (tensor: string, facts: Partial<TimmFacts> = {}): ForeignModel => ({
    file: 'x.safetensors',
    naming: 'timm',
    weights: weights([tensor, 1]),
    layers: [],
    timm: { ...NOTHING, ...facts },
  });
  const [STEM, INCEPTION] = ['conv_stem.weight', 'features.21.branch0.conv.weight'];

  test('Inception V4 is told by its tensors', () => {
    expect(recognise(timm(INCEPTION))).toEqual({
      name: 'inception-v4',
      width: 1,
      size: 299,
      batchNorm: true,
    });
  });

  test('an EfficientNet by its name, also with a tag', () => {
    const model = timm(STEM, { architecture: 'tf_efficientnet_b3.ns_jft_in1k', size: 300 });
    expect(recognise(model)).toEqual({ name: 'efficientnet-b3', width: 1, size: 300, batchNorm: true });
    expect(recognise(model, 128).size).toBe(128);
  });

  test.each<[string | null, RegExp]>([
    ['efficientnet_b0', /efficientnet_b0 has other padding, epsilon or blocks/],
    ['tf_efficientnet_lite0', /tf_efficientnet_lite0 has other padding/],
    ['tf_efficientnetv2_s', /tf_efficientnetv2_s has other padding/],
    [null, /nothing says which EfficientNet this is.*config\.json/],
  ])('%s is not guessed at', (architecture, message) => {
    expect(() => recognise(timm(STEM, { architecture }))).toThrow(message);
    expect(() => recognise(timm(STEM, { architecture }))).toThrow(/inception_v4, tf_efficientnet_b0/);
  });

  test('another network', () => {
    expect(() => recognise(timm('layer1.0.conv1.weight'))).toThrow(
      /none of the networks of timm that are known/,
    );
  });

  test('weights trained on other pixels than ours', () => {
    const facts = { architecture: 'tf_efficientnet_b0.ap_in1k', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
    expect(() => recognise(timm(STEM, facts))).toThrow(/trained on pixels of mean 0\.500, 0\.500, 0\.500/);
    expect(recognise(timm(INCEPTION, { mean: facts.mean, std: facts.std }))).toMatchObject({ size: 299 });
  });

  test('what is known comes from the config beside the file, else from the name of the file', () => {
    const config = {
      architecture: 'tf_efficientnet_b1',
      num_classes: 1000,
      pretrained_cfg: { input_size: [3, 240, 240], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    };
    expect(timmFacts(config, 'efficientnet_b0.safetensors')).toEqual({
      architecture: 'tf_efficientnet_b1',
      size: 240,
      mean: config.pretrained_cfg.mean,
      std: config.pretrained_cfg.std,
    });
    const address = 'https://host/timm/tf_efficientnet_b5.ns_jft_in1k/resolve/main/model.safetensors';
    expect(timmFacts(null, address)).toEqual({ ...NOTHING, architecture: 'tf_efficientnet_b5' });
    expect(timmFacts({ broken: true }, 'weights.safetensors')).toEqual(NOTHING);
  });
});
