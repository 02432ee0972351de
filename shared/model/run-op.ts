import {
  add,
  avgPool,
  concat,
  fused,
  maxPool,
  mul,
  pad,
  relu,
  relu6,
  reshape,
  sigmoid,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

import type { Activation, CompiledOp, ConvOp, DenseOp } from './compiled-format.ts';

/** Where an operation finds its inputs and weights. */
export interface OpSources {
  /** Results by node. */
  readonly results: readonly Tensor[];
  readonly tensors: readonly Tensor[];
}

/** Runs one operation. The graph was checked, so that every input and weight is there and fits. */
export function runOp(op: CompiledOp, { results, tensors }: OpSources): Tensor {
  const image = (node: number): Tensor4D => results[node] as Tensor4D;
  switch (op.op) {
    case 'conv':
    case 'depthwise':
      return convolve(op, image(op.input), tensors);
    case 'max-pool':
      return maxPool(image(op.input), op.window, op.strides, op.pad);
    case 'average-pool':
      return avgPool(image(op.input), op.window, op.strides, op.pad);
    case 'pad':
      return pad(image(op.input), [
        [0, 0],
        [op.top, op.bottom],
        [op.left, op.right],
        [0, 0],
      ]);
    case 'add':
      return add(image(op.left), image(op.right));
    case 'scale': {
      const factors = results[op.factors] as Tensor2D;
      return mul(image(op.input), reshape(factors, [factors.shape[0], 1, 1, factors.shape[1]]));
    }
    case 'concat':
      return concat(op.inputs.map(image), 3);
    case 'activate':
      return activate(results[op.input] as Tensor, op.activation);
    case 'mean':
      return mean(image(op.input));
    case 'dense':
      return dense(op, results[op.input] as Tensor2D, tensors);
  }
}

/**
 * Mean over height and width as two average pools, rows first. The wasm engine's own mean turns the image round before
 * it adds up, which takes ten times as long; one pool over everything would leave a GPU few and long threads.
 */
function mean(x: Tensor4D): Tensor {
  const [n, height, width, channels] = x.shape;
  // An engine may refuse a window of a single value.
  const row = height > 1 ? avgPool(x, [height, 1], 1, 'valid') : x;
  const point = width > 1 ? avgPool(row, [1, width], 1, 'valid') : row;
  return reshape(point, [n, channels]);
}

function convolve(op: ConvOp, x: Tensor4D, tensors: readonly Tensor[]): Tensor {
  const filter = tensors[op.filter] as Tensor4D;
  const bias = tensors[op.bias] as Tensor1D;
  const activation = fusable(op.activation);
  const shared = { x, filter, strides: op.strides, pad: op.pad, bias, activation };
  const out = op.op === 'conv' ? fused.conv2d(shared) : fused.depthwiseConv2d(shared);
  return activation === op.activation ? out : activate(out, op.activation);
}

function dense(op: DenseOp, a: Tensor2D, tensors: readonly Tensor[]): Tensor {
  const [b, bias] = [tensors[op.kernel] as Tensor2D, tensors[op.bias] as Tensor1D];
  const activation = fusable(op.activation);
  const out = fused.matMul({ a, b, bias, activation });
  return activation === op.activation ? out : activate(out, op.activation);
}

/** What every engine does in the same kernel; any other activation comes after a linear one. */
function fusable(activation: Activation): 'linear' | 'relu' | 'relu6' {
  return activation === 'relu' || activation === 'relu6' ? activation : 'linear';
}

function activate(x: Tensor, activation: Activation): Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return relu(x);
    case 'relu6':
      return relu6(x);
    case 'sigmoid':
      return sigmoid(x);
    case 'swish':
      return mul(x, sigmoid(x));
    case 'hardSigmoid':
      return mul(relu6(add(x, 3)), 1 / 6);
    case 'hardSwish':
      return mul(x, mul(relu6(add(x, 3)), 1 / 6));
  }
}
