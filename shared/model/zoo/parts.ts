import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** What a zoo architecture is built with. */
export interface PlanOptions {
  /** Width multiplier: factor on the number of channels. */
  readonly width: number;
  /** `false`: convolutions with bias and no batch-norm, for weights into which it was folded already. */
  readonly batchNorm: boolean;
  /** Seed of the random initial weights. */
  readonly seed: number;
}

/** A part of a network that is trained or frozen as a whole (a residual connection never leaves it). */
export interface BlockPlan {
  readonly name: string;
  readonly build: (x: SymbolicTensor) => SymbolicTensor;
}

/** A network as a chain of blocks; the last one ends in the features (global average pool). */
export interface NetworkPlan {
  readonly blocks: readonly BlockPlan[];
  /** Number of features. */
  readonly features: number;
}

/** Keras's epsilon for both MobileNets; weights from elsewhere must have been trained with the same. */
export const BATCH_NORM_EPSILON = 1e-3;

interface ConvArgs {
  /** Names of the layers; an empty `relu` means a linear output. */
  readonly names: { readonly conv: string; readonly norm: string; readonly relu: string };
  readonly kernel: number;
  readonly stride: number;
}

/** Convolution → batch-norm (or bias) → relu6. */
export function conv(
  x: SymbolicTensor,
  filters: number,
  { names, kernel, stride }: ConvArgs,
  plan: PlanOptions,
): SymbolicTensor {
  const layer = layers.conv2d({
    name: names.conv,
    filters,
    kernelSize: kernel,
    strides: stride,
    padding: 'same',
    useBias: !plan.batchNorm,
    kernelInitializer: initializers.heUniform({ seed: seedFor(names.conv, plan.seed) }),
  });
  return finish(layer.apply(x) as SymbolicTensor, names, plan);
}

/** 3 × 3 depthwise convolution → batch-norm (or bias) → relu6. */
export function depthwise(x: SymbolicTensor, { names, stride }: ConvArgs, plan: PlanOptions): SymbolicTensor {
  const layer = layers.depthwiseConv2d({
    name: names.conv,
    kernelSize: 3,
    strides: stride,
    padding: 'same',
    useBias: !plan.batchNorm,
    // Its fan-in is nine values whatever the number of channels, which he-uniform would take for the fan-in.
    depthwiseInitializer: initializers.randomUniform({
      minval: -0.8,
      maxval: 0.8,
      seed: seedFor(names.conv, plan.seed),
    }),
  });
  return finish(layer.apply(x) as SymbolicTensor, names, plan);
}

function finish(x: SymbolicTensor, names: ConvArgs['names'], plan: PlanOptions): SymbolicTensor {
  const normed = plan.batchNorm
    ? (layers
        .batchNormalization({ name: names.norm, epsilon: BATCH_NORM_EPSILON, momentum: 0.99 })
        .apply(x) as SymbolicTensor)
    : x;
  if (names.relu === '') return normed;
  return layers.reLU({ name: names.relu, maxValue: 6 }).apply(normed) as SymbolicTensor;
}

/** Mean over height and width: [n, h, w, c] → [n, c]. */
export function averagePool(x: SymbolicTensor): SymbolicTensor {
  return layers.globalAveragePooling2d({ name: 'features' }).apply(x) as SymbolicTensor;
}

/** Channels rounded to a multiple of 8, never losing more than a tenth (Keras's `_make_divisible`). */
export function makeDivisible(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/** Every layer gets its own stream of random numbers, the same one in a part of the network as in the whole. */
function seedFor(layer: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < layer.length; i += 1) hash = (Math.imul(hash, 31) + layer.charCodeAt(i)) | 0;
  return Math.abs(hash) + 1;
}
