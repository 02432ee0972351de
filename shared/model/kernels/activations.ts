import {
  abs,
  customGrad,
  div,
  greater,
  less,
  logicalAnd,
  mul,
  relu,
  relu6,
  sigmoid,
  step,
  sub,
  type Tensor,
  where,
  zerosLike,
  add,
} from '@tensorflow/tfjs-core';

import { runKernel } from './run-kernel.ts';

/** Activations of the zoo; `hardSigmoid` is relu6(x + 3) / 6 (arXiv:1905.02244), not the older 0.2 · x + 0.5. */
export type ActivationName = 'linear' | 'relu' | 'relu6' | 'swish' | 'hardSwish' | 'hardSigmoid' | 'sigmoid';

type Curved = Exclude<ActivationName, 'linear'>;

/** Names in the kernel registry, where an engine puts its own versions. Their contracts stand at the composed ones. */
export const activationKernel = (name: Curved): { readonly forward: string; readonly grad: string } => ({
  forward: `Activation ${name}`,
  grad: `Activation ${name} gradient`,
});

/** Gradients of these are told by the result alone, which the next layer keeps anyway. */
const BY_RESULT: ReadonlySet<ActivationName> = new Set(['relu', 'relu6', 'hardSigmoid', 'sigmoid'] as const);

/** Applies an activation, with a gradient of few operations. */
export function activate(x: Tensor, name: ActivationName): Tensor {
  if (name === 'linear') return x;
  const kernel = activationKernel(name);
  const op = customGrad((input, save) => {
    const [value] = runKernel(kernel.forward, { x: input as Tensor }, {}, ({ x }) => [FORWARD[name](x)]);
    const told = BY_RESULT.has(name) ? value : (input as Tensor);
    (save as (tensors: Tensor[]) => void)([told as Tensor]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
      const inputs = { dy, of: saved[0] as Tensor };
      return runKernel(kernel.grad, inputs, {}, ({ dy, of }) => [GRAD[name](dy, of)])[0] as Tensor;
    };
    return { value: value as Tensor, gradFunc };
  });
  return op(x);
}

/** x → y. */
const FORWARD: Readonly<Record<Curved, (x: Tensor) => Tensor>> = {
  relu,
  relu6,
  sigmoid,
  swish: (x) => mul(x, sigmoid(x)),
  hardSigmoid: (x) => div(relu6(add(x, 3)), 6),
  hardSwish: (x) => mul(x, div(relu6(add(x, 3)), 6)),
};

/** dy and either y (see `BY_RESULT`) or x, as `of` → dx. */
const GRAD: Readonly<Record<Curved, (dy: Tensor, of: Tensor) => Tensor>> = {
  relu: (dy, y) => mul(dy, step(y)),
  relu6: (dy, y) => where(logicalAnd(greater(y, 0), less(y, 6)), dy, zerosLike(dy)),
  sigmoid: (dy, y) => mul(dy, mul(y, sub(1, y))),
  swish: (dy, x) => {
    const s = sigmoid(x);
    // s + x · s · (1 − s)
    return mul(dy, mul(s, add(1, mul(x, sub(1, s)))));
  },
  hardSigmoid: (dy, y) => where(logicalAnd(greater(y, 0), less(y, 1)), div(dy, 6), zerosLike(dy)),
  hardSwish: (dy, x) => mul(dy, where(less(abs(x), 3), add(div(x, 3), 0.5), step(x))),
};
