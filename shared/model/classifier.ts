import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';

import { ZOO } from './zoo/table.ts';
import { applyBlocks, type Backbone, type BackboneSpec, buildPart } from './zoo.ts';

/** A linear classifier on features: softmax(features · kernel + bias). */
export interface HeadWeights {
  /** Number of features. */
  readonly dims: number;
  readonly classes: number;
  /** [dims, classes], row by row. */
  readonly kernel: Float32Array;
  /** [classes] */
  readonly bias: Float32Array;
}

/** Name of the classifier's layer in the joined network. */
const HEAD_LAYER = 'head';
const DROPOUT_LAYER = 'head_dropout';

/** A backbone cut in two. Both parts own their weights; their owner disposes them. */
export interface SplitBackbone {
  /** [n, size, size, 3] → boundary. For `predict` only: it is never trained, so nothing in it can drift. */
  readonly bottom: LayersModel;
  /** Boundary → [n, features]: what fine-tuning trains. */
  readonly top: LayersModel;
  /** Shape at the boundary without the batch. */
  readonly boundary: readonly number[];
}

/**
 * Cuts a backbone before its last `blocks` blocks, with copies of its weights.
 * @throws RangeError unless 1 ≤ blocks < number of blocks
 */
export function splitBackbone(backbone: Backbone, blocks: number): SplitBackbone {
  const all = backbone.blocks.length;
  if (!Number.isInteger(blocks) || blocks < 1 || blocks >= all) {
    throw new RangeError(`${blocks} blocks to train: expected 1 … ${all - 1}`);
  }
  const at = all - blocks;
  const spec = unfilled(backbone);
  const bottom = buildPart(spec, { from: 0, to: at });
  const boundary = bottom.outputs[0]?.shape.slice(1).map((n) => n ?? 0) ?? [];
  const top = buildPart(spec, { from: at, to: all, inputShape: boundary });
  copyWeights([backbone.model], bottom);
  copyWeights([backbone.model], top);
  return { bottom, top, boundary };
}

/**
 * The whole trained classifier as one model, [n, size, size, 3] → softmax [n, classes], with copies of all weights.
 * Before the head stands a dropout layer, which only matters in training.
 * @param top the trained top of `splitBackbone`, if there is one: its weights replace the backbone's
 * @param dropout share of the features dropped in training (default: the one of the network's paper); 0 for none
 */
export function joinClassifier(pieces: {
  readonly backbone: Backbone;
  readonly head: HeadWeights;
  readonly top?: LayersModel;
  readonly dropout?: number;
}): LayersModel {
  const { backbone, head, top, dropout = ZOO[backbone.spec.name].dropout } = pieces;
  if (head.dims !== backbone.features) {
    throw new RangeError(`a head for ${head.dims} features on a backbone with ${backbone.features}`);
  }
  const { size } = backbone.spec;
  const start = input({ shape: [size, size, 3] });
  const features = applyBlocks(unfilled(backbone), start, 0, backbone.blocks.length);
  const kept =
    dropout > 0 ? layers.dropout({ name: DROPOUT_LAYER, rate: dropout }).apply(features) : features;
  const dense = layers.dense({ name: HEAD_LAYER, units: head.classes, activation: 'softmax' });
  const classifier = model({ inputs: start, outputs: dense.apply(kept) as SymbolicTensor });
  tidy(() => {
    dense.setWeights([tensor(head.kernel, [head.dims, head.classes]), tensor(head.bias, [head.classes])]);
  });
  copyWeights(top ? [top, backbone.model] : [backbone.model], classifier);
  return classifier;
}

/** How to build copies: their weights are filled in, so random ones would be made for nothing. */
function unfilled({ spec }: Backbone): BackboneSpec {
  return { ...spec, seed: null };
}

/** Fills a model's weights by name from the first source that has them; weights without a source stay. */
export function copyWeights(sources: readonly LayersModel[], target: LayersModel): void {
  const values = new Map<string, Tensor>();
  for (const source of [...sources].reverse()) {
    for (const weight of source.weights) values.set(weight.originalName, weight.read());
  }
  target.setWeights(target.weights.map((w) => values.get(w.originalName) ?? w.read()));
}
