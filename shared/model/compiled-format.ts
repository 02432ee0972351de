import * as v from 'valibot';

import { PreprocessingSchema } from '../schema/model.ts';
import { Count } from '../schema/names.ts';
import { defineRecord } from '../schema/record.ts';

/** Limits of what a guest's phone will ever be asked to hold: a file that wants more is refused. */
export const LIMITS = { ops: 2000, tensors: 4000, edge: 1 << 16, elements: 1 << 26, bytes: 1 << 28 } as const;

/** Which result: 0 is the input, `k` is the result of the k-th operation (counted from 1). */
const Node = v.pipe(Count, v.maxValue(LIMITS.ops));
/** Which tensor of `tensors`. */
const TensorIndex = v.pipe(Count, v.maxValue(LIMITS.tensors));
const Stride = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8));
const Activation = v.picklist(['linear', 'relu', 'relu6', 'swish', 'sigmoid', 'hardSwish', 'hardSigmoid']);
export type Activation = v.InferOutput<typeof Activation>;

/** Convolution with bias and activation in one kernel; `depthwise`: one filter a channel. */
const ConvSchema = v.strictObject({
  op: v.picklist(['conv', 'depthwise']),
  input: Node,
  filter: TensorIndex,
  bias: TensorIndex,
  strides: v.tuple([Stride, Stride]),
  pad: v.picklist(['same', 'valid']),
  activation: Activation,
});
/** Sum of two results of the same shape. */
const AddSchema = v.strictObject({ op: v.literal('add'), left: Node, right: Node });
/** Mean over height and width: [n, h, w, c] → [n, c]. */
const MeanSchema = v.strictObject({ op: v.literal('mean'), input: Node });
/** [n, c] · kernel + bias. */
const DenseSchema = v.strictObject({
  op: v.literal('dense'),
  input: Node,
  kernel: TensorIndex,
  bias: TensorIndex,
});

const OpSchema = v.variant('op', [ConvSchema, AddSchema, MeanSchema, DenseSchema]);
export type CompiledOp = v.InferOutput<typeof OpSchema>;
export type ConvOp = v.InferOutput<typeof ConvSchema>;

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
  v: v.literal(1),
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
export const compiledRecord = defineRecord('compiled network', 1, CompiledSchema);
