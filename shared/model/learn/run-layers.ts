import {
  add,
  addN,
  conv2d,
  depthwiseConv2d,
  matMul,
  mean,
  mul,
  ones,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  Variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { activate } from '../kernels/activations.ts';
import { batchNormFixed, batchNormTraining } from '../kernels/batch-norm.ts';
import { activationOf } from '../zoo/activations.ts';

type Layer = LayersModel['layers'][number];

/**
 * Which statistics batch-norm layers use: those of the batch, as training from nothing needs it, or their moving ones,
 * which then never change. Batches on one machine are small, so fine-tuning leaves them fixed.
 */
export type NormMode = 'batch' | 'fixed';

/** Statistics that the batch-norm layers met in a batch, in the order of `norms`. */
export interface MetStatistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/** Moving statistics of a batch-norm layer. */
export interface NormLayer {
  readonly name: string;
  readonly mean: Variable;
  readonly variance: Variable;
  /** Share of the old value that stays at each step. */
  readonly momentum: number;
}

/** The layers of a model, ready to be run one by one on the model's own weights. */
export interface LayerRunner {
  /**
   * Input → output of the model, differentiable in the input and in every trainable weight.
   * @param met takes what batch-norm layers met (mode `batch`)
   */
  readonly run: (input: Tensor, mode: NormMode, met?: (statistics: MetStatistics) => void) => Tensor;
  /** Weights that training may change, layer by layer from input to output. */
  readonly layers: readonly { readonly name: string; readonly variables: readonly Variable[] }[];
  readonly norms: readonly NormLayer[];
}

/** A layer that cannot be trained through. */
export class LayerError extends Error {
  override readonly name = 'LayerError';
  constructor(layer: Layer, detail: string) {
    super(`layer "${layer.name}" (${layer.getClassName()}) can't be trained: ${detail}`);
  }
}

interface RunMode {
  readonly norm: NormMode;
  readonly met: (statistics: MetStatistics) => void;
}

type Work = (inputs: readonly Tensor[], mode: RunMode) => Tensor;

/**
 * Prepares a functional model with one input and one output. It is run by our own kernels, because tf.layers spends
 * several operations on what takes one; its weights stay the model's own, and training changes them there.
 * Dropout inside the network passes everything: which share of the features is dropped is the recipe's business.
 * @throws LayerError naming a layer with weights that is not known here
 */
export function planLayers(model: LayersModel): LayerRunner {
  const places = new Map(model.layers.map((layer, i) => [layer.name, i]));
  const norms: NormLayer[] = [];
  const steps = model.layers.map((layer) => ({
    inputs: inputsOf(layer).map((name) => places.get(name) ?? 0),
    work: workOf(layer, norms),
  }));
  const output = places.get(model.outputLayers[0]?.name ?? '') ?? steps.length - 1;
  return {
    run: (input, norm, met = () => undefined) => {
      const results: Tensor[] = [];
      for (const { inputs, work } of steps) {
        const given = inputs.map((at) => results[at] ?? input);
        results.push(work(given.length === 0 ? [input] : given, { norm, met }));
      }
      return results[output] ?? input;
    },
    layers: model.layers.map((layer) => ({ name: layer.name, variables: trainableOf(layer) })),
    norms,
  };
}

function inputsOf(layer: Layer): string[] {
  return layer.inboundNodes[0]?.inboundLayers.map((l) => l.name) ?? [];
}

function workOf(layer: Layer, norms: NormLayer[]): Work {
  switch (layer.getClassName()) {
    case 'InputLayer':
    case 'Dropout':
      return ([x]) => given(layer, x);
    case 'Conv2D':
      return convolution(layer, conv2d);
    case 'DepthwiseConv2D':
      return convolution(layer, depthwiseConv2d);
    case 'BatchNormalization':
      return batchNorm(layer, norms);
    case 'Dense':
      return dense(layer);
    case 'Add':
      return (inputs) =>
        inputs.length === 2 ? add(given(layer, inputs[0]), given(layer, inputs[1])) : addN([...inputs]);
    case 'Multiply':
      return (inputs) => inputs.reduce((a, b) => mul(a, b));
    case 'GlobalAveragePooling2D':
      return ([x]) => mean(given(layer, x), [1, 2]);
    default: {
      const known = activationOf(layer.getClassName(), layer.getConfig());
      return known ? ([x]) => activate(given(layer, x), known) : ownCall(layer);
    }
  }
}

/** Layers without weights that do the same in training as otherwise: the layer's own operations have gradients. */
function ownCall(layer: Layer): Work {
  if (layer.weights.length > 0) throw new LayerError(layer, 'it has weights of an unknown kind');
  return (inputs) => {
    const result = layer.call([...inputs], { training: false });
    return Array.isArray(result) ? given(layer, result[0]) : result;
  };
}

function convolution(layer: Layer, operation: typeof conv2d | typeof depthwiseConv2d): Work {
  const { strides, padding, dilationRate, activation: name } = layer.getConfig();
  const pair = (value: unknown): [number, number] => {
    const [a, b] = Array.isArray(value) ? (value as unknown[]) : [value, value];
    if (typeof a !== 'number' || typeof b !== 'number')
      throw new LayerError(layer, 'unknown strides or dilation');
    return [a, b];
  };
  if (padding !== 'same' && padding !== 'valid') throw new LayerError(layer, 'unknown padding');
  const [down, dilation] = [pair(strides), pair(dilationRate ?? 1)];
  const kernel = variableOf(layer, /(^|\/)(depthwise_)?kernel$/);
  const bias = layer.getConfig().useBias === false ? null : variableOf(layer, /(^|\/)bias$/);
  const finish = activation(layer, name);
  return (inputs, mode) => {
    const x = given(layer, inputs[0]) as Tensor4D;
    const y = operation(x, kernel as unknown as Tensor4D, down, padding, 'NHWC', dilation);
    return finish([bias ? add(y, bias) : y], mode);
  };
}

function dense(layer: Layer): Work {
  const kernel = variableOf(layer, /(^|\/)kernel$/);
  const bias = layer.getConfig().useBias === false ? null : variableOf(layer, /(^|\/)bias$/);
  const finish = activation(layer, layer.getConfig().activation);
  return ([x], mode) => {
    const y = matMul(given(layer, x), kernel as Tensor);
    return finish([bias ? add(y, bias) : y], mode);
  };
}

function batchNorm(layer: Layer, norms: NormLayer[]): Work {
  const { epsilon, momentum, scale, center } = layer.getConfig();
  if (typeof epsilon !== 'number' || typeof momentum !== 'number')
    throw new LayerError(layer, 'unknown numbers');
  const [average, variance] = [variableOf(layer, /moving_mean$/), variableOf(layer, /moving_variance$/)];
  norms.push({ name: layer.name, mean: average, variance, momentum });
  const channels = average.shape as [number];
  const gamma = scale === false ? null : variableOf(layer, /gamma$/);
  const beta = center === false ? null : variableOf(layer, /beta$/);
  return (inputs, { norm, met }) => {
    const x = given(layer, inputs[0]) as Tensor4D;
    const factor = (gamma ?? ones(channels)) as Tensor1D;
    const shift = (beta ?? zeros(channels)) as Tensor1D;
    if (norm === 'fixed')
      return batchNormFixed(
        x,
        factor,
        shift,
        average as Tensor as Tensor1D,
        variance as Tensor as Tensor1D,
        epsilon,
      );
    const result = batchNormTraining(x, factor, shift, epsilon);
    met(result);
    return result.y;
  };
}

function activation(layer: Layer, name: unknown): Work {
  const known = activationOf('Activation', { activation: name ?? 'linear' });
  if (!known) throw new LayerError(layer, `unknown activation ${String(name)}`);
  return ([x]) => activate(given(layer, x), known);
}

function trainableOf(layer: Layer): Variable[] {
  return layer.trainableWeights.map((w) => w.read()).filter((t): t is Variable => t instanceof Variable);
}

function variableOf(layer: Layer, name: RegExp): Variable {
  const found: Tensor | undefined = layer.weights.find((w) => name.test(w.originalName))?.read();
  if (found instanceof Variable) return found as Variable;
  throw new LayerError(layer, `it has no weight ${name.source}`);
}

function given(layer: Layer, x: Tensor | undefined): Tensor {
  if (!x) throw new LayerError(layer, 'an input is missing');
  return x;
}
