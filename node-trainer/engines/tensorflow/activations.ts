import type * as tf from '@tensorflow/tfjs-core';

import { activationKernel } from '#shared/model/kernels/activations.ts';

import { type NativeKernel, perform } from './operation.ts';

/** Gradients that are one operation of TensorFlow, in one pass over the tensor; the others stay composed. */
const OPERATIONS = [
  ['relu', 'ReluGrad'],
  ['relu6', 'Relu6Grad'],
] as const;

export const ACTIVATION_KERNELS: readonly NativeKernel[] = OPERATIONS.map(([activation, name]) => [
  activationKernel(activation).grad,
  (backend, { dy, of }) =>
    perform(backend, { name, types: ['T'], inputs: [dy, of] as tf.TensorInfo[], outputs: 1 }),
]);
