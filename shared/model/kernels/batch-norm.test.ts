// Gradients of the operations that the tests put around the kernels come with the layers library.
import '@tensorflow/tfjs-layers';

import {
  grads,
  moments,
  mul,
  rsqrt,
  sub,
  sum,
  add,
  type Tensor,
  type Tensor1D,
  tensor1d,
  type Tensor4D,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { ENGINES, leftBehind, useEngine } from '../../testing/engines.ts';
import { largestDifference, randomNumbers } from '../../testing/models.ts';
import { batchNormFixed, batchNormTraining } from './batch-norm.ts';
import { prepareTrainingKernels } from './register.ts';

const EPSILON = 1e-3;
const SHAPE: [number, number, number, number] = [3, 4, 5, 6];

interface Given {
  readonly x: Tensor4D;
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

function given(): Given {
  return {
    x: tensor4d(randomNumbers(360, 1, -2, 3), SHAPE),
    gamma: tensor1d(randomNumbers(6, 2, 0.5, 1.5)),
    beta: tensor1d(randomNumbers(6, 3)),
    mean: tensor1d(randomNumbers(6, 4)),
    variance: tensor1d(randomNumbers(6, 5, 0.3, 2)),
  };
}

/** The same in words that TensorFlow.js can differentiate itself. */
function plain({ x, gamma, beta, mean, variance }: Given): Tensor4D {
  return add(mul(sub(x, mean), mul(rsqrt(add(variance, EPSILON)), gamma)), beta);
}

type Run = (g: Given) => Tensor4D;

const KINDS: readonly { readonly kind: string; readonly own: Run; readonly plain: Run }[] = [
  {
    kind: 'by the batch',
    own: ({ x, gamma, beta }) => batchNormTraining(x, gamma, beta, EPSILON).y,
    plain: (g) => {
      const { mean, variance } = moments(g.x, [0, 1, 2]);
      return plain({ ...g, mean: mean as Tensor1D, variance: variance as Tensor1D });
    },
  },
  {
    kind: 'by fixed statistics',
    own: (g) => batchNormFixed(g.x, g.gamma, g.beta, g.mean, g.variance, EPSILON),
    plain,
  },
];

/** y and the gradients by x, gamma and beta of a curved function of it. */
async function numbers(run: Run): Promise<Float32Array[]> {
  const results = tidy(() => {
    const g = given();
    const weights = tensor4d(randomNumbers(360, 6), SHAPE);
    const by = grads((x, gamma, beta) => {
      const y = run({ ...g, x: x as Tensor4D, gamma: gamma as Tensor1D, beta: beta as Tensor1D });
      return sum(mul(weights, mul(y, y)));
    });
    return [run(g), ...by([g.x, g.gamma, g.beta])] as Tensor[];
  });
  const read = await Promise.all(results.map(async (t) => Float32Array.from(await t.data())));
  for (const t of results) t.dispose();
  return read;
}

describe.each(ENGINES)('batch-norm on %s', (engine) => {
  beforeAll(async () => {
    await useEngine(engine);
    prepareTrainingKernels();
  });

  test.each(KINDS)('$kind: result and gradients are those of its parts', async ({ own, plain: parts }) => {
    const [got, wanted] = [await numbers(own), await numbers(parts)];
    got.forEach((values, i) => {
      const reference = wanted[i] ?? [];
      const scale = Math.max(...Array.from(reference, Math.abs));
      expect(largestDifference(values, reference) / scale).toBeLessThan(1e-5);
    });
  });

  test('tells the statistics of the batch', async () => {
    const { x, gamma, beta } = given();
    const batch = batchNormTraining(x, gamma, beta, EPSILON);
    const wanted = moments(x, [0, 1, 2]);
    expect(largestDifference(await batch.mean.data(), await wanted.mean.data())).toBeLessThan(1e-6);
    expect(largestDifference(await batch.variance.data(), await wanted.variance.data())).toBeLessThan(1e-5);
  });

  test.each(KINDS)('$kind leaves no tensor behind', async ({ own }) => {
    expect(await leftBehind(() => numbers(own))).toBe(0);
  });
});
