import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import { averagePool, conv, depthwise, makeDivisible, type NetworkPlan, type PlanOptions } from './parts.ts';

/** Output channels, stride and expansion of the seventeen inverted residual blocks (table 2 of the paper). */
const BLOCKS: readonly (readonly [channels: number, stride: number, expansion: number])[] = [
  [16, 1, 1],
  [24, 2, 6],
  [24, 1, 6],
  [32, 2, 6],
  [32, 1, 6],
  [32, 1, 6],
  [64, 2, 6],
  [64, 1, 6],
  [64, 1, 6],
  [64, 1, 6],
  [96, 1, 6],
  [96, 1, 6],
  [96, 1, 6],
  [160, 2, 6],
  [160, 1, 6],
  [160, 1, 6],
  [320, 1, 6],
];

/**
 * MobileNet V2: inverted residuals with linear bottlenecks. Sandler et al. 2018, arXiv:1801.04381.
 * Layer names and channel rounding are Keras's. The last convolution belongs to the last block, so that training
 * "the final block" trains everything after the last residual connection.
 */
export function mobileNetV2(plan: PlanOptions): NetworkPlan {
  const features = plan.width > 1 ? makeDivisible(1280 * plan.width) : 1280;
  const stem = {
    name: 'stem',
    build: (x: SymbolicTensor) => {
      const names = { conv: 'Conv1', norm: 'bn_Conv1', act: 'Conv1_relu' };
      return conv(x, makeDivisible(32 * plan.width), { names, kernel: 3, stride: 2, activation }, plan);
    },
  };
  const blocks = BLOCKS.map(([full, stride, expansion], i) => ({
    name: `block_${i}`,
    build: (x: SymbolicTensor) => {
      const out = invertedResidual(x, i, makeDivisible(full * plan.width), stride, expansion, plan);
      if (i < BLOCKS.length - 1) return out;
      const names = { conv: 'Conv_1', norm: 'Conv_1_bn', act: 'out_relu' };
      return averagePool(conv(out, features, { names, kernel: 1, activation }, plan), plan.featureLayer);
    },
  }));
  return { blocks: [stem, ...blocks], features };
}

const activation = 'relu6';

function invertedResidual(
  x: SymbolicTensor,
  index: number,
  channels: number,
  stride: number,
  expansion: number,
  plan: PlanOptions,
): SymbolicTensor {
  const prefix = index === 0 ? 'expanded_conv' : `block_${index}`;
  const named = (part: string): { conv: string; norm: string; act: string } => ({
    conv: `${prefix}_${part}`,
    norm: `${prefix}_${part}_BN`,
    act: `${prefix}_${part}_relu`,
  });
  const inputs = x.shape[3] ?? 0;
  const expanded =
    index === 0 ? x : conv(x, expansion * inputs, { names: named('expand'), kernel: 1, activation }, plan);
  const deep = depthwise(expanded, { names: named('depthwise'), kernel: 3, stride, activation }, plan);
  const out = conv(deep, channels, { names: named('project'), kernel: 1, activation: 'linear' }, plan);
  if (stride !== 1 || inputs !== channels) return out;
  return layers.add({ name: `${prefix}_add` }).apply([x, out]) as SymbolicTensor;
}
