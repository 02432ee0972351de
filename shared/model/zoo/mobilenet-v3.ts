import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import type { Activation } from '../compiled-format.ts';
import {
  asImage,
  averagePool,
  conv,
  depthwise,
  makeDivisible,
  type NetworkPlan,
  type PlanOptions,
  squeezeExcite,
} from './parts.ts';

/** An inverted residual block (tables 1 and 2 of the paper). */
interface Block {
  /** Factor on the input channels in the middle. */
  readonly expansion: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  /** With squeeze-and-excite. */
  readonly gate: boolean;
  readonly activation: Activation;
}

function block(
  expansion: number,
  channels: number,
  kernel: number,
  stride: number,
  gate: boolean,
  activation: Activation,
): Block {
  return { expansion, channels, kernel, stride, gate, activation };
}

const SMALL: readonly Block[] = [
  block(1, 16, 3, 2, true, 'relu'),
  block(72 / 16, 24, 3, 2, false, 'relu'),
  block(88 / 24, 24, 3, 1, false, 'relu'),
  block(4, 40, 5, 2, true, 'hardSwish'),
  block(6, 40, 5, 1, true, 'hardSwish'),
  block(6, 40, 5, 1, true, 'hardSwish'),
  block(3, 48, 5, 1, true, 'hardSwish'),
  block(3, 48, 5, 1, true, 'hardSwish'),
  block(6, 96, 5, 2, true, 'hardSwish'),
  block(6, 96, 5, 1, true, 'hardSwish'),
  block(6, 96, 5, 1, true, 'hardSwish'),
];

const LARGE: readonly Block[] = [
  block(1, 16, 3, 1, false, 'relu'),
  block(4, 24, 3, 2, false, 'relu'),
  block(3, 24, 3, 1, false, 'relu'),
  block(3, 40, 5, 2, true, 'relu'),
  block(3, 40, 5, 1, true, 'relu'),
  block(3, 40, 5, 1, true, 'relu'),
  block(6, 80, 3, 2, false, 'hardSwish'),
  block(2.5, 80, 3, 1, false, 'hardSwish'),
  block(2.3, 80, 3, 1, false, 'hardSwish'),
  block(2.3, 80, 3, 1, false, 'hardSwish'),
  block(6, 112, 3, 1, true, 'hardSwish'),
  block(6, 112, 3, 1, true, 'hardSwish'),
  block(6, 160, 5, 2, true, 'hardSwish'),
  block(6, 160, 5, 1, true, 'hardSwish'),
  block(6, 160, 5, 1, true, 'hardSwish'),
];

/**
 * MobileNet V3: inverted residuals with gates and hard swish. Howard et al. 2019, "Searching for MobileNetV3",
 * arXiv:1905.02244. Layer names and channel rounding are Keras's. The last two convolutions belong to the last block;
 * the second one comes after pooling and makes the features.
 */
export function mobileNetV3Small(plan: PlanOptions): NetworkPlan {
  return mobileNetV3(SMALL, 1024, plan);
}

/** The larger of the two; see `mobileNetV3Small`. */
export function mobileNetV3Large(plan: PlanOptions): NetworkPlan {
  return mobileNetV3(LARGE, 1280, plan);
}

function mobileNetV3(blocks: readonly Block[], full: number, plan: PlanOptions): NetworkPlan {
  const features = plan.width > 1 ? makeDivisible(full * plan.width) : full;
  const stem = {
    name: 'stem',
    // 16 channels whatever the width, as in Keras.
    build: (x: SymbolicTensor) =>
      conv(x, 16, { names: named('conv'), kernel: 3, stride: 2, activation: 'hardSwish' }, plan),
  };
  const chain = blocks.map((b, i) => ({
    name: `block_${i}`,
    build: (x: SymbolicTensor) => {
      const out = invertedResidual(x, i, b, plan);
      return i < blocks.length - 1 ? out : top(out, features, plan);
    },
  }));
  return { blocks: [stem, ...chain], features };
}

function top(x: SymbolicTensor, features: number, plan: PlanOptions): SymbolicTensor {
  const activation = 'hardSwish';
  const channels = makeDivisible(6 * (x.shape[3] ?? 0));
  const wide = conv(x, channels, { names: named('conv_1'), kernel: 1, activation }, plan);
  const pooled = asImage(averagePool(wide, 'avg_pool'));
  const last = conv(
    pooled,
    features,
    { names: named('conv_2'), kernel: 1, activation },
    { ...plan, batchNorm: null },
  );
  return layers.flatten({ name: plan.featureLayer }).apply(last) as SymbolicTensor;
}

function invertedResidual(x: SymbolicTensor, index: number, b: Block, plan: PlanOptions): SymbolicTensor {
  const prefix = index === 0 ? 'expanded_conv' : `expanded_conv_${index}`;
  const { kernel, stride, activation } = b;
  const inputs = x.shape[3] ?? 0;
  const [middle, outputs] = [makeDivisible(inputs * b.expansion), makeDivisible(b.channels * plan.width)];
  const expanded =
    index === 0 ? x : conv(x, middle, { names: named(`${prefix}_expand`), kernel: 1, activation }, plan);
  const deep = depthwise(expanded, { names: named(`${prefix}_depthwise`), kernel, stride, activation }, plan);
  const gated = b.gate ? gate(deep, makeDivisible(middle / 4), `${prefix}_squeeze_excite`, plan) : deep;
  const names = named(`${prefix}_project`);
  const out = conv(gated, outputs, { names, kernel: 1, activation: 'linear' }, plan);
  if (stride !== 1 || inputs !== outputs) return out;
  return layers.add({ name: `${prefix}_add` }).apply([x, out]) as SymbolicTensor;
}

function gate(x: SymbolicTensor, channels: number, prefix: string, plan: PlanOptions): SymbolicTensor {
  const names = {
    squeeze: `${prefix}_avg_pool`,
    reduce: `${prefix}_conv`,
    expand: `${prefix}_conv_1`,
    multiply: `${prefix}_mul`,
  };
  return squeezeExcite(x, channels, { names, inner: 'relu', gate: 'hardSigmoid' }, plan);
}

function named(conv: string): { conv: string; norm: string; act: string } {
  return { conv, norm: `${conv}_bn`, act: `${conv}_act` };
}
