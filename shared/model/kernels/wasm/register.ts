import {
  getKernel,
  type KernelConfig,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

import { activationKernel } from '../activations.ts';
import { BATCH_NORM } from '../batch-norm.ts';
import { gate, hardSigmoid, hardSwish, swish } from './activations.ts';
import * as batchNorm from './batch-norm.ts';
import * as convolution from './convolution.ts';
import * as depthwise from './depthwise.ts';
import type { HeapKernel, WasmHeap } from './heap.ts';
import { maxPoolGradient } from './max-pool.ts';
import { turnedFirst } from './products.ts';
import { isSumOfRows, segmentSum, sumOfRows } from './sums.ts';
import { slice, splitV, stridedSlice, tile } from './views.ts';

/** In place of the engine's own kernel, which may be asked where ours does not know the case. */
type Replacement = (own: KernelFunc | undefined) => KernelFunc;

const KERNELS: readonly (readonly [name: string, replacement: Replacement])[] = [
  ['Conv2DBackpropFilter', ours(convolution.filterGradient)],
  ['Conv2DBackpropInput', ours(convolution.inputGradient)],
  ['DepthwiseConv2dNativeBackpropFilter', ours(depthwise.filterGradient)],
  ['DepthwiseConv2dNativeBackpropInput', ours(depthwise.inputGradient)],
  ['MaxPoolGrad', ours(maxPoolGradient)],
  ['UnsortedSegmentSum', ours(segmentSum)],
  ['BatchMatMul', turning],
  ['_FusedMatMul', turning],
  ['Slice', ours(slice, isNumbers)],
  ['SplitV', ours(splitV, isNumbers)],
  ['StridedSlice', ours(stridedSlice, isNumbers)],
  ['Tile', ours(tile, isNumbers)],
  ['Sum', ours(sumOfRows(false), overRows)],
  ['Mean', ours(sumOfRows(true), overRows)],
  [BATCH_NORM.training, ours(batchNorm.training)],
  [BATCH_NORM.trainingGrad, ours(batchNorm.trainingGrad)],
  [BATCH_NORM.fixed, ours(batchNorm.fixed)],
  [BATCH_NORM.fixedGrad, ours(batchNorm.fixedGrad)],
  [activationKernel('relu').grad, ours(gate(Infinity))],
  [activationKernel('relu6').grad, ours(gate(6))],
  [activationKernel('hardSigmoid').grad, ours(hardSigmoid)],
  [activationKernel('swish').grad, ours(swish)],
  [activationKernel('hardSwish').grad, ours(hardSwish)],
];

/** Kernels that were put in place here. */
const placed = new Set<KernelFunc>();

/**
 * Gives the wasm engine the kernels of a training step that it lacks (filter gradients), computes wrongly (max-pool) or
 * slowly (all others). They work in plain loops on the engine's own memory, so each is one pass over its tensors.
 * Calling this again does nothing.
 */
export function registerWasmKernels(): void {
  for (const [kernelName, replacement] of KERNELS) {
    const own = getKernel(kernelName, 'wasm') as KernelConfig | undefined;
    if (own && placed.has(own.kernelFunc)) continue;
    const kernelFunc = replacement(own?.kernelFunc);
    placed.add(kernelFunc);
    if (own) unregisterKernel(kernelName, 'wasm');
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
}

type Call = Parameters<KernelFunc>[0];

/** Our kernel, for the calls that it knows. */
function ours(kernel: HeapKernel, knows: (call: Call) => boolean = () => true): Replacement {
  return (own) => (call) => {
    if (own && !knows(call)) return own(call);
    return kernel(call.backend as WasmHeap, call.inputs as Record<string, TensorInfo>, call.attrs ?? {});
  };
}

function turning(own: KernelFunc | undefined): KernelFunc {
  if (!own) throw new Error('the wasm engine has no matrix product');
  return turnedFirst(own);
}

function isNumbers({ inputs }: Call): boolean {
  return inputs.x?.dtype !== 'string';
}

function overRows({ inputs, attrs }: Call): boolean {
  const { x } = inputs as Record<'x', TensorInfo>;
  return isSumOfRows(x, (attrs as unknown as { axis: number | number[] }).axis);
}
