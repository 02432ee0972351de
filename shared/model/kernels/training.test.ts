import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../../testing/engines.ts';
import { largestDifference } from '../../testing/models.ts';
import { takeSteps } from '../../testing/steps.ts';
import type { BackboneSpec } from '../zoo.ts';
import { prepareTrainingKernels } from './register.ts';

beforeAll(async () => {
  await useEngine('wasm');
  prepareTrainingKernels();
  await useEngine('cpu');
});

const SPEC: BackboneSpec = { name: 'mobilenet-v1', width: 0.25, size: 33, batchNorm: true };

test('three steps of training on wasm end with the weights of the cpu engine', async () => {
  await setBackend('cpu');
  const wanted = await takeSteps(SPEC, 3);
  await setBackend('wasm');
  const got = await takeSteps(SPEC, 3);
  expect(largestDifference(got.losses, wanted.losses)).toBeLessThan(1e-4 * Math.max(...wanted.losses));
  expect(largestDifference(got.weights, wanted.weights)).toBeLessThan(1e-4);
});

test('a step on wasm leaves no tensor behind', async () => {
  await setBackend('wasm');
  expect(await leftBehind(() => takeSteps(SPEC, 1))).toBe(0);
});
