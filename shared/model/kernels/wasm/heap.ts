import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** The wasm engine as our kernels use it: they compute in its own memory, so that nothing is copied. */
export interface WasmHeap {
  readonly makeOutput: (shape: number[], dtype: DataType) => TensorInfo;
  readonly typedArrayFromHeap: (info: TensorInfo) => Float32Array | Int32Array | Uint8Array;
}

/** Inputs by their names, the call's attributes → outputs. */
export type HeapKernel = (
  heap: WasmHeap,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: Readonly<Record<string, unknown>>,
) => TensorInfo | TensorInfo[];

/**
 * The numbers of a float32 tensor as they lie in the engine's memory. Making a tensor may move that memory: make all
 * outputs first, then look at numbers.
 */
export function floats(heap: WasmHeap, info: TensorInfo): Float32Array {
  return heap.typedArrayFromHeap(info) as Float32Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
