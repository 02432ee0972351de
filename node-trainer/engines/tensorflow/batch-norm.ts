import * as tf from '@tensorflow/tfjs-core';

import { BATCH_NORM } from '#shared/model/kernels/batch-norm.ts';

import { type NativeBackend, type NativeKernel, perform } from './operation.ts';

type Inputs = Readonly<Record<string, tf.TensorInfo>>;
type Attrs = Readonly<Record<string, unknown>>;

/** Batch-norm forward and backward as one operation each, in place of a dozen. */
export const BATCH_NORM_KERNELS: readonly NativeKernel[] = [
  [BATCH_NORM.training, training],
  [BATCH_NORM.trainingGrad, trainingGrad],
  [BATCH_NORM.fixed, fixed],
  [BATCH_NORM.fixedGrad, fixedGrad],
];

function training(backend: NativeBackend, inputs: Inputs, attrs: Attrs): tf.Tensor[] {
  const { x, gamma, beta } = inputs as Record<'x' | 'gamma' | 'beta', tf.TensorInfo>;
  const none = tf.tensor1d([]);
  const outputs = forward(backend, [x, gamma, beta, none, none], attrs, true);
  const [y, mean, corrected, ...saved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  // TensorFlow tells the variance of what the batch was drawn from, which divides by one value less.
  const values = x.shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const variance = tf.mul(corrected, (values - 1) / values);
  tf.dispose([none, corrected]);
  return [y, mean, variance, ...saved];
}

function trainingGrad(backend: NativeBackend, inputs: Inputs, attrs: Attrs): tf.Tensor[] {
  const { dy, x, gamma, saved0, saved1, saved2 } = inputs as Record<string, tf.TensorInfo>;
  return backward(backend, [dy, x, gamma, saved0, saved1, saved2], attrs, true);
}

function fixed(backend: NativeBackend, inputs: Inputs, attrs: Attrs): tf.Tensor[] {
  const { x, gamma, beta, mean, variance } = inputs as Record<string, tf.TensorInfo>;
  const [y, ...rest] = forward(backend, [x, gamma, beta, mean, variance], attrs, false) as [tf.Tensor];
  tf.dispose(rest);
  return [y];
}

function fixedGrad(backend: NativeBackend, inputs: Inputs, attrs: Attrs): tf.Tensor[] {
  const { dy, x, gamma, mean, variance } = inputs as Record<string, tf.TensorInfo>;
  // The last one is a place that only training on a graphics card fills.
  return backward(backend, [dy, x, gamma, mean, variance, mean], attrs, false);
}

type Given = readonly (tf.TensorInfo | undefined)[];

/** x, γ, β, μ, σ² → y, μ, σ², and three that the gradient wants. */
function forward(backend: NativeBackend, given: Given, attrs: Attrs, learning: boolean): tf.Tensor[] {
  return run(backend, 'FusedBatchNormV3', given, attrs, learning, 6);
}

/** dy, x, γ and three that forward gave → dx, dγ, dβ. */
function backward(backend: NativeBackend, given: Given, attrs: Attrs, learning: boolean): tf.Tensor[] {
  const outputs = run(backend, 'FusedBatchNormGradV3', given, attrs, learning, 5);
  tf.dispose(outputs.slice(3));
  return outputs.slice(0, 3);
}

function run(
  backend: NativeBackend,
  name: string,
  given: Given,
  attrs: Attrs,
  learning: boolean,
  outputs: number,
): tf.Tensor[] {
  return perform(backend, {
    name,
    types: ['T', 'U'],
    floats: { epsilon: attrs.epsilon as number },
    flags: { is_training: learning },
    inputs: given as readonly tf.TensorInfo[],
    outputs,
  });
}
