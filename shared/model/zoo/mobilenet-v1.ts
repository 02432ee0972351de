import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

import { averagePool, conv, depthwise, type NetworkPlan, type PlanOptions } from './parts.ts';

/** Output channels and stride of the thirteen separable blocks (table 1 of the paper). */
const BLOCKS: readonly (readonly [channels: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/**
 * MobileNet V1: depthwise separable convolutions. Howard et al. 2017, "MobileNets: Efficient Convolutional Neural
 * Networks for Mobile Vision Applications", arXiv:1704.04861. Layer names and channel rounding (down) are Keras's.
 */
export function mobileNetV1(plan: PlanOptions): NetworkPlan {
  const channels = (full: number): number => Math.floor(full * plan.width);
  const named = (conv: string): { conv: string; norm: string; act: string } => ({
    conv,
    norm: `${conv}_bn`,
    act: `${conv}_relu`,
  });
  const activation = 'relu6';
  const stem = {
    name: 'stem',
    build: (x: SymbolicTensor) =>
      conv(x, channels(32), { names: named('conv1'), kernel: 3, stride: 2, activation }, plan),
  };
  const blocks = BLOCKS.map(([full, stride], i) => ({
    name: `block_${i + 1}`,
    build: (x: SymbolicTensor) => {
      const names = named(`conv_dw_${i + 1}`);
      const deep = depthwise(x, { names, kernel: 3, stride, activation }, plan);
      const wide = conv(
        deep,
        channels(full),
        { names: named(`conv_pw_${i + 1}`), kernel: 1, activation },
        plan,
      );
      return i === BLOCKS.length - 1 ? averagePool(wide, plan.featureLayer) : wide;
    },
  }));
  return { blocks: [stem, ...blocks], features: channels(1024) };
}
