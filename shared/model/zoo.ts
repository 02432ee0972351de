import { input, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import type { Preprocessing } from '../schema/model.ts';
import { mobileNetV1 } from './zoo/mobilenet-v1.ts';
import { mobileNetV2 } from './zoo/mobilenet-v2.ts';
import type { NetworkPlan, PlanOptions } from './zoo/parts.ts';

/** One architecture of the zoo. */
export interface ZooEntry {
  /** For people. */
  readonly title: string;
  /** Width multipliers for which pretrained weights were published. */
  readonly widths: readonly number[];
  /** Smallest edge of the input: below it, nothing is left to pool. */
  readonly minSize: number;
  /** Value of black and of white. */
  readonly range: readonly [number, number];
  readonly plan: (options: PlanOptions) => NetworkPlan;
}

export const ZOO = {
  'mobilenet-v1': {
    title: 'MobileNet V1',
    widths: [0.25, 0.5, 0.75, 1],
    minSize: 32,
    range: [-1, 1],
    plan: mobileNetV1,
  },
  'mobilenet-v2': {
    title: 'MobileNet V2',
    widths: [0.35, 0.5, 0.75, 1, 1.3, 1.4],
    minSize: 32,
    range: [-1, 1],
    plan: mobileNetV2,
  },
} as const satisfies Record<string, ZooEntry>;

export type ZooName = keyof typeof ZOO;

/** Whether a name from outside names an entry of the zoo. */
export function isZooName(name: string): name is ZooName {
  return Object.hasOwn(ZOO, name);
}

/** Which network: everything needed to build it again. */
export interface BackboneSpec {
  readonly name: ZooName;
  /** Width multiplier. */
  readonly width: number;
  /** Edge of the square input in pixels. */
  readonly size: number;
  /** `false`: batch-norm was folded into the convolutions. */
  readonly batchNorm: boolean;
  /** Seed of random initial weights (default 1). */
  readonly seed?: number;
}

/** A network from image to features, without a classifier. Its owner disposes `model`. */
export interface Backbone {
  readonly spec: BackboneSpec;
  /** [n, size, size, 3] → [n, features] */
  readonly model: LayersModel;
  readonly features: number;
  /** Names of the blocks from input to features. */
  readonly blocks: readonly string[];
  readonly preprocessing: Preprocessing;
}

/**
 * Builds a backbone with seeded random weights.
 * @throws RangeError for an input too small or a width that is not positive
 */
export function buildBackbone(spec: BackboneSpec): Backbone {
  const { range } = ZOO[spec.name];
  const plan = planOf(spec);
  return {
    spec,
    model: buildPart(spec, { from: 0, to: plan.blocks.length }),
    features: plan.features,
    blocks: plan.blocks.map((b) => b.name),
    preprocessing: { size: spec.size, range: [range[0], range[1]], resize: 'letterbox' },
  };
}

/** Which blocks of a backbone: `from` inclusive, `to` exclusive. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
  /** Shape of what the first block reads, without the batch; default: the image. */
  readonly inputShape?: readonly number[];
}

/** Builds some consecutive blocks as a model of their own, with the layer names they have in the whole. */
export function buildPart(spec: BackboneSpec, range: BlockRange): LayersModel {
  const start = input({ shape: [...(range.inputShape ?? [spec.size, spec.size, 3])] });
  return model({ inputs: start, outputs: applyBlocks(spec, start, range.from, range.to) });
}

/** Applies the blocks `from` … `to - 1` of a network to a symbolic tensor. */
export function applyBlocks(spec: BackboneSpec, x: SymbolicTensor, from: number, to: number): SymbolicTensor {
  return planOf(spec)
    .blocks.slice(from, to)
    .reduce((out, block) => block.build(out), x);
}

function planOf(spec: BackboneSpec): NetworkPlan {
  const entry = ZOO[spec.name];
  if (!Number.isInteger(spec.size) || spec.size < entry.minSize) {
    throw new RangeError(`${entry.title} needs an input of at least ${entry.minSize} px, not ${spec.size}`);
  }
  if (!(spec.width > 0)) throw new RangeError(`width ${spec.width}: expected a positive number`);
  return entry.plan({ width: spec.width, batchNorm: spec.batchNorm, seed: spec.seed ?? 1 });
}
