import { findKeras, indexKeras, type KerasIndex } from './keras-names.ts';
import { checkStandardisation } from './standardisation.ts';
import { recogniseTimm } from './timm.ts';
import { WeightsError } from './weights-error.ts';
import type { ForeignModel, NetworkName } from './weights.ts';
import { makeDivisible } from './zoo/parts.ts';
import { ZOO, type ZooName } from './zoo/table.ts';
import type { BackboneSpec } from './zoo.ts';

/** What tells an architecture with Keras's layer names from all others. */
interface TellTale {
  readonly name: ZooName;
  /** Its number of output channels tells the width. */
  readonly kernel: string;
  readonly channels: (width: number) => number;
  /** Also there. */
  readonly has?: string;
  /** Not there: a larger or newer network with the same names would have it. */
  readonly lacks?: string;
}

const GATE = 'expanded_conv_3_squeeze_excite_conv/kernel';
const TELL_TALES: readonly TellTale[] = [
  { name: 'mobilenet-v1', kernel: 'conv_pw_13/kernel', channels: (w) => Math.floor(1024 * w) },
  { name: 'mobilenet-v2', kernel: 'block_16_project/kernel', channels: (w) => makeDivisible(320 * w) },
  {
    name: 'mobilenet-v3-small',
    kernel: 'expanded_conv_10_project/kernel',
    channels: (w) => makeDivisible(96 * w),
    has: GATE,
    lacks: 'expanded_conv_11_project/kernel',
  },
  {
    name: 'mobilenet-v3-large',
    kernel: 'expanded_conv_14_project/kernel',
    channels: (w) => makeDivisible(160 * w),
    has: GATE,
  },
  {
    name: 'resnet-50',
    kernel: 'conv5_block3_3_conv/kernel',
    channels: (w) => 4 * makeDivisible(512 * w),
    // ResNet-50 V2 normalises at the end, ResNet-101 and -152 have more blocks.
    has: 'conv1_bn/gamma',
    lacks: 'conv4_block7_1_conv/kernel',
  },
  {
    name: 'inception-v4',
    kernel: 'features.21.branch0.conv/kernel',
    channels: (w) => makeDivisible(256 * w),
  },
  efficientNet('efficientnet-b0', { lacks: 'block1b_dwconv/depthwise_kernel' }),
  efficientNet('efficientnet-b1', { has: 'block1b_dwconv/depthwise_kernel' }),
  efficientNet('efficientnet-b2'),
  efficientNet('efficientnet-b3'),
  efficientNet('efficientnet-b4'),
  efficientNet('efficientnet-b5'),
  efficientNet('efficientnet-b6'),
  efficientNet('efficientnet-b7'),
];

/** All but the first two have a number of features of their own. */
function efficientNet(name: ZooName, more: Pick<TellTale, 'has' | 'lacks'> = {}): TellTale {
  // EfficientNet V2 has the same top, but no depthwise convolution in its first block.
  const has = 'block1a_dwconv/depthwise_kernel';
  return { name, kernel: 'top_conv/kernel', channels: (w) => ZOO[name].features * w, has, ...more };
}

/**
 * Says which network of the zoo a foreign model is: architecture, width, input size, batch-norm there or folded.
 * @param size asked for by the caller: another one than the model's, which a network without its classifier can take
 * @throws WeightsError where it is none, or was trained with another epsilon or other pixel values than ours
 */
export function recognise(model: ForeignModel, size?: number): BackboneSpec {
  if (model.naming === 'timm') return recogniseTimm(model, size);
  const index = indexKeras(model);
  const { name, width } = model.network ?? architectureOf(index, model.file);
  checkEpsilon(model, name);
  checkKerasStandardisation(model, index, name);
  const batchNorm = [...index.keys()].some((key) => key.endsWith('/moving_variance'));
  return { name, width, size: size ?? sizeOf(model, name), batchNorm };
}

function architectureOf(index: KerasIndex, file: string): NetworkName {
  const there = (name: string | undefined): boolean =>
    name !== undefined && findKeras(index, name) !== undefined;
  const fitting = TELL_TALES.filter(
    (t) => there(t.kernel) && (t.has === undefined || there(t.has)) && !there(t.lacks),
  );
  const [first] = fitting;
  if (!first) throw new WeightsError(file, `none of the networks in the zoo. ${KNOWN}`);
  const kernel = findKeras(index, first.kernel);
  const widths = fitting.flatMap(({ name, channels }) =>
    ZOO[name].widths.map((width) => ({ name, width, channels: channels(width) })),
  );
  const found = widths.find((w) => w.channels === kernel?.shape.at(-1));
  if (found) return found;
  const expected = widths.map((w) => `${w.channels} (${ZOO[w.name].title}, width ${w.width})`).join(', ');
  throw new WeightsError(
    first.kernel,
    `shape [${String(kernel?.shape.join(', '))}], expected its last edge to be one of ${expected}`,
  );
}

const KERAS = [...new Set(TELL_TALES.map((t) => ZOO[t.name].title))].filter((t) => t !== 'Inception V4');
const KNOWN =
  `Known are, with Keras's layer names: ${KERAS.join(', ')}; ` +
  `as timm publishes them: inception_v4, tf_efficientnet_b0 … tf_efficientnet_b7; and Menagerie's own training forms.`;

function checkEpsilon(model: ForeignModel, name: ZooName): void {
  const expected = ZOO[name].batchNorm.epsilon;
  for (const layer of model.layers.filter((l) => l.className.startsWith('BatchNormalization'))) {
    const epsilon = layer.config.epsilon ?? 1e-3;
    if (typeof epsilon !== 'number' || Math.abs(epsilon - expected) > 1e-9) {
      throw new WeightsError(layer.name, `epsilon ${JSON.stringify(epsilon)}, expected ${expected}`);
    }
  }
}

/** Keras's EfficientNets standardise the pixels in a layer of their own; with us that is preprocessing. */
function checkKerasStandardisation({ file }: ForeignModel, index: KerasIndex, name: ZooName): void {
  const mean = index.get('normalization/mean');
  const variance = index.get('normalization/variance');
  if (mean && variance) checkStandardisation(name, { file, mean: mean.data, variance: variance.data });
}

function sizeOf(model: ForeignModel, name: ZooName): number {
  const start = model.layers.find((l) => l.className === 'InputLayer');
  const shape = start?.config.batch_input_shape ?? start?.config.batch_shape;
  const edges: unknown[] = Array.isArray(shape) ? shape.slice(1, 3) : [];
  const [height = null, width = null] = edges;
  if (height === null && width === null) return ZOO[name].size;
  const { minSize } = ZOO[name];
  if (typeof height === 'number' && height === width && height >= minSize && height <= 1024) return height;
  throw new WeightsError(
    start?.name ?? model.file,
    `input [${String(shape)}], expected a square one of ${minSize} … 1024`,
  );
}
