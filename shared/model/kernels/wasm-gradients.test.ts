// Its gradients come with the layers library.
import '@tensorflow/tfjs-layers';

import {
  conv2d,
  depthwiseConv2d,
  grads,
  mul,
  setBackend,
  sum,
  type Tensor4D,
  tensor4d,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../../testing/engines.ts';
import { largestDifference, randomNumbers } from '../../testing/models.ts';
import { registerWasmGradients } from './wasm-gradients.ts';

beforeAll(async () => {
  await useEngine('wasm');
  registerWasmGradients();
  await useEngine('cpu');
});

const CASES = [1, 3, 5].flatMap((kernel) =>
  [1, 2].flatMap((stride) =>
    (['same', 'valid'] as const).flatMap((pad) => [7, 8].map((size) => ({ kernel, stride, pad, size }))),
  ),
);
type Case = (typeof CASES)[number];

/** Gradients of a convolution by its input and its filter, on one engine. */
async function gradients(engine: 'cpu' | 'wasm', deep: boolean, c: Case): Promise<[number[], number[]]> {
  await setBackend(engine);
  const filters = deep ? 1 : 4;
  const x = tensor4d(randomNumbers(2 * c.size * c.size * 3, 1), [2, c.size, c.size, 3]);
  const w = tensor4d(randomNumbers(c.kernel * c.kernel * 3 * filters, 2), [c.kernel, c.kernel, 3, filters]);
  const run = (a: Tensor4D, b: Tensor4D): Tensor4D =>
    deep ? depthwiseConv2d(a, b, c.stride, c.pad) : conv2d(a, b, c.stride, c.pad);
  const [dx, dw] = grads((a, b) => {
    const y = run(a as Tensor4D, b as Tensor4D);
    return sum(mul(y, y));
  })([x, w]);
  const result = [Array.from(await dx!.data()), Array.from(await dw!.data())] as [number[], number[]];
  for (const t of [x, w, dx!, dw!]) t.dispose();
  return result;
}

describe.each([true, false])('gradients on wasm equal those of the cpu engine (depthwise: %s)', (deep) => {
  test.each(CASES)('kernel $kernel, stride $stride, $pad, $size px', async (c) => {
    const [cpu, wasm] = [await gradients('cpu', deep, c), await gradients('wasm', deep, c)];
    expect(largestDifference(wasm[0], cpu[0]) / Math.max(...cpu[0].map(Math.abs))).toBeLessThan(1e-4);
    expect(largestDifference(wasm[1], cpu[1]) / Math.max(...cpu[1].map(Math.abs))).toBeLessThan(1e-4);
  });
});

test('they leave no tensor behind', async () => {
  expect(await leftBehind(() => gradients('wasm', true, CASES[4]!))).toBe(0);
  expect(await leftBehind(() => gradients('wasm', false, CASES[4]!))).toBe(0);
});
