import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';

import { floats, type WasmHeap } from './heap.ts';

/** What the gradient kernels are told of their convolution. */
export interface ConvAttrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly filterShape: [number, number, number, number];
  readonly inputShape: [number, number, number, number];
}

type Shape4 = [number, number, number, number];

/** @param depthwise filter [h, w, channels, multiplier] in place of [h, w, in, out] */
export function convolutionInfo(
  input: Shape4,
  filter: Shape4,
  { strides, pad }: ConvAttrs,
  depthwise = false,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(input, filter, strides, 1, pad, undefined, depthwise);
}

/** Where a tap of the filter meets the input, for each place of the output: offset of channel 0; −1 beyond the edge. */
export function placesOfTap(info: backend_util.Conv2DInfo, tap: number): Int32Array {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  const [row, column] = [Math.floor(tap / info.filterWidth), tap % info.filterWidth];
  const places = new Int32Array(batchSize * outHeight * outWidth).fill(-1);
  let at = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y = oy * info.strideHeight + row - padInfo.top;
      for (let ox = 0; ox < outWidth; ox++, at++) {
        const x = ox * info.strideWidth + column - padInfo.left;
        if (y >= 0 && y < inHeight && x >= 0 && x < inWidth)
          places[at] = ((n * inHeight + y) * inWidth + x) * inChannels;
      }
    }
  }
  return places;
}

/**
 * dy with room around it and, where the filter takes larger steps, between its places: the gradient by the input is this
 * convolved with the filter turned by 180°.
 * @returns [n, height + filter height − 1, width + filter width − 1, channels]
 */
export function spread(heap: WasmHeap, dy: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, outChannels, padInfo } = info;
  const [height, width] = [inHeight + info.filterHeight - 1, inWidth + info.filterWidth - 1];
  const result = heap.makeOutput([batchSize, height, width, outChannels], 'float32');
  const [from, to] = [floats(heap, dy), floats(heap, result)];
  to.fill(0);
  const [top, left] = [info.filterHeight - 1 - padInfo.top, info.filterWidth - 1 - padInfo.left];
  const row = outWidth * outChannels;
  for (let line = 0; line < batchSize * outHeight; line++) {
    const [n, oy] = [Math.floor(line / outHeight), line % outHeight];
    const at = ((n * height + oy * info.strideHeight + top) * width + left) * outChannels;
    if (info.strideWidth === 1) to.set(from.subarray(line * row, (line + 1) * row), at);
    else scatter(from, line * row, to, at, info);
  }
  return result;
}

function scatter(
  from: Float32Array,
  start: number,
  to: Float32Array,
  at: number,
  { outWidth, outChannels, strideWidth }: backend_util.Conv2DInfo,
): void {
  for (let ox = 0; ox < outWidth; ox++) {
    const [source, target] = [start + ox * outChannels, at + ox * strideWidth * outChannels];
    for (let c = 0; c < outChannels; c++) to[target + c] = from[source + c] as number;
  }
}
