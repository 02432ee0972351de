import { existsSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { activate, type ActivationName } from '#shared/model/kernels/activations.ts';
import { batchNormFixed, batchNormTraining } from '#shared/model/kernels/batch-norm.ts';

import { leftBehind } from '../../../shared/testing/engines.ts';
import { largestDifference, randomNumbers } from '../../../shared/testing/models.ts';
import { takeSteps } from '../../../shared/testing/steps.ts';
import { startEngine } from '../engine.ts';
import { NATIVE } from '../tensorflow.ts';
import { registerNativeKernels } from './register.ts';

const native = existsSync(join(NATIVE, 'done.json'));

const SHAPE: [number, number, number, number] = [3, 4, 5, 6];

type Run = (x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D) => tf.Tensor[];

const CASES: readonly (readonly [string, Run])[] = [
  [
    'batch-norm by the batch',
    (x, gamma, beta) => {
      const { y, mean, variance } = batchNormTraining(x, gamma, beta, 1e-3);
      return [y, mean, variance];
    },
  ],
  [
    'batch-norm by fixed statistics',
    (x, gamma, beta) => [
      batchNormFixed(
        x,
        gamma,
        beta,
        tf.tensor1d(randomNumbers(6, 4)),
        tf.tensor1d(randomNumbers(6, 5, 1, 2)),
        1e-3,
      ),
    ],
  ],
  ...(['relu', 'relu6', 'swish', 'hardSwish', 'hardSigmoid', 'sigmoid'] satisfies ActivationName[]).map(
    (name): readonly [string, Run] => [
      name,
      (x, gamma, beta) => [activate(tf.add(tf.mul(x, gamma), beta), name)],
    ],
  ),
];

/** Results and gradients on one engine. */
async function numbersOn(engine: string, run: Run): Promise<Float32Array[]> {
  await tf.setBackend(engine);
  const results = tf.tidy(() => {
    const x = tf.tensor4d(randomNumbers(360, 1, -4, 8), SHAPE);
    const gamma = tf.tensor1d(randomNumbers(6, 2, 0.5, 1.5));
    const beta = tf.tensor1d(randomNumbers(6, 3));
    const weights = tf.tensor4d(randomNumbers(360, 6), SHAPE);
    const by = tf.grads((a, b, c) => {
      const [y] = run(a as tf.Tensor4D, b as tf.Tensor1D, c as tf.Tensor1D) as [tf.Tensor];
      return tf.sum(tf.mul(weights, tf.mul(y, y)));
    });
    return [...run(x, gamma, beta), ...by([x, gamma, beta])];
  });
  const read = await Promise.all(results.map(async (t) => Float32Array.from(await t.data())));
  tf.dispose(results);
  return read;
}

describe.skipIf(!native)('TensorFlow (skipped where `npm run native` was not run)', () => {
  beforeAll(async () => {
    await import('@tensorflow/tfjs-layers');
    await startEngine('cpu');
    await startEngine('tensorflow');
  });

  test.each(CASES)('%s: results and gradients are those of the cpu engine', async (_, run) => {
    const [wanted, got] = [await numbersOn('cpu', run), await numbersOn('tensorflow', run)];
    expect(got).toHaveLength(wanted.length);
    got.forEach((values, i) => {
      const reference = wanted[i] ?? [];
      const scale = Math.max(...Array.from(reference, Math.abs));
      expect(largestDifference(values, reference) / scale).toBeLessThan(1e-4);
    });
  });

  test.each(CASES)('%s leaves no tensor behind', async (_, run) => {
    expect(await leftBehind(() => numbersOn('tensorflow', run))).toBe(0);
  });

  test('registering twice changes nothing', () => {
    const before = tf.getKernelsForBackend('tensorflow').length;
    registerNativeKernels();
    expect(tf.getKernelsForBackend('tensorflow')).toHaveLength(before);
  });

  test('three steps of training end with the weights of the cpu engine', async () => {
    const spec = { name: 'mobilenet-v1', width: 0.25, size: 33, batchNorm: true } as const;
    await tf.setBackend('cpu');
    const wanted = await takeSteps(spec, 3);
    await tf.setBackend('tensorflow');
    const got = await takeSteps(spec, 3);
    expect(largestDifference(got.losses, wanted.losses)).toBeLessThan(1e-4 * Math.max(...wanted.losses));
    expect(largestDifference(got.weights, wanted.weights)).toBeLessThan(1e-4);
  });
});
