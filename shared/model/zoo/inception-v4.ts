import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import {
  averagePool,
  type BlockPlan,
  conv,
  makeDivisible,
  type NetworkPlan,
  type PlanOptions,
} from './parts.ts';

type Kernel = number | readonly [height: number, width: number];

/** One convolution of a branch. */
interface Step {
  /** Module path inside the block, e.g. `branch1.0`. */
  readonly path: string;
  readonly channels: number;
  readonly kernel: Kernel;
  readonly stride: number;
  readonly padding: 'same' | 'valid';
}

/** What a branch of a block starts with or consists of, and where its output goes. */
type Branch =
  | { readonly pool: 'none' | 'average'; readonly steps: readonly Step[]; readonly ends?: readonly Step[] }
  | { readonly pool: 'max' };

const [ROW3, COLUMN3, ROW7, COLUMN7] = [
  [1, 3],
  [3, 1],
  [1, 7],
  [7, 1],
] as const;

/**
 * Inception V4: parallel branches of factorised convolutions. Szegedy et al. 2016, "Inception-v4, Inception-ResNet and
 * the Impact of Residual Connections on Learning", arXiv:1602.07261 (figures 3 to 9). Layer names are timm's module
 * paths; the blocks are its modules.
 */
export function inceptionV4(plan: PlanOptions): NetworkPlan {
  const stem = [
    [step('', 32, 3, { stride: 2, padding: 'valid' })],
    [step('', 32, 3, { padding: 'valid' })],
    [step('', 64, 3)],
  ].map((steps): readonly Branch[] => [{ pool: 'none', steps }]);
  const modules = [
    ...stem,
    MIXED_3A,
    MIXED_4A,
    MIXED_5A,
    ...Array.from({ length: 4 }, () => INCEPTION_A),
    REDUCTION_A,
    ...Array.from({ length: 7 }, () => INCEPTION_B),
    REDUCTION_B,
    ...Array.from({ length: 3 }, () => INCEPTION_C),
  ];
  const blocks = modules.map((branches, i): BlockPlan => {
    const name = `features.${i}`;
    return {
      name,
      build: (x) => {
        const out = build(x, name, branches, plan);
        return i < modules.length - 1 ? out : averagePool(out, plan.featureLayer);
      },
    };
  });
  const features = INCEPTION_C.flatMap(outputsOf).reduce((sum, s) => sum + width(s.channels, plan), 0);
  return { blocks, features };
}

function step(
  path: string,
  channels: number,
  kernel: Kernel,
  { stride = 1, padding = 'same' }: { readonly stride?: number; readonly padding?: 'same' | 'valid' } = {},
): Step {
  return { path, channels, kernel, stride, padding };
}

/** A branch of convolutions, numbered in the order of running. */
function sequence(
  branch: string,
  ...steps: readonly (readonly [number, Kernel, Parameters<typeof step>[3]?])[]
): Branch {
  return {
    pool: 'none',
    steps: steps.map(([channels, kernel, rest], i) => step(`${branch}.${i}`, channels, kernel, rest)),
  };
}

/** A branch of a 1 × 1 convolution on the average of the neighbourhood. */
function averaged(channels: number): Branch {
  return { pool: 'average', steps: [step('branch3.1', channels, 1)] };
}

const DOWN = { stride: 2, padding: 'valid' } as const;
const INNER = { padding: 'valid' } as const;
const MAX: Branch = { pool: 'max' };

