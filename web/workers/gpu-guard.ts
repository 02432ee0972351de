import type { KernelBackend } from '@tensorflow/tfjs-core';

/**
 * Runs work on an engine so that a GPU's silent faults become rejections: a tensor over a buffer's limit gives a wrong
 * answer and no exception, unless error scopes are asked.
 */
export async function guarded<T>(backend: KernelBackend, work: () => Promise<T>): Promise<T> {
  const { device } = backend as { readonly device?: GPUDevice };
  if (!device) return work();
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  // The scopes must be closed in order even when the work fails.
  const [result, validation, memory] = await Promise.allSettled([
    work(),
    device.popErrorScope(),
    device.popErrorScope(),
  ]);
  if (result.status === 'rejected') throw result.reason;
  for (const scope of [validation, memory]) {
    if (scope.status === 'rejected') throw scope.reason;
    if (scope.value) throw new Error(scope.value.message);
  }
  return result.value;
}
