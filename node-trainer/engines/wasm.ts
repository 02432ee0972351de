import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import { EngineUnusable, type Starter } from './names.ts';

/** WebAssembly with SIMD: no set-up, a few times faster than plain JavaScript. */
export const wasm: Starter = {
  name: 'wasm',
  limit: 20_000,
  start: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    // All three names lead to the single-thread file: starting the threaded one can hang for ever, without an error.
    const file = join(folder, 'tfjs-backend-wasm-simd.wasm');
    setWasmPaths({
      'tfjs-backend-wasm.wasm': file,
      'tfjs-backend-wasm-simd.wasm': file,
      'tfjs-backend-wasm-threaded-simd.wasm': file,
    });
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    if (!(await tf.setBackend('wasm')))
      throw new EngineUnusable('wasm', 'WebAssembly with SIMD does not start in this Node.js');
    return 'WebAssembly with SIMD, one thread';
  },
};
