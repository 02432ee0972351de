import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';

import { floats, type HeapKernel } from './heap.ts';

interface PoolAttrs {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Gives each window's slope to its largest value, the first of equals. The engine's own kernel takes the smallest
 * positive number for the lowest one, so that a window of negative values has no largest (tfjs 4.22).
 */
export const maxPoolGradient: HeapKernel = (heap, inputs, attrs) => {
  const { dy, input } = inputs as Record<'dy' | 'input', TensorInfo>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttrs;
  const shape = input.shape as [number, number, number, number];
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const dx = heap.makeOutput(shape, 'float32');
  const [slopes, x, to] = [floats(heap, dy), floats(heap, input), floats(heap, dx)];
  to.fill(0);
  let place = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oy = 0; oy < info.outHeight; oy++) {
      for (let ox = 0; ox < info.outWidth; ox++) {
        for (let c = 0; c < info.outChannels; c++, place++) {
          const at = largestOf(x, info, [n, oy, ox, c]);
          to[at] = (to[at] as number) + (slopes[place] as number);
        }
      }
    }
  }
  return dx;
};

/** Offset of the largest value that a window meets. */
function largestOf(
  x: Float32Array,
  info: backend_util.Conv2DInfo,
  [n, oy, ox, c]: readonly [number, number, number, number],
): number {
  const { inHeight, inWidth, inChannels, padInfo } = info;
  const [top, left] = [oy * info.strideHeight - padInfo.top, ox * info.strideWidth - padInfo.left];
  const [bottom, right] = [
    Math.min(inHeight, top + info.filterHeight),
    Math.min(inWidth, left + info.filterWidth),
  ];
  let [largest, found] = [-Infinity, 0];
  for (let y = Math.max(0, top); y < bottom; y++) {
    for (let column = Math.max(0, left); column < right; column++) {
      const at = ((n * inHeight + y) * inWidth + column) * inChannels + c;
      const value = x[at] as number;
      if (value > largest) {
        largest = value;
        found = at;
      }
    }
  }
  return found;
}
