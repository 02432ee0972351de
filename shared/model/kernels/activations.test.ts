// Gradients of the operations that the tests put around the kernels come with the layers library.
import '@tensorflow/tfjs-layers';

import { grad, mul, sum, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { ENGINES, leftBehind, useEngine } from '../../testing/engines.ts';
import { largestDifference, randomNumbers } from '../../testing/models.ts';
import { activate, type ActivationName } from './activations.ts';
import { prepareTrainingKernels } from './register.ts';

/** Each activation in plain numbers. */
const PLAIN: Readonly<Record<ActivationName, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  swish: (x) => x / (1 + Math.exp(-x)),
  hardSigmoid: (x) => Math.min(6, Math.max(0, x + 3)) / 6,
  hardSwish: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
};
const NAMES = Object.keys(PLAIN) as ActivationName[];

// No number here is nearer than the step of the finite difference to a kink at −3, 0, 3 or 6.
const X = Float32Array.from([...randomNumbers(200, 1, -9, 9), -20, 20, -2.99, 2.99, 5.99, 6.01, 0.01]);
const STEP = 1e-4;

async function numbers(name: ActivationName): Promise<[Float32Array, Float32Array]> {
  const [y, dx] = tidy(() => {
    const x = tensor1d(X);
    const weights = tensor1d(randomNumbers(X.length, 2));
    return [activate(x, name).clone(), grad((t) => sum(mul(weights, activate(t, name))))(x)] as const;
  });
  const read = await Promise.all([y.data(), dx.data()]);
  y.dispose();
  dx.dispose();
  return read as [Float32Array, Float32Array];
}

describe.each(ENGINES)('activations on %s', (engine) => {
  beforeAll(async () => {
    await useEngine(engine);
    prepareTrainingKernels();
  });

  test.each(NAMES)('%s and its gradient are those of plain numbers', async (name) => {
    const plain = PLAIN[name];
    const [y, dx] = await numbers(name);
    const weights = randomNumbers(X.length, 2);
    const slopes = Array.from(
      X,
      (x, i) => ((weights[i] ?? 0) * (plain(x + STEP) - plain(x - STEP))) / (2 * STEP),
    );
    expect(largestDifference(y, Array.from(X, plain))).toBeLessThan(1e-5);
    expect(largestDifference(dx, slopes)).toBeLessThan(1e-4);
  });

  test.each(NAMES)('%s leaves no tensor behind', async (name) => {
    expect(await leftBehind(() => numbers(name))).toBe(0);
  });
});
