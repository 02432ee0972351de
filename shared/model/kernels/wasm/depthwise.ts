import {
  type backend_util,
  depthwiseConv2d,
  engine,
  reshape,
  reverse,
  sum,
  type Tensor4D,
  type TensorInfo,
  tidy,
} from '@tensorflow/tfjs-core';

import { floats, type HeapKernel } from './heap.ts';
import { type ConvAttrs, convolutionInfo, placesOfTap, spread } from './taps.ts';

/** dW[i, j, c, m] = Σ x as tap (i, j) meets it · dy. */
export const filterGradient: HeapKernel = (heap, inputs, attrs) => {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>;
  const { filterShape } = attrs as unknown as ConvAttrs;
  const info = infoOf(x.shape, filterShape, attrs);
  const result = heap.makeOutput(filterShape, 'float32');
  const [xs, dys, to] = [floats(heap, x), floats(heap, dy), floats(heap, result)];
  const width = info.outChannels;
  for (let tap = 0; tap < info.filterHeight * info.filterWidth; tap++) {
    to.set(filterGradientOfTap(xs, dys, info, tap), tap * width);
  }
  return result;
};

/** Places whose numbers the processor still has at hand when it comes to the next channel. */
const AT_HAND = 32;

function filterGradientOfTap(
  x: Float32Array,
  dy: Float32Array,
  info: backend_util.Conv2DInfo,
  tap: number,
): Float64Array {
  const places = placesOfTap(info, tap);
  const [width, multiplier] = [info.outChannels, info.outChannels / info.inChannels];
  const sums = new Float64Array(width);
  for (let from = 0; from < places.length; from += AT_HAND) {
    const end = Math.min(from + AT_HAND, places.length);
    for (let m = 0; m < width; m++) {
      const c = multiplier === 1 ? m : Math.floor(m / multiplier);
      let part = 0;
      for (let p = from; p < end; p++) {
        const at = places[p] as number;
        if (at >= 0) part += (x[at + c] as number) * (dy[p * width + m] as number);
      }
      sums[m] = (sums[m] as number) + part;
    }
  }
  return sums;
}

/** dx: dy with room around it, convolved with the filter turned by 180°. */
export const inputGradient: HeapKernel = (heap, inputs, attrs) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', Tensor4D>;
  const { inputShape } = attrs as unknown as ConvAttrs;
  const info = infoOf(inputShape, filter.shape, attrs);
  const multiplier = filter.shape[3];
  return tidy(() => {
    const wide = engine().makeTensorFromTensorInfo(spread(heap, dy, info)) as Tensor4D;
    const turned = reverse(filter, [0, 1]);
    if (multiplier === 1) return depthwiseConv2d(wide, turned, 1, 'valid');
    // Each output channel by itself, then those of an input channel together.
    const alone = reshape(turned, [info.filterHeight, info.filterWidth, info.outChannels, 1]);
    const each = depthwiseConv2d(wide, alone as Tensor4D, 1, 'valid');
    return reshape(sum(reshape(each, [...inputShape, multiplier]), 4), inputShape);
  });
};

function infoOf(
  input: readonly number[],
  filter: readonly number[],
  attrs: Readonly<Record<string, unknown>>,
): backend_util.Conv2DInfo {
  const shapes = [input, filter] as [ConvAttrs['inputShape'], ConvAttrs['filterShape']];
  return convolutionInfo(...shapes, attrs as unknown as ConvAttrs, true);
}
