import { type KernelFunc, type Tensor, tidy, transpose } from '@tensorflow/tfjs-core';

/**
 * Turns a matrix before it is multiplied: the engine's own kernel leaves its fast path for a plain loop when it is told
 * to turn one itself, which takes ten times as long. The gradient of a product always asks for it.
 */
export function turnedFirst(own: KernelFunc): KernelFunc {
  return (call) => {
    const { a, b } = call.inputs as Record<'a' | 'b', Tensor>;
    const { transposeA, transposeB } = call.attrs as Record<'transposeA' | 'transposeB', boolean>;
    if (!transposeA && !transposeB) return own(call);
    const left = transposeA ? turned(a) : a;
    const right = transposeB ? turned(b) : b;
    try {
      const attrs = { ...call.attrs, transposeA: false, transposeB: false };
      return own({ ...call, inputs: { ...call.inputs, a: left, b: right }, attrs });
    } finally {
      if (left !== a) left.dispose();
      if (right !== b) right.dispose();
    }
  };
}

function turned(x: Tensor): Tensor {
  const axes = x.shape.map((_, i) => i);
  const [last, before] = [axes.pop() ?? 0, axes.pop() ?? 0];
  return tidy(() => transpose(x, [...axes, last, before]));
}
