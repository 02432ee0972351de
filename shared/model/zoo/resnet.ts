import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import type { Activation } from '../compiled-format.ts';
import {
  activate,
  averagePool,
  type BlockPlan,
  conv,
  makeDivisible,
  type NetworkPlan,
  type PlanOptions,
} from './parts.ts';

/** Channels inside a block, number of blocks and first stride of the four stages (table 1 of the paper). */
const STAGES: readonly (readonly [channels: number, blocks: number, stride: number])[] = [
  [64, 3, 1],
  [128, 4, 2],
  [256, 6, 2],
  [512, 3, 2],
];

/**
 * ResNet-50 (version 1, with the stride in a block's first convolution). He et al. 2015, "Deep Residual Learning for
 * Image Recognition", arXiv:1512.03385. Layer names, padding and biases are Keras's.
 */
export function resNet50(plan: PlanOptions): NetworkPlan {
  const width = (full: number): number => makeDivisible(full * plan.width);
  const stem: BlockPlan = { name: 'stem', build: (x) => buildStem(x, width(64), plan) };
  const blocks = STAGES.flatMap(([channels, count, stride], stage) =>
    Array.from({ length: count }, (_, i): BlockPlan => {
      const name = `conv${stage + 2}_block${i + 1}`;
      const last = stage === STAGES.length - 1 && i === count - 1;
      return {
        name,
        build: (x) => {
          const out = bottleneck(x, { name, channels: width(channels), stride, first: i === 0 }, plan);
          return last ? averagePool(out, plan.featureLayer) : out;
        },
      };
    }),
  );
  return { blocks: [stem, ...blocks], features: 4 * width(512) };
}

function buildStem(x: SymbolicTensor, channels: number, plan: PlanOptions): SymbolicTensor {
  const names = { conv: 'conv1_conv', norm: 'conv1_bn', act: 'conv1_relu' };
  const args = {
    names,
    kernel: 7,
    stride: 2,
    padding: 'valid',
    activation: 'relu',
    bias: true,
  } as const;
  const out = conv(pad(x, 3, 'conv1_pad'), channels, args, plan);
  const pool = layers.maxPooling2d({ name: 'pool1_pool', poolSize: 3, strides: 2, padding: 'valid' });
  return pool.apply(pad(out, 1, 'pool1_pad')) as SymbolicTensor;
}

/** Zeros all around, which `same` would not add evenly on both sides. */
function pad(x: SymbolicTensor, by: number, name: string): SymbolicTensor {
  return layers.zeroPadding2d({ name, padding: by }).apply(x) as SymbolicTensor;
}

interface Block {
  readonly name: string;
  /** Inside; four times as many go out. */
  readonly channels: number;
  /** Of the first block of a stage. */
  readonly stride: number;
  readonly first: boolean;
}

function bottleneck(x: SymbolicTensor, block: Block, plan: PlanOptions): SymbolicTensor {
  const { name, channels, first } = block;
  const stride = first ? block.stride : 1;
  const step = (
    from: SymbolicTensor,
    part: number,
    to: number,
    args: { kernel: number; stride: number; activation: Activation },
  ): SymbolicTensor => {
    const prefix = `${name}_${part}`;
    const names = { conv: `${prefix}_conv`, norm: `${prefix}_bn`, act: `${prefix}_relu` };
    return conv(from, to, { names, bias: true, ...args }, plan);
  };
  const shortcut = first ? step(x, 0, 4 * channels, { kernel: 1, stride, activation: 'linear' }) : x;
  const narrow = step(x, 1, channels, { kernel: 1, stride, activation: 'relu' });
  const seen = step(narrow, 2, channels, { kernel: 3, stride: 1, activation: 'relu' });
  const wide = step(seen, 3, 4 * channels, { kernel: 1, stride: 1, activation: 'linear' });
  const sum = layers.add({ name: `${name}_add` }).apply([shortcut, wide]) as SymbolicTensor;
  return activate(sum, 'relu', `${name}_out`);
}
