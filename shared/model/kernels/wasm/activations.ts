import { sigmoid, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';

import { floats, type HeapKernel, type WasmHeap } from './heap.ts';

/** Gradients of activations in one pass over the tensors. Contracts: `../activations.ts`. */

/**
 * dy where the result lies above 0 and below `high`, otherwise 0; on the bits, without a branch that the processor would
 * guess wrong half of the time: positive floats are ordered as integers are.
 */
export function gate(high: number): HeapKernel {
  const highBits = new Int32Array(Float32Array.of(high).buffer)[0] ?? 0;
  return (heap, inputs) => {
    const { dy, of } = inputs as Record<'dy' | 'of', TensorInfo>;
    const dx = heap.makeOutput(dy.shape, 'float32');
    const [from, y, to] = [bits(heap, dy), bits(heap, of), bits(heap, dx)];
    for (let i = 0; i < to.length; i++) {
      const value = y[i] as number;
      to[i] = (from[i] as number) & (-value >> 31) & ((value - highBits) >> 31);
    }
    return dx;
  };
}

function bits(heap: WasmHeap, info: TensorInfo): Int32Array {
  const { buffer, byteOffset, length } = floats(heap, info);
  return new Int32Array(buffer, byteOffset, length);
}

/** Of relu6(x + 3) / 6. */
export const hardSigmoid: HeapKernel = (heap, inputs) => {
  const { dy, of } = inputs as Record<'dy' | 'of', TensorInfo>;
  const dx = heap.makeOutput(dy.shape, 'float32');
  const [from, y, to] = [floats(heap, dy), floats(heap, of), floats(heap, dx)];
  for (let i = 0; i < to.length; i++) {
    const value = y[i] as number;
    to[i] = value > 0 && value < 1 ? (from[i] as number) / 6 : 0;
  }
  return dx;
};

/** Of x · σ(x): σ · (1 + x · (1 − σ)). */
export const swish: HeapKernel = (heap, inputs) => {
  const { dy, of } = inputs as Record<'dy' | 'of', Tensor>;
  const sigma = sigmoid(of);
  const dx = heap.makeOutput(dy.shape, 'float32');
  const [from, x, s, to] = [floats(heap, dy), floats(heap, of), floats(heap, sigma), floats(heap, dx)];
  for (let i = 0; i < to.length; i++) {
    const share = s[i] as number;
    to[i] = (from[i] as number) * share * (1 + (x[i] as number) * (1 - share));
  }
  sigma.dispose();
  return dx;
};

/** Of x · relu6(x + 3) / 6. */
export const hardSwish: HeapKernel = (heap, inputs) => {
  const { dy, of } = inputs as Record<'dy' | 'of', TensorInfo>;
  const dx = heap.makeOutput(dy.shape, 'float32');
  const [from, x, to] = [floats(heap, dy), floats(heap, of), floats(heap, dx)];
  for (let i = 0; i < to.length; i++) {
    const value = x[i] as number;
    const slope = value >= 3 ? 1 : value <= -3 ? 0 : value / 3 + 0.5;
    to[i] = (from[i] as number) * slope;
  }
  return dx;
};
