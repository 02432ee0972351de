import {
  add,
  div,
  mul,
  registerGradient,
  reshape,
  rsqrt,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

import { type Composed, runKernel } from './run-kernel.ts';

/** Names in the kernel registry, where an engine puts its own versions. Their contracts stand at the composed ones. */
export const BATCH_NORM = {
  training: 'BatchNormTraining',
  trainingGrad: 'BatchNormTrainingGrad',
  fixed: 'BatchNormFixed',
  fixedGrad: 'BatchNormFixedGrad',
} as const;

/** What batch-norm made of a batch. */
export interface BatchNormed {
  /** [n, h, w, channels]; differentiable by x, gamma and beta. */
  readonly y: Tensor4D;
  /** Statistics of this batch for the moving averages [channels], not differentiated. */
  readonly mean: Tensor1D;
  /** Mean squared distance from the mean: divided by the number of values, as Keras does. */
  readonly variance: Tensor1D;
}

/**
 * Batch-norm by the batch's own statistics over all but the last axis: γ · (x − μ) / √(σ² + ε) + β.
 * Ioffe and Szegedy 2015, arXiv:1502.03167. Forward and gradient are one kernel each, since the gradient of its
 * parts is some thirty operations on tensors of full size.
 */
export function batchNormTraining(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  epsilon: number,
): BatchNormed {
  const [y, mean, variance] = runKernel(BATCH_NORM.training, { x, gamma, beta }, { epsilon }, training);
  return { y: y as Tensor4D, mean: mean as Tensor1D, variance: variance as Tensor1D };
}

/** Batch-norm by fixed statistics [channels]; differentiable by x, gamma and beta. */
export function batchNormFixed(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  mean: Tensor1D,
  variance: Tensor1D,
  epsilon: number,
): Tensor4D {
  const [y] = runKernel(BATCH_NORM.fixed, { x, gamma, beta, mean, variance }, { epsilon }, fixed);
  return y as Tensor4D;
}

type Epsilon = { readonly epsilon: number };

/**
 * x, gamma, beta → y, mean, variance, and then whatever the engine's own gradient needs (it gets them as
 * `saved0`, `saved1` …); here 1 / √(σ² + ε).
 */
const training: Composed<{ x: Tensor; gamma: Tensor; beta: Tensor }, Epsilon> = (
  { x, gamma, beta },
  { epsilon },
) => {
  const rows = inRows(x);
  const count = rows.shape[0];
  const mean = div(sum(rows, 0), count);
  const centred = sub(rows, mean);
  const variance = div(sum(mul(centred, centred), 0), count);
  const inverse = rsqrt(add(variance, epsilon));
  const y = add(mul(centred, mul(inverse, gamma)), beta);
  return [reshape(y, x.shape), mean, variance, inverse];
};

/** dy, x, gamma, mean, saved0 … → dx, dgamma, dbeta. */
const trainingGrad: Composed<
  { dy: Tensor; x: Tensor; gamma: Tensor; mean: Tensor; saved0: Tensor },
  Epsilon
> = ({ dy, x, gamma, mean, saved0: inverse }) => {
  const [dyRows, rows] = [inRows(dy), inRows(x)];
  const count = rows.shape[0];
  const normed = mul(sub(rows, mean), inverse);
  const dbeta = sum(dyRows, 0);
  const dgamma = sum(mul(dyRows, normed), 0);
  // dx = γ / √(σ² + ε) · (dy − mean of dy − x̂ · mean of dy · x̂)
  const part = sub(sub(dyRows, div(dbeta, count)), mul(normed, div(dgamma, count)));
  return [reshape(mul(part, mul(gamma, inverse)), x.shape), dgamma, dbeta];
};

/** x, gamma, beta, mean, variance → y. */
const fixed: Composed<{ x: Tensor; gamma: Tensor; beta: Tensor; mean: Tensor; variance: Tensor }, Epsilon> = (
  { x, gamma, beta, mean, variance },
  { epsilon },
) => {
  const scale = mul(gamma, rsqrt(add(variance, epsilon)));
  return [add(mul(x, scale), sub(beta, mul(mean, scale)))];
};

/** dy, x, gamma, mean, variance → dx, dgamma, dbeta. */
const fixedGrad: Composed<
  { dy: Tensor; x: Tensor; gamma: Tensor; mean: Tensor; variance: Tensor },
  Epsilon
> = ({ dy, x, gamma, mean, variance }, { epsilon }) => {
  const inverse = rsqrt(add(variance, epsilon));
  const [dyRows, rows] = [inRows(dy), inRows(x)];
  const dgamma = mul(sum(mul(dyRows, sub(rows, mean)), 0), inverse);
  return [mul(dy, mul(gamma, inverse)), dgamma, sum(dyRows, 0)];
};

/** [n, h, w, channels] → [n · h · w, channels]: engines are quick at sums over the first of two axes. */
function inRows(x: Tensor): Tensor2D {
  return reshape(x, [-1, x.shape.at(-1) ?? 1]);
}

registerGradient({
  kernelName: BATCH_NORM.training,
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [false, true, false, true, true, true],
  gradFunc: (dys, [x, gamma, mean, ...saved], attrs) => {
    const more = Object.fromEntries(saved.map((tensor, i) => [`saved${i}`, tensor]));
    const inputs = { dy: (dys as Tensor[])[0], x, gamma, mean, ...more } as Parameters<
      typeof trainingGrad
    >[0];
    return named(runKernel(BATCH_NORM.trainingGrad, inputs, attrs as Epsilon, trainingGrad));
  },
});

registerGradient({
  kernelName: BATCH_NORM.fixed,
  inputsToSave: ['x', 'gamma', 'mean', 'variance'],
  gradFunc: (dy, [x, gamma, mean, variance], attrs) => {
    const inputs = { dy, x, gamma, mean, variance } as Parameters<typeof fixedGrad>[0];
    return named(runKernel(BATCH_NORM.fixedGrad, inputs, attrs as Epsilon, fixedGrad));
  },
});

/** The three gradients are made together: the engine asks for each by its name. */
function named(gradients: Tensor[]): Record<'x' | 'gamma' | 'beta', () => Tensor> {
  const [x, gamma, beta] = gradients as [Tensor, Tensor, Tensor];
  return { x: () => x, gamma: () => gamma, beta: () => beta };
}