const MIXED_3A: readonly Branch[] = [MAX, { pool: 'none', steps: [step('conv', 96, 3, DOWN)] }];
const MIXED_4A: readonly Branch[] = [
  sequence('branch0', [64, 1], [96, 3, INNER]),
  sequence('branch1', [64, 1], [64, ROW7], [64, COLUMN7], [96, 3, INNER]),
];
const MIXED_5A: readonly Branch[] = [{ pool: 'none', steps: [step('conv', 192, 3, DOWN)] }, MAX];
const INCEPTION_A: readonly Branch[] = [
  { pool: 'none', steps: [step('branch0', 96, 1)] },
  sequence('branch1', [64, 1], [96, 3]),
  sequence('branch2', [64, 1], [96, 3], [96, 3]),
  averaged(96),
];
const REDUCTION_A: readonly Branch[] = [
  { pool: 'none', steps: [step('branch0', 384, 3, DOWN)] },
  sequence('branch1', [192, 1], [224, 3], [256, 3, DOWN]),
  MAX,
];
const INCEPTION_B: readonly Branch[] = [
  { pool: 'none', steps: [step('branch0', 384, 1)] },
  sequence('branch1', [192, 1], [224, ROW7], [256, COLUMN7]),
  sequence('branch2', [192, 1], [192, COLUMN7], [224, ROW7], [224, COLUMN7], [256, ROW7]),
  averaged(128),
];
const REDUCTION_B: readonly Branch[] = [
  sequence('branch0', [192, 1], [192, 3, DOWN]),
  sequence('branch1', [256, 1], [256, ROW7], [320, COLUMN7], [320, 3, DOWN]),
  MAX,
];
const INCEPTION_C: readonly Branch[] = [
  { pool: 'none', steps: [step('branch0', 256, 1)] },
  {
    pool: 'none',
    steps: [step('branch1_0', 384, 1)],
    ends: [step('branch1_1a', 256, ROW3), step('branch1_1b', 256, COLUMN3)],
  },
  {
    pool: 'none',
    steps: [step('branch2_0', 384, 1), step('branch2_1', 448, COLUMN3), step('branch2_2', 512, ROW3)],
    ends: [step('branch2_3a', 256, ROW3), step('branch2_3b', 256, COLUMN3)],
  },
  averaged(256),
];

function width(channels: number, plan: PlanOptions): number {
  return makeDivisible(channels * plan.width);
}

function outputsOf(branch: Branch): readonly Step[] {
  return branch.pool === 'max' ? [] : (branch.ends ?? branch.steps.slice(-1));
}

function build(
  x: SymbolicTensor,
  name: string,
  branches: readonly Branch[],
  plan: PlanOptions,
): SymbolicTensor {
  const outputs = branches.flatMap((branch) => buildBranch(x, name, branch, plan));
  const [first] = outputs;
  if (first && outputs.length === 1) return first;
  return layers.concatenate({ name: `${name}.concat` }).apply(outputs) as SymbolicTensor;
}

function buildBranch(x: SymbolicTensor, name: string, branch: Branch, plan: PlanOptions): SymbolicTensor[] {
  if (branch.pool === 'max') return [maxPool(x, `${name}.maxpool`)];
  const start = branch.pool === 'average' ? neighbourhood(x, `${name}.avgpool`) : x;
  const run = (from: SymbolicTensor, s: Step): SymbolicTensor => buildStep(from, name, s, plan);
  const end = branch.steps.reduce(run, start);
  return branch.ends ? branch.ends.map((s) => run(end, s)) : [end];
}

function maxPool(x: SymbolicTensor, name: string): SymbolicTensor {
  return layers.maxPooling2d({ name, poolSize: 3, strides: 2, padding: 'valid' }).apply(x) as SymbolicTensor;
}

/** Mean of each 3 × 3 window; what lies outside the image does not count. */
function neighbourhood(x: SymbolicTensor, name: string): SymbolicTensor {
  return layers
    .averagePooling2d({ name, poolSize: 3, strides: 1, padding: 'same' })
    .apply(x) as SymbolicTensor;
}

function buildStep(x: SymbolicTensor, block: string, s: Step, plan: PlanOptions): SymbolicTensor {
  const prefix = s.path === '' ? block : `${block}.${s.path}`;
  const names = { conv: `${prefix}.conv`, norm: `${prefix}.bn`, act: `${prefix}.act` };
  const { kernel, stride, padding } = s;
  return conv(x, width(s.channels, plan), { names, kernel, stride, padding, activation: 'relu' }, plan);
}
