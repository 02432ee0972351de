import type { TensorInfo } from '@tensorflow/tfjs-core';

import { floats, type HeapKernel, sizeOf, type WasmHeap } from './heap.ts';

/** Batch-norm and its gradients in two passes over the tensors, sums in double precision. Contracts: `../batch-norm.ts`. */

export const training: HeapKernel = (heap, inputs, { epsilon }) => {
  const { x, gamma, beta } = inputs as Record<'x' | 'gamma' | 'beta', TensorInfo>;
  const channels = x.shape.at(-1) ?? 1;
  const count = sizeOf(x.shape) / channels;
  const y = heap.makeOutput(x.shape, 'float32');
  const [mean, variance, inverse] = [0, 1, 2].map(() => heap.makeOutput([channels], 'float32')) as [
    TensorInfo,
    TensorInfo,
    TensorInfo,
  ];
  const [sums, squares] = sumsAndSquares(floats(heap, x), channels);
  const [means, variances, inverses] = [floats(heap, mean), floats(heap, variance), floats(heap, inverse)];
  for (let c = 0; c < channels; c++) {
    const average = (sums[c] as number) / count;
    // Squares minus square loses nothing here: both are sums of float32 values in double precision.
    const spread = Math.max(0, (squares[c] as number) / count - average * average);
    means[c] = average;
    variances[c] = spread;
    inverses[c] = 1 / Math.sqrt(spread + (epsilon as number));
  }
  scaleAndShift(heap, { x, y, gamma, beta, mean, inverse: inverses });
  return [y, mean, variance, inverse];
};

export const trainingGrad: HeapKernel = (heap, inputs) => {
  const { dy, x, gamma, mean, saved0 } = inputs as Record<
    'dy' | 'x' | 'gamma' | 'mean' | 'saved0',
    TensorInfo
  >;
  return gradients(heap, { dy, x, gamma, mean, inverse: Float64Array.from(floats(heap, saved0)) }, true);
};

export const fixed: HeapKernel = (heap, inputs, { epsilon }) => {
  const { x, gamma, beta, mean, variance } = inputs as Record<
    'x' | 'gamma' | 'beta' | 'mean' | 'variance',
    TensorInfo
  >;
  const y = heap.makeOutput(x.shape, 'float32');
  const inverse = inverseOf(floats(heap, variance), epsilon as number);
  scaleAndShift(heap, { x, y, gamma, beta, mean, inverse });
  return y;
};

export const fixedGrad: HeapKernel = (heap, inputs, { epsilon }) => {
  const { dy, x, gamma, mean, variance } = inputs as Record<
    'dy' | 'x' | 'gamma' | 'mean' | 'variance',
    TensorInfo
  >;
  const inverse = inverseOf(floats(heap, variance), epsilon as number);
  return gradients(heap, { dy, x, gamma, mean, inverse }, false);
};

function inverseOf(variance: Float32Array, epsilon: number): Float64Array {
  return Float64Array.from(variance, (v) => 1 / Math.sqrt(v + epsilon));
}

function sumsAndSquares(x: Float32Array, channels: number): [Float64Array, Float64Array] {
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)];
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const value = x[at + c] as number;
      sums[c] = (sums[c] as number) + value;
      squares[c] = (squares[c] as number) + value * value;
    }
  }
  return [sums, squares];
}

/** y = γ · (x − μ) · inverse + β as one multiplication and one addition. */
function scaleAndShift(
  heap: WasmHeap,
  given: Readonly<Record<'x' | 'y' | 'gamma' | 'beta' | 'mean', TensorInfo>> & {
    readonly inverse: Float32Array | Float64Array;
  },
): void {
  const [x, y] = [floats(heap, given.x), floats(heap, given.y)];
  const [beta, mean] = [floats(heap, given.beta), floats(heap, given.mean)];
  const scale = Float64Array.from(floats(heap, given.gamma), (g, c) => g * (given.inverse[c] as number));
  const shift = Float64Array.from(beta, (b, c) => b - (mean[c] as number) * (scale[c] as number));
  const channels = scale.length;
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      y[at + c] = (x[at + c] as number) * (scale[c] as number) + (shift[c] as number);
    }
  }
}

/** dx, dγ, dβ. @param learning the statistics are the batch's own, so that x moves them too */
function gradients(
  heap: WasmHeap,
  given: Readonly<Record<'dy' | 'x' | 'gamma' | 'mean', TensorInfo>> & { readonly inverse: Float64Array },
  learning: boolean,
): TensorInfo[] {
  const channels = given.inverse.length;
  const dx = heap.makeOutput(given.x.shape, 'float32');
  const dgamma = heap.makeOutput([channels], 'float32');
  const dbeta = heap.makeOutput([channels], 'float32');
  const [dys, xs, dxs] = [floats(heap, given.dy), floats(heap, given.x), floats(heap, dx)];
  const [gamma, mean] = [floats(heap, given.gamma), floats(heap, given.mean)];
  const [sums, products] = gradientSums(dys, xs, mean);
  const count = learning ? xs.length / channels : Infinity;
  // dx = γ · inverse · (dy − dβ / n − x̂ · dγ / n), for each channel some dy, some x and a constant.
  const [ofDy, ofX, constant] = [0, 1, 2].map(() => new Float64Array(channels)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let c = 0; c < channels; c++) {
    const inverse = given.inverse[c] as number;
    const byGamma = (products[c] as number) * inverse;
    const share = (gamma[c] as number) * inverse;
    ofDy[c] = share;
    ofX[c] = (-share * inverse * byGamma) / count;
    constant[c] = (-share * (sums[c] as number)) / count - (ofX[c] as number) * (mean[c] as number);
    products[c] = byGamma;
  }
  floats(heap, dgamma).set(products);
  floats(heap, dbeta).set(sums);
  for (let at = 0; at < xs.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const i = at + c;
      dxs[i] =
        (ofDy[c] as number) * (dys[i] as number) +
        (ofX[c] as number) * (xs[i] as number) +
        (constant[c] as number);
    }
  }
  return [dx, dgamma, dbeta];
}

/** For each channel Σ dy and Σ dy · (x − μ). */
function gradientSums(dy: Float32Array, x: Float32Array, mean: Float32Array): [Float64Array, Float64Array] {
  const channels = mean.length;
  const [sums, products] = [new Float64Array(channels), new Float64Array(channels)];
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const slope = dy[at + c] as number;
      sums[c] = (sums[c] as number) + slope;
      products[c] = (products[c] as number) + slope * ((x[at + c] as number) - (mean[c] as number));
    }
  }
  return [sums, products];
}
