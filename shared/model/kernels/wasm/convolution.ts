import {
  type backend_util,
  conv2d,
  engine,
  matMul,
  reshape,
  reverse,
  slice,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';

import { floats, type HeapKernel, type WasmHeap } from './heap.ts';
import { type ConvAttrs, convolutionInfo, placesOfTap, spread } from './taps.ts';

/** Numbers that an unfolded input may have at once (64 MB): a group of taps is done after another. */
const UNFOLDED = 2 ** 24;

/** dW[i, j] = (x as tap (i, j) meets it)ᵀ · dy: one matrix product for a group of taps. */
export const filterGradient: HeapKernel = (heap, inputs, attrs) => {
  const { x, dy } = inputs as Record<'x' | 'dy', Tensor4D>;
  const { filterShape } = attrs as unknown as ConvAttrs;
  const info = convolutionInfo(x.shape, filterShape, attrs as unknown as ConvAttrs);
  const [height, width, channels, filters] = filterShape;
  const places = dy.size / filters;
  const result = heap.makeOutput(filterShape, 'float32');
  for (const taps of groupsOf(height * width, channels * places)) {
    const unfolded = heap.makeOutput([taps.length * channels, places], 'float32');
    unfold(floats(heap, x), floats(heap, unfolded), info, taps);
    const part = tidy(() =>
      matMul(engine().makeTensorFromTensorInfo(unfolded), reshape(dy, [places, filters])),
    );
    floats(heap, result).set(floats(heap, part), (taps[0] ?? 0) * channels * filters);
    part.dispose();
  }
  return result;
};

/** dx, the quickest way that its steps allow. */
export const inputGradient: HeapKernel = (heap, inputs, attrs) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', Tensor4D>;
  const { inputShape } = attrs as unknown as ConvAttrs;
  const info = convolutionInfo(inputShape, filter.shape, attrs as unknown as ConvAttrs);
  if (info.strideHeight * info.strideWidth > 1) return addedUp(heap, dy, filter, info);
  return tidy(() => {
    if (info.filterHeight * info.filterWidth === 1) return pointwise(dy, filter, info);
    const wide = engine().makeTensorFromTensorInfo(spread(heap, dy, info)) as Tensor4D;
    return conv2d(wide, transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]), 1, 'valid');
  });
};

/** dy · Wᵀ. */
function pointwise(dy: Tensor4D, filter: Tensor4D, info: backend_util.Conv2DInfo): Tensor {
  const turned = transpose(reshape(filter, [info.inChannels, info.outChannels]));
  return reshape(matMul(reshape(dy, [-1, info.outChannels]), turned), info.inShape);
}

/** dy · W[i, j]ᵀ for each tap, added up where the tap met x. */
function addedUp(heap: WasmHeap, dy: Tensor4D, filter: Tensor4D, info: backend_util.Conv2DInfo): TensorInfo {
  const [height, width, channels, filters] = filter.shape;
  const places = dy.size / filters;
  const turned = tidy(() => transpose(reshape(filter, [height * width * channels, filters])));
  const dx = heap.makeOutput(info.inShape, 'float32');
  floats(heap, dx).fill(0);
  for (const taps of groupsOf(height * width, channels * places)) {
    const [first, size] = [(taps[0] ?? 0) * channels, taps.length * channels];
    const folded = tidy(() =>
      matMul(reshape(dy, [places, filters]), slice(turned, [0, first], [filters, size])),
    );
    fold(floats(heap, folded), floats(heap, dx), info, taps);
    folded.dispose();
  }
  turned.dispose();
  return dx;
}

/** Taps 0 … taps − 1 in groups that take bounded memory. */
function groupsOf(taps: number, numbersOfTap: number): number[][] {
  const most = Math.max(1, Math.floor(UNFOLDED / numbersOfTap));
  return Array.from({ length: Math.ceil(taps / most) }, (_, group) =>
    Array.from({ length: Math.min(most, taps - group * most) }, (__, i) => group * most + i),
  );
}

/** Places that are turned together: as many numbers as a line of the processor's cache holds. */
const LINE = 16;

/** x → [taps · channels, places]: what each channel of each tap meets, place by place; 0 beyond the edge. */
function unfold(
  x: Float32Array,
  to: Float32Array,
  info: backend_util.Conv2DInfo,
  taps: readonly number[],
): void {
  const channels = info.inChannels;
  taps.forEach((tap, row) => {
    const places = placesOfTap(info, tap);
    for (let from = 0; from < places.length; from += LINE) {
      const end = Math.min(from + LINE, places.length);
      for (let c = 0; c < channels; c++) {
        const start = (row * channels + c) * places.length;
        for (let p = from; p < end; p++) {
          const at = places[p] as number;
          to[start + p] = at < 0 ? 0 : (x[at + c] as number);
        }
      }
    }
  });
}

/** [places, taps · channels] → added to x where each tap met it. */
function fold(
  from: Float32Array,
  x: Float32Array,
  info: backend_util.Conv2DInfo,
  taps: readonly number[],
): void {
  const channels = info.inChannels;
  const width = taps.length * channels;
  taps.forEach((tap, column) => {
    placesOfTap(info, tap).forEach((at, p) => {
      if (at < 0) return;
      const start = p * width + column * channels;
      for (let c = 0; c < channels; c++) {
        x[at + c] = (x[at + c] as number) + (from[start + c] as number);
      }
    });
  });
}
