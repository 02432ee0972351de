import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';

import { floats, type HeapKernel, sizeOf } from './heap.ts';

/**
 * Whether a sum runs over axes beside each other with others behind them. The engine's own kernel turns the whole
 * tensor around for these; where the axes are the last ones it is quick.
 */
export function isSumOfRows(x: TensorInfo, axis: number | number[]): boolean {
  const axes = util.parseAxisParam(axis, x.shape);
  const [first = 0, last = 0] = [axes[0], axes.at(-1)];
  const beside = axes.every((a, i) => a === first + i);
  return x.dtype === 'float32' && axes.length > 0 && beside && last < x.shape.length - 1;
}

/** Sum (or mean) over axes for which `isSumOfRows` holds, added up in double precision. */
export function sumOfRows(mean: boolean): HeapKernel {
  return (heap, inputs, attrs) => {
    const { x } = inputs as Record<'x', TensorInfo>;
    const { axis, keepDims } = attrs as { readonly axis: number | number[]; readonly keepDims: boolean };
    const axes = util.parseAxisParam(axis, x.shape);
    const [short] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const result = heap.makeOutput(
      keepDims ? backend_util.expandShapeToKeepDim(short, axes) : short,
      'float32',
    );
    const rows = sizeOf(axes.map((a) => x.shape[a] ?? 1));
    const width = sizeOf(x.shape.slice((axes.at(-1) ?? 0) + 1));
    addUp(floats(heap, x), floats(heap, result), { rows, width, factor: mean ? 1 / rows : 1 });
    return result;
  };
}

/** [blocks, rows, width] → [blocks, width]. */
function addUp(
  x: Float32Array,
  to: Float32Array,
  { rows, width, factor }: { readonly rows: number; readonly width: number; readonly factor: number },
): void {
  const sums = new Float64Array(width);
  for (let at = 0, block = 0; block < to.length; block += width) {
    sums.fill(0);
    for (let row = 0; row < rows; row++, at += width) {
      for (let i = 0; i < width; i++) sums[i] = (sums[i] as number) + (x[at + i] as number);
    }
    for (let i = 0; i < width; i++) to[block + i] = (sums[i] as number) * factor;
  }
}

/** Rows of a tensor added up by the number of their segment: the gradient of taking rows. */
export const segmentSum: HeapKernel = (heap, inputs, attrs) => {
  const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', TensorInfo>;
  const { numSegments } = attrs as { readonly numSegments: number };
  const inner = x.shape.slice(segmentIds.shape.length);
  const result = heap.makeOutput([numSegments, ...inner], 'float32');
  const [from, to, ids] = [floats(heap, x), floats(heap, result), heap.typedArrayFromHeap(segmentIds)];
  const width = sizeOf(inner);
  to.fill(0);
  ids.forEach((segment, row) => {
    // Like the other engines: rows of no segment are left out.
    if (segment < 0 || segment >= numSegments) return;
    for (let i = 0; i < width; i++) {
      to[segment * width + i] = (to[segment * width + i] as number) + (from[row * width + i] as number);
    }
  });
  return result;
};
