import { input, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import type { Preprocessing } from '../schema/model.ts';
import { efficientNet } from './zoo/efficientnet.ts';
import { inceptionV4 } from './zoo/inception-v4.ts';
import { mobileNetV1 } from './zoo/mobilenet-v1.ts';
import { mobileNetV2 } from './zoo/mobilenet-v2.ts';
import { mobileNetV3Large, mobileNetV3Small } from './zoo/mobilenet-v3.ts';
import type { NetworkPlan, PlanOptions } from './zoo/parts.ts';
import { resNet50 } from './zoo/resnet.ts';
import { ZOO, type ZooName } from './zoo/table.ts';

const PLANS: Readonly<Record<ZooName, (options: PlanOptions) => NetworkPlan>> = {
  'mobilenet-v1': mobileNetV1,
  'mobilenet-v2': mobileNetV2,
  'mobilenet-v3-small': mobileNetV3Small,
  'mobilenet-v3-large': mobileNetV3Large,
  'resnet-50': resNet50,
  'inception-v4': inceptionV4,
  'efficientnet-b0': efficientNet({ width: 1, depth: 1 }),
  'efficientnet-b1': efficientNet({ width: 1, depth: 1.1 }),
  'efficientnet-b2': efficientNet({ width: 1.1, depth: 1.2 }),
  'efficientnet-b3': efficientNet({ width: 1.2, depth: 1.4 }),
  'efficientnet-b4': efficientNet({ width: 1.4, depth: 1.8 }),
  'efficientnet-b5': efficientNet({ width: 1.6, depth: 2.2 }),
  'efficientnet-b6': efficientNet({ width: 1.8, depth: 2.6 }),
  'efficientnet-b7': efficientNet({ width: 2, depth: 3.1 }),
};

/** Which network: everything needed to build it again. */
export interface BackboneSpec {
  readonly name: ZooName;
  /** Width multiplier. */
  readonly width: number;
  /** Edge of the square input in pixels. */
  readonly size: number;
  /** `false`: batch-norm was folded into the convolutions. */
  readonly batchNorm: boolean;
  /** Seed of random initial weights (default 1); `null`: zeros, for weights that are filled in afterwards. */
  readonly seed?: number | null;
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
 * Builds a backbone with seeded random weights, or with zeros where the spec's seed is `null`.
 * @throws RangeError for an input too small or a width that is not positive
 */
export function buildBackbone(spec: BackboneSpec): Backbone {
  const { range, resize } = ZOO[spec.name];
  const plan = planOf(spec);
  return {
    spec,
    model: buildPart(spec, { from: 0, to: plan.blocks.length }),
    features: plan.features,
    blocks: plan.blocks.map((b) => b.name),
    preprocessing: { size: spec.size, range, resize },
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
  const { featureLayer, batchNorm } = entry;
  return PLANS[spec.name]({
    width: spec.width,
    batchNorm: spec.batchNorm ? batchNorm : null,
    seed: spec.seed === undefined ? 1 : spec.seed,
    featureLayer,
  });
}
