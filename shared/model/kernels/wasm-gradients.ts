import {
  backend_util,
  depthwiseConv2d,
  getKernelsForBackend,
  type KernelFunc,
  matMul,
  mul,
  pad,
  registerKernel,
  reshape,
  reverse,
  slice,
  stack,
  stridedSlice,
  sum,
  type Tensor,
  type Tensor4D,
  tidy,
  transpose,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/** What the gradient kernels are told of their convolution. */
interface ConvAttrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly filterShape: [number, number, number, number];
  readonly inputShape: [number, number, number, number];
}

/**
 * The wasm engine can run convolutions but lacks three kernels that their gradients need. Here they are, composed of
 * operations it has; equal to the cpu engine's to 1e-4 (tested). A fourth is there, but takes twelve times as long
 * as a matrix product where the filter is 1 × 1, so that case is taken from it. Calling this again does nothing.
 */
export function registerWasmGradients(): void {
  const there = new Map(getKernelsForBackend('wasm').map((k) => [k.kernelName, k.kernelFunc]));
  for (const [kernelName, kernelFunc] of KERNELS) {
    if (!there.has(kernelName)) registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
  const own = there.get(INPUT_GRADIENT);
  if (!own || replaced.has(own)) return;
  const kernelFunc = withPointwise(own);
  replaced.add(kernelFunc);
  unregisterKernel(INPUT_GRADIENT, 'wasm');
  registerKernel({ kernelName: INPUT_GRADIENT, backendName: 'wasm', kernelFunc });
}

const INPUT_GRADIENT = 'Conv2DBackpropInput';
const replaced = new Set<KernelFunc>();

/** The engine's own kernel, save for 1 × 1 filters with stride 1: dx = dy · Wᵀ. */
function withPointwise(own: KernelFunc): KernelFunc {
  const pointwise = compose(['dy', 'filter'], (dy, filter, attrs) => {
    const [, , channels, filters] = filter.shape;
    const turned = transpose(reshape(filter, [channels, filters]));
    return reshape(matMul(reshape(dy, [-1, filters]), turned), attrs.inputShape);
  });
  return (params) => {
    const { strides } = params.attrs as unknown as ConvAttrs;
    const steps = typeof strides === 'number' ? [strides] : strides;
    const [height, width] = params.inputs.filter?.shape ?? [];
    return height === 1 && width === 1 && steps.every((s) => s === 1) ? pointwise(params) : own(params);
  };
}

const KERNELS: readonly (readonly [string, KernelFunc])[] = [
  ['Conv2DBackpropFilter', compose(['x', 'dy'], convFilterGradient)],
  ['DepthwiseConv2dNativeBackpropFilter', compose(['x', 'dy'], depthwiseFilterGradient)],
  ['DepthwiseConv2dNativeBackpropInput', compose(['dy', 'filter'], depthwiseInputGradient)],
];

function compose(
  names: readonly [string, string],
  gradient: (a: Tensor4D, b: Tensor4D, attrs: ConvAttrs) => Tensor,
): KernelFunc {
  // Inputs come as the tensors themselves. Wrapping their infos again would free the numbers a second time.
  return ({ inputs, attrs }) =>
    tidy(() =>
      gradient(inputs[names[0]] as Tensor4D, inputs[names[1]] as Tensor4D, attrs as unknown as ConvAttrs),
    );
}

/** dW[i, j] = x shifted by (i, j), transposed · dy: one matrix product a tap. */
function convFilterGradient(x: Tensor4D, dy: Tensor4D, attrs: ConvAttrs): Tensor {
  const [, , channels, filters] = attrs.filterShape;
  const flat = reshape(dy, [-1, filters]);
  const taps = shifted(x, dy, attrs).map((part) => matMul(transpose(reshape(part, [-1, channels])), flat));
  return reshape(stack(taps), attrs.filterShape);
}

/** dW[i, j, c] = Σ x shifted by (i, j) · dy. */
function depthwiseFilterGradient(x: Tensor4D, dy: Tensor4D, attrs: ConvAttrs): Tensor {
  const taps = shifted(x, dy, attrs).map((part) => sum(mul(part, dy), [0, 1, 2]));
  return reshape(stack(taps), attrs.filterShape);
}

/** For each tap of the filter, the part of the padded input that it meets: [n, …output, channels]. */
function shifted(x: Tensor4D, dy: Tensor4D, attrs: ConvAttrs): Tensor4D[] {
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = infoOf(
    x.shape,
    attrs.filterShape,
    attrs,
  );
  const { top, bottom, left, right } = padInfo;
  const padded =
    top + bottom + left + right === 0
      ? x
      : pad(x, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]);
  const [n, height, width] = dy.shape;
  const channels = x.shape[3];
  return Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
    const [row, column] = [Math.floor(tap / filterWidth), tap % filterWidth];
    const [high, wide] = [(height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1];
    if (strideHeight === 1 && strideWidth === 1) {
      return slice(padded, [0, row, column, 0], [n, high, wide, channels]);
    }
    return stridedSlice(
      padded,
      [0, row, column, 0],
      [n, row + high, column + wide, channels],
      [1, strideHeight, strideWidth, 1],
    ) as Tensor4D;
  });
}

/** dx: dy with the strides' gaps filled by zeros, convolved with the filter turned by 180°. */
function depthwiseInputGradient(dy: Tensor4D, filter: Tensor4D, attrs: ConvAttrs): Tensor {
  const info = infoOf(attrs.inputShape, filter.shape, attrs);
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth, inHeight, inWidth } = info;
  const high = widen(dy, 1, strideHeight);
  const wide = widen(high, 2, strideWidth);
  const [top, left] = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
  const framed = pad(wide, [
    [0, 0],
    [top, Math.max(0, inHeight + filterHeight - 1 - top - wide.shape[1])],
    [left, Math.max(0, inWidth + filterWidth - 1 - left - wide.shape[2])],
    [0, 0],
  ]);
  const fitted = slice(
    framed,
    [0, 0, 0, 0],
    [dy.shape[0], inHeight + filterHeight - 1, inWidth + filterWidth - 1, dy.shape[3]],
  );
  return depthwiseConv2d(fitted, reverse(filter, [0, 1]), 1, 'valid');
}

/** Puts `factor − 1` zeros behind every row (axis 1) or column (axis 2). */
function widen(x: Tensor4D, axis: 1 | 2, factor: number): Tensor4D {
  if (factor === 1) return x;
  const [n, height, width, channels] = x.shape;
  const lines = axis === 1 ? n * height : n * height * width;
  const line = axis === 1 ? width * channels : channels;
  const rows = reshape(x, [lines, 1, line]);
  const gaps = pad(rows, [
    [0, 0],
    [0, factor - 1],
    [0, 0],
  ]);
  const shape: [number, number, number, number] =
    axis === 1 ? [n, height * factor, width, channels] : [n, height, width * factor, channels];
  return reshape(gaps, shape);
}

function infoOf(
  input: [number, number, number, number],
  filter: [number, number, number, number],
  attrs: ConvAttrs,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(input, filter, attrs.strides, 1, attrs.pad);
}
