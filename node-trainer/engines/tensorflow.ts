import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import util from 'node:util';

import * as tf from '@tensorflow/tfjs-core';

import { EngineUnusable, reasonOf, type Starter } from './names.ts';
import type { NativeBackend } from './tensorflow/operation.ts';
import { registerNativeKernels } from './tensorflow/register.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

/** Where `npm run native` puts the package linked to a current TensorFlow. */
export const NATIVE = resolve(import.meta.dirname, '..', '..', '.native');

/** TensorFlow itself, on an NVIDIA card or the processor: the fastest engine. */
export const tensorflow: Starter = {
  name: 'tensorflow',
  limit: 120_000,
  start: async () => {
    // Its C++ side prints pages to stderr otherwise; an own setting is respected.
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
    returnRemovedFunctions();
    loadPackage();
    if (!(await tf.setBackend('tensorflow')))
      throw new EngineUnusable('tensorflow', 'TensorFlow does not start');
    registerNativeKernels();
    const { binding, isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
    return `TensorFlow ${binding.TF_Version} on ${isUsingGpuDevice ? 'an NVIDIA card' : 'the processor'}`;
  },
};

function loadPackage(): void {
  const reasons: string[] = [];
  for (const from of [import.meta.url, join(NATIVE, 'package.json')]) {
    try {
      createRequire(from)(PACKAGE);
      return;
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  const absent = reasons.every((reason) => reason.includes(`Cannot find module '${PACKAGE}'`));
  const why = absent
    ? `${PACKAGE} is not installed`
    : reasons.filter((r) => !r.startsWith('Cannot find module')).join('; ');
  throw new EngineUnusable('tensorflow', why || reasons.join('; '), 'npm run native');
}

/** The package calls two functions that Node 23 removed; its repair was never released. */
function returnRemovedFunctions(): void {
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}
