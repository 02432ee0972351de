import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import type { Activation } from '../compiled-format.ts';
import { activationLayer } from './activations.ts';
import type { BatchNormSettings } from './table.ts';

/** What a zoo architecture is built with. */
export interface PlanOptions {
  /** Width multiplier: factor on the number of channels. */
  readonly width: number;
  /** `null`: convolutions with bias and no batch-norm, for weights into which it was folded already. */
  readonly batchNorm: BatchNormSettings | null;
  /** Seed of the random initial weights; `null`: zeros, for weights that are filled in afterwards. */
  readonly seed: number | null;
  /** Name of the layer whose output are the features. */
  readonly featureLayer: string;
}

/** A part of a network that is trained or frozen as a whole (a residual connection never leaves it). */
export interface BlockPlan {
  readonly name: string;
  readonly build: (x: SymbolicTensor) => SymbolicTensor;
}

/** A network as a chain of blocks; the last one ends in the features. */
export interface NetworkPlan {
  readonly blocks: readonly BlockPlan[];
  /** Number of features. */
  readonly features: number;
}

export interface ConvArgs {
  /** Names of the layers; `act` is only needed where there is an activation. */
  readonly names: { readonly conv: string; readonly norm: string; readonly act?: string };
  readonly kernel: number | readonly [height: number, width: number];
  /** Default 1. */
  readonly stride?: number;
  /** Default `same`. */
  readonly padding?: 'same' | 'valid';
  readonly activation: Activation;
  /** A bias beside batch-norm too (default: in its place only). */
  readonly bias?: boolean;
}

/** Convolution → batch-norm (or bias) → activation. */
export function conv(x: SymbolicTensor, filters: number, args: ConvArgs, plan: PlanOptions): SymbolicTensor {
  const { names, kernel, stride = 1, padding = 'same', bias = false } = args;
  const layer = layers.conv2d({
    name: names.conv,
    filters,
    kernelSize: typeof kernel === 'number' ? kernel : [...kernel],
    strides: stride,
    padding,
    useBias: bias || !plan.batchNorm,
    kernelInitializer:
      plan.seed === null
        ? initializers.zeros()
        : initializers.heUniform({ seed: seedFor(names.conv, plan.seed) }),
  });
  return finish(layer.apply(x) as SymbolicTensor, args, plan);
}

/** Depthwise convolution, `same` padding → batch-norm (or bias) → activation. */
export function depthwise(
  x: SymbolicTensor,
  args: ConvArgs & { readonly kernel: number },
  plan: PlanOptions,
): SymbolicTensor {
  const { names, kernel, stride = 1 } = args;
  // Its fan-in is one window whatever the number of channels, which he-uniform would take for the fan-in.
  const limit = Math.sqrt(6) / kernel;
  const layer = layers.depthwiseConv2d({
    name: names.conv,
    kernelSize: kernel,
    strides: stride,
    padding: 'same',
    useBias: !plan.batchNorm,
    depthwiseInitializer:
      plan.seed === null
        ? initializers.zeros()
        : initializers.randomUniform({
            minval: -limit,
            maxval: limit,
            seed: seedFor(names.conv, plan.seed),
          }),
  });
  return finish(layer.apply(x) as SymbolicTensor, args, plan);
}

function finish(x: SymbolicTensor, { names, activation }: ConvArgs, plan: PlanOptions): SymbolicTensor {
  const normed = plan.batchNorm
    ? (layers.batchNormalization({ name: names.norm, ...plan.batchNorm }).apply(x) as SymbolicTensor)
    : x;
  return activate(normed, activation, names.act ?? `${names.conv}_${activation}`);
}

export function activate(x: SymbolicTensor, activation: Activation, name: string): SymbolicTensor {
  return activation === 'linear' ? x : (activationLayer(activation, name).apply(x) as SymbolicTensor);
}

/** Names of the layers of a squeeze-and-excite gate. */
export interface GateNames {
  readonly squeeze: string;
  readonly reduce: string;
  readonly expand: string;
  readonly multiply: string;
}

/**
 * Squeeze-and-excite: every channel times a factor 0 … 1 that is learned from the channels' means.
 * Hu et al. 2017, arXiv:1709.01507.
 * @param channels of the layer in between
 */
export function squeezeExcite(
  x: SymbolicTensor,
  channels: number,
  {
    names,
    inner,
    gate,
  }: { readonly names: GateNames; readonly inner: Activation; readonly gate: Activation },
  plan: PlanOptions,
): SymbolicTensor {
  const all = x.shape[3] ?? 0;
  // A gate has no batch-norm in either form of the network.
  const plain: PlanOptions = { ...plan, batchNorm: null };
  const step = (from: SymbolicTensor, to: number, name: string, activation: Activation): SymbolicTensor =>
    conv(from, to, { names: { conv: name, norm: '' }, kernel: 1, activation }, plain);
  const squeezed = step(asImage(averagePool(x, names.squeeze)), channels, names.reduce, inner);
  const factors = step(squeezed, all, names.expand, gate);
  return layers.multiply({ name: names.multiply }).apply([x, factors]) as SymbolicTensor;
}

/** Mean over height and width: [n, h, w, c] → [n, c]. */
export function averagePool(x: SymbolicTensor, name: string): SymbolicTensor {
  return layers.globalAveragePooling2d({ name }).apply(x) as SymbolicTensor;
}

/** [n, c] → [n, 1, 1, c] */
export function asImage(x: SymbolicTensor): SymbolicTensor {
  const name = `${x.sourceLayer.name}_image`;
  return layers.reshape({ name, targetShape: [1, 1, x.shape[1] ?? 0] }).apply(x) as SymbolicTensor;
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
