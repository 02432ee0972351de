import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';

import { type HeapKernel, sizeOf, type WasmHeap } from './heap.ts';

/** How numbers of a tensor are read: from `start`, along each axis so many with so long a step between them. */
interface View {
  readonly start: number;
  readonly shape: readonly number[];
  readonly steps: readonly number[];
}

/** A part of a tensor. The engine's own kernel copies the whole tensor first. */
export const slice: HeapKernel = (heap, inputs, attrs) => {
  const { x } = inputs as Record<'x', TensorInfo>;
  const { begin, size } = attrs as { readonly begin: number[]; readonly size: number[] };
  const [from = [], shape = []] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, from, shape);
  return partOf(heap, x, from, shape);
};

/** A tensor cut into pieces along an axis. */
export const splitV: HeapKernel = (heap, inputs, attrs) => {
  const { x } = inputs as Record<'x', TensorInfo>;
  const { numOrSizeSplits, axis } = attrs as { readonly numOrSizeSplits: number[]; readonly axis: number };
  const along = util.parseAxisParam(axis, x.shape)[0] ?? 0;
  let at = 0;
  return backend_util.prepareSplitSize(x, numOrSizeSplits, along).map((size) => {
    const begin = x.shape.map((_, i) => (i === along ? at : 0));
    at += size;
    return partOf(
      heap,
      x,
      begin,
      x.shape.map((n, i) => (i === along ? size : n)),
    );
  });
};

/** Every so many numbers of a tensor. The engine's own kernel works out the place of each number anew. */
export const stridedSlice: HeapKernel = (heap, inputs, attrs) => {
  const { x } = inputs as Record<'x', TensorInfo>;
  const given = attrs as Readonly<Record<'begin' | 'end' | 'strides', number[]>>;
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs as Record<string, number>;
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as [
    number,
    number,
    number,
    number,
    number,
  ];
  const info = slice_util.sliceInfo(x.shape, given.begin, given.end, given.strides, ...masks);
  const steps = stepsOf(x.shape);
  const view = {
    start: info.begin.reduce((sum, from, i) => sum + from * (steps[i] ?? 0), 0),
    shape: slice_util.computeOutShape(info.begin, info.end, info.strides),
    steps: steps.map((step, i) => step * (info.strides[i] ?? 1)),
  };
  return copy(heap, x, info.finalShape, view);
};

/** A tensor repeated along its axes. */
export const tile: HeapKernel = (heap, inputs, attrs) => {
  const { x } = inputs as Record<'x', TensorInfo>;
  const { reps } = attrs as { readonly reps: readonly number[] };
  const steps = stepsOf(x.shape);
  const view = {
    start: 0,
    shape: x.shape.flatMap((n, i) => [reps[i] ?? 1, n]),
    steps: steps.flatMap((step) => [0, step]),
  };
  return copy(
    heap,
    x,
    x.shape.map((n, i) => n * (reps[i] ?? 1)),
    view,
  );
};

function partOf(
  heap: WasmHeap,
  x: TensorInfo,
  begin: readonly number[],
  shape: readonly number[],
): TensorInfo {
  const steps = stepsOf(x.shape);
  const start = begin.reduce((sum, from, i) => sum + from * (steps[i] ?? 0), 0);
  return copy(heap, x, [...shape], { start, shape, steps });
}

function stepsOf(shape: readonly number[]): number[] {
  return shape.map((_, i) => sizeOf(shape.slice(i + 1)));
}

function copy(heap: WasmHeap, x: TensorInfo, shape: number[], view: View): TensorInfo {
  const out = heap.makeOutput(shape, x.dtype);
  const [from, to] = [heap.typedArrayFromHeap(x), heap.typedArrayFromHeap(out)];
  let axes = view.shape.length;
  let run = 1;
  // The last axes that lie behind one another are copied as one piece.
  while (axes > 0 && (view.steps[axes - 1] === run || view.shape[axes - 1] === 1)) {
    axes -= 1;
    run *= view.shape[axes] ?? 1;
  }
  let at = 0;
  const walk = (axis: number, start: number): void => {
    if (axis === axes) {
      if (run < 32) for (let i = 0; i < run; i++) to[at + i] = from[start + i] as number;
      else to.set(from.subarray(start, start + run), at);
      at += run;
      return;
    }
    const [count, step] = [view.shape[axis] ?? 1, view.steps[axis] ?? 0];
    for (let i = 0; i < count; i++) walk(axis + 1, start + i * step);
  };
  if (sizeOf(shape) > 0) walk(0, view.start);
  return out;
}
