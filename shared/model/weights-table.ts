import { ZOO, type ZooName } from './zoo/table.ts';

/** Which training of an architecture: on ImageNet, or Noisy Student's on 300 million more pictures (arXiv:1911.04252). */
export const WEIGHT_SETS = ['imagenet', 'noisy-student'] as const;
export type WeightSet = (typeof WEIGHT_SETS)[number];

/** A well-known file with pretrained weights. */
export interface PublicWeights {
  readonly set: WeightSet;
  readonly architecture: ZooName;
  readonly width: number;
  /** Edge of the input it was trained at. */
  readonly size: number;
  readonly url: string;
  /** Length of the file; null where no source says it. */
  readonly bytes: number | null;
  /** Checksums that a source gives. Most give none or MD5, which finds damage, not malice. */
  readonly sha256: string | null;
  readonly md5: string | null;
  /** SPDX identifier. */
  readonly licence: string;
  /** Who publishes it, and where the checksum is from. */
  readonly source: string;
}

const KERAS = 'https://storage.googleapis.com/tensorflow/keras-applications';
const source = 'keras.applications';

const MOBILENET_V1 = [1, 0.75, 0.5, 0.25].flatMap((width) =>
  [224, 192, 160, 128].map((size): PublicWeights => {
    const percent = width === 1 ? '1_0' : `${10 * width}`.replace('.', '_').replace(/^(\d)$/, '$1_0');
    return {
      ...unknown('mobilenet-v1', width, size, `${KERAS}/mobilenet/mobilenet_${percent}_${size}_tf_no_top.h5`),
      bytes: width === 1 && size === 224 ? 17_225_924 : null,
    };
  }),
);

const MOBILENET_V2 = [1, 0.75, 0.5, 0.35, 1.3, 1.4].flatMap((width) =>
  (width > 1 ? [224] : [224, 192, 160, 128, 96]).map((size): PublicWeights => {
    const factor = Number.isInteger(width) ? `${width}.0` : `${width}`;
    const file = `mobilenet_v2_weights_tf_dim_ordering_tf_kernels_${factor}_${size}_no_top.h5`;
    return {
      ...unknown('mobilenet-v2', width, size, `${KERAS}/mobilenet_v2/${file}`),
      bytes: width === 1 && size === 224 ? 9_406_464 : null,
    };
  }),
);

/** With top: the last convolution before the classifier is missing in the files without. */
const MOBILENET_V3 = (
  [
    ['mobilenet-v3-small', 1, '8768d4c2e7dee89b9d02b2d03d65d862'],
    ['mobilenet-v3-small', 0.75, 'cb65d4e5be93758266aa0a7f2c6708b7'],
    ['mobilenet-v3-large', 1, '59e551e166be033d707958cf9e29a6a7'],
    ['mobilenet-v3-large', 0.75, '765b44a33ad4005b3ac83185abf1d0eb'],
  ] as const
).map(([name, width, md5]): PublicWeights => {
  const kind = name.replace('mobilenet-v3-', '');
  const factor = width === 1 ? '1.0' : `${width}`;
  const file = `weights_mobilenet_v3_${kind}_224_${factor}_float.h5`;
  return { ...unknown(name, width, 224, `${KERAS}/mobilenet_v3/${file}`), md5 };
});

const RESNET: PublicWeights = {
  ...unknown('resnet-50', 1, 224, `${KERAS}/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5`),
  bytes: 94_765_736,
  md5: '4d473c1dd8becc155b73f8504c6f6626',
  licence: 'MIT',
};

const EFFICIENTNET = (
  [
    ['efficientnet-b0', 16_705_208, '50bc09e76180e00e4465e1a485ddc09d'],
    ['efficientnet-b1', 27_018_416, '74c4e6b3e1f6a1eea24c589628592432'],
    ['efficientnet-b2', 31_790_344, '111f8e2ac8aa800a7a99e3239f7bfb39'],
    ['efficientnet-b3', 43_941_136, 'af6d107764bb5b1abb91932881670226'],
    ['efficientnet-b4', 71_686_520, 'ebc24e6d6c33eaebbd558eafbeedf1ba'],
    ['efficientnet-b5', 115_263_384, '38879255a25d3c92d5e44e04ae6cec6f'],
    ['efficientnet-b6', 165_234_480, '9ecce42647a20130c1f39a5d4cb75743'],
    ['efficientnet-b7', 258_076_736, 'cbcfe4450ddf6f3ad90b1b398090fe4a'],
  ] as const
).flatMap(([name, bytes, md5]): PublicWeights[] => {
  const { size } = ZOO[name];
  const file = `${name.replace('-', '')}_notop.h5`;
  const url = `https://storage.googleapis.com/keras-applications/${file}`;
  const timm = `tf_${name.replace('-', '_')}.ns_jft_in1k`;
  return [
    { ...unknown(name, 1, size, url), bytes, md5 },
    { ...unknown(name, 1, size, atTimm(timm)), set: 'noisy-student', source: 'timm' },
  ];
});

const INCEPTION: PublicWeights = {
  ...unknown('inception-v4', 1, 299, atTimm('inception_v4.tf_in1k')),
  source: 'timm',
};

/** The well-known files, those of one architecture and width with the best known first. */
export const PUBLIC_WEIGHTS: readonly PublicWeights[] = [
  ...MOBILENET_V1,
  ...MOBILENET_V2,
  ...MOBILENET_V3,
  RESNET,
  ...EFFICIENTNET,
  INCEPTION,
];

/**
 * The file for an architecture and width, of those trained at several sizes the nearest one, rather a larger than a
 * smaller one.
 * @param size of the input that the network will have; undefined for the architecture's own
 */
export function findPublicWeights(
  set: WeightSet,
  wanted: { readonly architecture: ZooName; readonly width: number; readonly size?: number | undefined },
): PublicWeights | undefined {
  const { architecture, width, size = ZOO[architecture].size } = wanted;
  const distance = (w: PublicWeights): number => Math.abs(w.size - size) + (w.size < size ? 0.5 : 0);
  return PUBLIC_WEIGHTS.filter((w) => w.set === set && w.architecture === architecture && w.width === width)
    .sort((a, b) => distance(a) - distance(b))
    .at(0);
}

function unknown(architecture: ZooName, width: number, size: number, url: string): PublicWeights {
  const licence = 'Apache-2.0';
  return {
    set: 'imagenet',
    architecture,
    width,
    size,
    url,
    bytes: null,
    sha256: null,
    md5: null,
    licence,
    source,
  };
}

function atTimm(model: string): string {
  return `https://huggingface.co/timm/${model}/resolve/main/model.safetensors`;
}
