import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import {
  averagePool,
  type BlockPlan,
  conv,
  depthwise,
  makeDivisible,
  type NetworkPlan,
  type PlanOptions,
  squeezeExcite,
} from './parts.ts';

/** Kernel, repeats, output channels, expansion and first stride of the seven stages of B0 (table 1 of the paper). */
const STAGES: readonly (readonly [
  kernel: number,
  repeats: number,
  channels: number,
  expansion: number,
  stride: number,
])[] = [
  [3, 1, 16, 1, 1],
  [3, 2, 24, 6, 2],
  [5, 2, 40, 6, 2],
  [3, 3, 80, 6, 2],
  [5, 3, 112, 6, 1],
  [5, 4, 192, 6, 2],
  [3, 1, 320, 6, 1],
];

/** Factors by which a variant is wider and deeper than B0. */
export interface Scaling {
  readonly width: number;
  readonly depth: number;
}

/** The inputs of one block. */
interface Block {
  /** e.g. `block2a` */
  readonly name: string;
  readonly kernel: number;
  readonly channels: number;
  readonly expansion: number;
  readonly stride: number;
}

const activation = 'swish';

/**
 * EfficientNet: inverted residuals with gates and swish, scaled in width and depth together. Tan & Le 2019,
 * "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", arXiv:1905.11946. Layer names and
 * rounding are Keras's; its layers that scale the pixels are our preprocessing. The last convolution belongs to the
 * last block.
 */
export function efficientNet(scaling: Scaling): (plan: PlanOptions) => NetworkPlan {
  return (plan) => {
    const channels = (full: number): number => makeDivisible(full * scaling.width * plan.width);
    const blocks = blocksOf(scaling, channels);
    const stem = {
      name: 'stem',
      build: (x: SymbolicTensor) => {
        const names = { conv: 'stem_conv', norm: 'stem_bn', act: 'stem_activation' };
        return conv(x, channels(32), { names, kernel: 3, stride: 2, activation }, plan);
      },
    };
    const chain = blocks.map((block, i): BlockPlan => ({
      name: block.name,
      build: (x) => {
        const out = invertedResidual(x, block, plan);
        return i < blocks.length - 1 ? out : top(out, channels(1280), plan);
      },
    }));
    return { blocks: [stem, ...chain], features: channels(1280) };
  };
}

function blocksOf(scaling: Scaling, channels: (full: number) => number): Block[] {
  return STAGES.flatMap(([kernel, repeats, full, expansion, stride], i) =>
    Array.from({ length: Math.ceil(repeats * scaling.depth) }, (_, j) => ({
      name: `block${i + 1}${String.fromCharCode(97 + j)}`,
      kernel,
      channels: channels(full),
      expansion,
      stride: j === 0 ? stride : 1,
    })),
  );
}

function top(x: SymbolicTensor, features: number, plan: PlanOptions): SymbolicTensor {
  const names = { conv: 'top_conv', norm: 'top_bn', act: 'top_activation' };
  return averagePool(conv(x, features, { names, kernel: 1, activation }, plan), plan.featureLayer);
}

function invertedResidual(x: SymbolicTensor, block: Block, plan: PlanOptions): SymbolicTensor {
  const { name, kernel, stride, channels } = block;
  const inputs = x.shape[3] ?? 0;
  const expand = { conv: `${name}_expand_conv`, norm: `${name}_expand_bn`, act: `${name}_expand_activation` };
  const expanded =
    block.expansion === 1
      ? x
      : conv(x, inputs * block.expansion, { names: expand, kernel: 1, activation }, plan);
  const names = { conv: `${name}_dwconv`, norm: `${name}_bn`, act: `${name}_activation` };
  const deep = depthwise(expanded, { names, kernel, stride, activation }, plan);
  const gated = gate(deep, Math.max(1, Math.floor(inputs / 4)), name, plan);
  const project = { conv: `${name}_project_conv`, norm: `${name}_project_bn` };
  const out = conv(gated, channels, { names: project, kernel: 1, activation: 'linear' }, plan);
  if (stride !== 1 || inputs !== channels) return out;
  return layers.add({ name: `${name}_add` }).apply([out, x]) as SymbolicTensor;
}

function gate(x: SymbolicTensor, channels: number, name: string, plan: PlanOptions): SymbolicTensor {
  const names = {
    squeeze: `${name}_se_squeeze`,
    reduce: `${name}_se_reduce`,
    expand: `${name}_se_expand`,
    multiply: `${name}_se_excite`,
  };
  return squeezeExcite(x, channels, { names, inner: activation, gate: 'sigmoid' }, plan);
}
