import type { Preprocessing } from '../../schema/model.ts';

/** What is known of an architecture, as data: free of TensorFlow.js, so that command line and pages may name it. */
export interface ZooEntry {
  /** For people. */
  readonly title: string;
  /** Where it was published: `arXiv:<id>`. */
  readonly paper: string;
  /** Edge of the square input in pixels that it was made for. */
  readonly size: number;
  /** Smallest edge of the input: below it, nothing is left to pool. */
  readonly minSize: number;
  /** Width multipliers for which pretrained weights were published. */
  readonly widths: readonly number[];
  /** Value of black and of white, for all channels alike or for red, green and blue. */
  readonly range: Preprocessing['range'];
  readonly resize: Preprocessing['resize'];
  /** Name of the layer whose output are the features. */
  readonly featureLayer: string;
  /** Number of features at width 1. */
  readonly features: number;
  /** How many of the last blocks are "the final block", which the second stage of training unfreezes (E-06). */
  readonly finalBlocks: number;
  /** Share of the features that are dropped before the classifier in training. */
  readonly dropout: number;
  /**
   * Published number of parameters at width 1 with its 1000-way classifier: as Keras counts, the moving averages of
   * batch-norm among them; of Inception V4 as timm counts, without them.
   */
  readonly parameters: number;
  readonly batchNorm: BatchNormSettings;
}

export interface BatchNormSettings {
  /** Added to the variance; pretrained weights are only right with the one they were trained with. */
  readonly epsilon: number;
  /** Share of the moving averages that a step of training keeps. */
  readonly momentum: number;
}

/**
 * Keras's epsilon for its MobileNets and EfficientNets. Keras trains some of them with a momentum of 0.999, for which
 * the averages need thousands of steps; a library like ours gives hundreds.
 */
const KERAS_NORM: BatchNormSettings = { epsilon: 1e-3, momentum: 0.99 };

const SIGNED: Preprocessing['range'] = [-1, 1];
/** Standardised with the means and deviations of ImageNet: (x − mean) / deviation. */
const STANDARDISED: Preprocessing['range'] = [
  [(0 - 0.485) / 0.229, (1 - 0.485) / 0.229],
  [(0 - 0.456) / 0.224, (1 - 0.456) / 0.224],
  [(0 - 0.406) / 0.225, (1 - 0.406) / 0.225],
];
/** Levels 0 … 255 less their means in ImageNet. */
const CENTRED: Preprocessing['range'] = [
  [-123.68, 255 - 123.68],
  [-116.779, 255 - 116.779],
  [-103.939, 255 - 103.939],
];

const ENTRIES = {
  'mobilenet-v1': {
    title: 'MobileNet V1',
    paper: 'arXiv:1704.04861',
    size: 224,
    minSize: 32,
    widths: [0.25, 0.5, 0.75, 1],
    range: SIGNED,
    resize: 'letterbox',
    featureLayer: 'features',
    features: 1024,
    finalBlocks: 1,
    dropout: 0.001,
    parameters: 4_253_864,
    batchNorm: KERAS_NORM,
  },
  'mobilenet-v2': {
    title: 'MobileNet V2',
    paper: 'arXiv:1801.04381',
    size: 224,
    minSize: 32,
    widths: [0.35, 0.5, 0.75, 1, 1.3, 1.4],
    range: SIGNED,
    resize: 'letterbox',
    featureLayer: 'features',
    features: 1280,
    finalBlocks: 1,
    dropout: 0,
    parameters: 3_538_984,
    batchNorm: KERAS_NORM,
  },
  'mobilenet-v3-small': {
    title: 'MobileNet V3 small',
    paper: 'arXiv:1905.02244',
    size: 224,
    minSize: 32,
    widths: [0.75, 1],
    range: SIGNED,
    resize: 'letterbox',
    featureLayer: 'features',
    features: 1024,
    finalBlocks: 1,
    dropout: 0.2,
    parameters: 2_554_968,
    batchNorm: KERAS_NORM,
  },
  'mobilenet-v3-large': {
    title: 'MobileNet V3 large',
    paper: 'arXiv:1905.02244',
    size: 224,
    minSize: 32,
    widths: [0.75, 1],
    range: SIGNED,
    resize: 'letterbox',
    featureLayer: 'features',
    features: 1280,
    finalBlocks: 1,
    dropout: 0.2,
    parameters: 5_507_432,
    batchNorm: KERAS_NORM,
  },
  'resnet-50': {
    title: 'ResNet-50',
    paper: 'arXiv:1512.03385',
    size: 224,
    minSize: 32,
    widths: [1],
    range: CENTRED,
    resize: 'letterbox',
    featureLayer: 'avg_pool',
    features: 2048,
    finalBlocks: 3,
    dropout: 0,
    parameters: 25_636_712,
    batchNorm: { epsilon: 1.001e-5, momentum: 0.99 },
  },
  'inception-v4': {
    title: 'Inception V4',
    paper: 'arXiv:1602.07261',
    size: 299,
    minSize: 75,
    widths: [1],
    range: SIGNED,
    resize: 'letterbox',
    featureLayer: 'global_pool',
    features: 1536,
    finalBlocks: 3,
    dropout: 0.2,
    parameters: 42_679_816,
    batchNorm: { epsilon: 1e-3, momentum: 0.9 },
  },
  'efficientnet-b0': efficientNet('B0', 224, 1280, 1, 0.2, 5_330_564),
  'efficientnet-b1': efficientNet('B1', 240, 1280, 2, 0.2, 7_856_232),
  'efficientnet-b2': efficientNet('B2', 260, 1408, 2, 0.3, 9_177_562),
  'efficientnet-b3': efficientNet('B3', 300, 1536, 2, 0.3, 12_320_528),
  'efficientnet-b4': efficientNet('B4', 380, 1792, 2, 0.4, 19_466_816),
  'efficientnet-b5': efficientNet('B5', 456, 2048, 3, 0.4, 30_562_520),
  'efficientnet-b6': efficientNet('B6', 528, 2304, 3, 0.5, 43_265_136),
  'efficientnet-b7': efficientNet('B7', 600, 2560, 4, 0.5, 66_658_680),
} satisfies Record<string, ZooEntry>;

/** Keras's sizes and rates; its count of parameters less the 7 of its normalisation, which is our `range`. */
function efficientNet(
  variant: string,
  size: number,
  features: number,
  finalBlocks: number,
  dropout: number,
  parameters: number,
): ZooEntry {
  return {
    title: `EfficientNet ${variant}`,
    paper: 'arXiv:1905.11946',
    size,
    minSize: 32,
    widths: [1],
    range: STANDARDISED,
    resize: 'letterbox',
    featureLayer: 'avg_pool',
    features,
    finalBlocks,
    dropout,
    parameters,
    batchNorm: KERAS_NORM,
  };
}

export type ZooName = keyof typeof ENTRIES;

/** The architectures that Menagerie knows, by the name that `--architecture` takes. */
export const ZOO: Readonly<Record<ZooName, ZooEntry>> = ENTRIES;

/** Whether a name from outside names an entry of the zoo. */
export function isZooName(name: string): name is ZooName {
  return Object.hasOwn(ZOO, name);
}
