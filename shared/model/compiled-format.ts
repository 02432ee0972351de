import * as v from 'valibot';

import { PreprocessingSchema } from '../schema/model.ts';
import { Count } from '../schema/names.ts';
import { defineRecord } from '../schema/record.ts';

/**
 * Limits of what a guest's phone will ever be asked to hold: a file that wants more is refused. `elements` are the
 * numbers of one result for one image, `live` those of all results that are needed at the same time.
 */
export const LIMITS = {
  ops: 2000,
  tensors: 4000,
  edge: 1 << 16,
  elements: 1 << 26,
  live: 1 << 27,
  bytes: 1 << 28,
} as const;

/** Which result: 0 is the input, `k` is the result of the k-th operation (counted from 1). */
const Node = v.pipe(Count, v.maxValue(LIMITS.ops));
/** Which tensor of `tensors`. */
const TensorIndex = v.pipe(Count, v.maxValue(LIMITS.tensors));
const Stride = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8));
const Window = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16));
const Margin = v.pipe(Count, v.maxValue(16));
const Pad = v.picklist(['same', 'valid']);
/** `hardSigmoid` is relu6(x + 3) / 6, `hardSwish` x times it; `swish` is x times the sigmoid of x. */
const Activation = v.picklist(['linear', 'relu', 'relu6', 'swish', 'sigmoid', 'hardSwish', 'hardSigmoid']);
export type Activation = v.InferOutput<typeof Activation>;

/** Convolution with bias and activation; `depthwise`: one filter a channel. */
const ConvSchema = v.strictObject({
  op: v.picklist(['conv', 'depthwise']),
  input: Node,
  filter: TensorIndex,
  bias: TensorIndex,
  strides: v.tuple([Stride, Stride]),
  pad: Pad,
  activation: Activation,
});
/** Largest or mean value of each window; what lies outside the image does not count. */
const PoolSchema = v.strictObject({
  op: v.picklist(['max-pool', 'average-pool']),
  input: Node,
  window: v.tuple([Window, Window]),
  strides: v.tuple([Stride, Stride]),
  pad: Pad,
});
/** Zeros around an image. */
const PadSchema = v.strictObject({
  op: v.literal('pad'),
  input: Node,
  top: Margin,
  bottom: Margin,
  left: Margin,
  right: Margin,
});
/** Sum of two results of the same shape. */
const AddSchema = v.strictObject({ op: v.literal('add'), left: Node, right: Node });
/** An image with each channel times its own factor: [n, h, w, c] · [n, c]. */
const ScaleSchema = v.strictObject({ op: v.literal('scale'), input: Node, factors: Node });
/** The channels of several images of the same height and width, one after the other. */
const ConcatSchema = v.strictObject({
  op: v.literal('concat'),
  inputs: v.pipe(v.array(Node), v.minLength(2), v.maxLength(16)),
});
/** An activation that could not be fused with the operation before it. */
const ActivateSchema = v.strictObject({ op: v.literal('activate'), input: Node, activation: Activation });
/** Mean over height and width: [n, h, w, c] → [n, c]. */
const MeanSchema = v.strictObject({ op: v.literal('mean'), input: Node });
/** [n, c] · kernel + bias, then the activation. */
const DenseSchema = v.strictObject({
  op: v.literal('dense'),
  input: Node,
  kernel: TensorIndex,
  bias: TensorIndex,
  activation: Activation,
});

const OpSchema = v.variant('op', [
  ConvSchema,
  PoolSchema,
  PadSchema,
  AddSchema,
  ScaleSchema,
  ConcatSchema,
  ActivateSchema,
  MeanSchema,
  DenseSchema,
]);
export type CompiledOp = v.InferOutput<typeof OpSchema>;
export type ConvOp = v.InferOutput<typeof ConvSchema>;
export type PoolOp = v.InferOutput<typeof PoolSchema>;
export type DenseOp = v.InferOutput<typeof DenseSchema>;

/** A block of little-endian float32 numbers in the weights file. */
const TensorSchema = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  shape: v.pipe(
    v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LIMITS.edge))),
    v.minLength(1),
    v.maxLength(4),
  ),
  dtype: v.literal('float32'),
  /** First byte; a multiple of 4. */
  offset: v.pipe(Count, v.multipleOf(4, 'expected a multiple of 4')),
});
export type TensorSpec = v.InferOutput<typeof TensorSchema>;

const CompiledSchema = v.strictObject({
  v: v.literal(2),
  preprocessing: PreprocessingSchema,
  /** Number of outputs; softmax is taken over them. */
  classes: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(LIMITS.edge)),
  /** The node whose result is the feature vector. */
  features: Node,
  /** Length of the weights file. */
  bytes: v.pipe(Count, v.maxValue(LIMITS.bytes)),
  tensors: v.pipe(v.array(TensorSchema), v.maxLength(LIMITS.tensors)),
  /** In the order of running; the last one gives the logits. */
  ops: v.pipe(v.array(OpSchema), v.minLength(1), v.maxLength(LIMITS.ops)),
});
export type CompiledFile = v.InferOutput<typeof CompiledSchema>;

/** The network that guests download: `model.json`. Its graph is checked by `checkGraph`. */
export const compiledRecord = defineRecord('compiled network', 2, CompiledSchema, [
  { name: 'AddDenseActivation', from: 1, up: addDenseActivation },
]);

/** Version 1 knew five operations, and its dense one had no activation. */
function addDenseActivation(old: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { ops } = old;
  if (!Array.isArray(ops)) return { ...old };
  return {
    ...old,
    ops: ops.map((op: unknown) => (isDense(op) ? { ...op, activation: 'linear' } : op)),
  };
}

function isDense(op: unknown): op is object {
  return typeof op === 'object' && op !== null && 'op' in op && op.op === 'dense';
}

/** The nodes whose results an operation needs. */
export function readsOf(op: CompiledOp): readonly number[] {
  if (op.op === 'add') return [op.left, op.right];
  if (op.op === 'scale') return [op.input, op.factors];
  return op.op === 'concat' ? op.inputs : [op.input];
}

/** Which operation (counted from 0) is the last one that needs a node; nodes that nobody needs are missing. */
export function lastReaders(ops: readonly CompiledOp[]): ReadonlyMap<number, number> {
  return new Map(ops.flatMap((op, i) => readsOf(op).map((node) => [node, i] as const)));
}
