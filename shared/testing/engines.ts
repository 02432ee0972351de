import { resolve } from 'node:path';

import '@tensorflow/tfjs-backend-cpu';

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { memory, ready, setBackend } from '@tensorflow/tfjs-core';

/** Engines that work in Node without anything installed beside npm's packages. */
export const ENGINES = ['cpu', 'wasm'] as const;

/** Starts an engine for the tests of a file. */
export async function useEngine(name: (typeof ENGINES)[number]): Promise<void> {
  if (name === 'wasm') {
    setWasmPaths(`${resolve(import.meta.dirname, '../../node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);
  }
  await setBackend(name);
  await ready();
}

/** Number of tensors that a piece of work leaves behind. */
export async function leftBehind(work: () => unknown): Promise<number> {
  const before = memory().numTensors;
  await work();
  return memory().numTensors - before;
}
