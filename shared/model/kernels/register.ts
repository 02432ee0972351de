import { getBackend } from '@tensorflow/tfjs-core';

import { registerWasmKernels } from './wasm/register.ts';

/**
 * Gives the current engine the kernels that training needs and it lacks, or does slowly or wrongly. Kernels of an
 * engine outside this room are registered by whoever starts it. Calling this again does nothing.
 */
export function prepareTrainingKernels(): void {
  if (getBackend() === 'wasm') registerWasmKernels();
}
