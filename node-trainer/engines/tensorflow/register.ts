import * as tf from '@tensorflow/tfjs-core';

import { ACTIVATION_KERNELS } from './activations.ts';
import { BATCH_NORM_KERNELS } from './batch-norm.ts';
import type { NativeBackend } from './operation.ts';

/** Puts TensorFlow's own fused operations in the place of composed kernels. Calling this again does nothing. */
export function registerNativeKernels(): void {
  for (const [kernelName, work] of [...BATCH_NORM_KERNELS, ...ACTIVATION_KERNELS]) {
    if (tf.getKernel(kernelName, 'tensorflow') as tf.KernelConfig | undefined) continue;
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) =>
      work(backend as NativeBackend, inputs as Record<string, tf.TensorInfo>, attrs ?? {});
    tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}
