import { div, moments, sqrt, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  layers,
  type LayersModel,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';

import { createRandom } from '../dataset/random.ts';
import type { HeadWeights } from '../model/classifier.ts';

/** Seeded numbers in [low, high). */
export function randomNumbers(length: number, seed: number, low = -1, high = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => low + (high - low) * random.next());
}

/** Gives batch-norm and biases numbers as training would, so that folding them has something to fold. */
export function disturbBatchNorm(model: LayersModel): void {
  tidy(() => {
    model.weights.forEach((weight, i) => {
      const part = /[^/]+$/.exec(weight.originalName)?.[0] ?? '';
      const [low, high] = DISTURBED.get(part) ?? [];
      if (low === undefined || high === undefined) return;
      const shape = weight.shape.map((n) => n ?? 0);
      const length = shape.reduce((a, b) => a * b, 1);
      weight.write(tensor(randomNumbers(length, i, low, high), shape));
    });
  });
}

const DISTURBED: ReadonlyMap<string, readonly [low: number, high: number]> = new Map([
  ['gamma', [0.6, 1.4]],
  ['beta', [-0.3, 0.3]],
  ['bias', [-0.3, 0.3]],
  ['moving_mean', [-0.3, 0.3]],
  ['moving_variance', [0.6, 1.4]],
]);

/**
 * Makes a network of random weights behave like a trained one: the output of every convolution gets unit size on these
 * images, so that neither do its numbers vanish or explode on the way, nor are its answers the same for every image.
 * Batch-norm and biases are disturbed too.
 */
export function settle(model: LayersModel, images: Tensor): void {
  disturbBatchNorm(model);
  tidy(() => {
    const results = new Map<string, Tensor>();
    for (const layer of model.layers) {
      const from = layer.inboundNodes[0]?.inboundLayers ?? [];
      const inputs = from.map((l) => results.get(l.name) ?? images);
      const run = (): Tensor => layer.apply(inputs.length === 1 ? (inputs[0] ?? images) : inputs) as Tensor;
      const kernel = layer.weights.find((w) => /kernel$/.test(w.originalName));
      if (kernel) {
        const size = sqrt(moments(run()).variance);
        kernel.write(div(kernel.read(), size));
      }
      results.set(layer.name, from.length === 0 ? images : run());
    }
  });
}

/** Features of `tinyNetwork`. */
export const TINY_FEATURES = 8;

/**
 * A network of a few hundred weights with the kinds of layers that the zoo's have: convolutions with and without bias,
 * batch-norm, a residual, a gate, two branches. [n, 6, 6, 3] → [n, 8]
 */
export function tinyNetwork(): LayersModel {
  const start = input({ shape: [6, 6, 3] });
  const seeded = (seed: number): ReturnType<typeof initializers.heUniform> =>
    initializers.heUniform({ seed });
  const apply = (layer: layers.Layer, ...x: SymbolicTensor[]): SymbolicTensor =>
    layer.apply(x.length === 1 ? (x[0] as SymbolicTensor) : x) as SymbolicTensor;
  const conv = (
    name: string,
    filters: number,
    seed: number,
    useBias = false,
  ): ReturnType<typeof layers.conv2d> =>
    layers.conv2d({ name, filters, kernelSize: 1, useBias, kernelInitializer: seeded(seed) });
  const stem = layers.conv2d({
    name: 'stem',
    filters: TINY_FEATURES,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    useBias: false,
    kernelInitializer: seeded(1),
  });
  const norm = (name: string): ReturnType<typeof layers.batchNormalization> =>
    layers.batchNormalization({ name, momentum: 0.9 });
  const a = apply(
    layers.reLU({ name: 'stem_relu', maxValue: 6 }),
    apply(norm('stem_bn'), apply(stem, start)),
  );
  const deep = layers.depthwiseConv2d({
    name: 'deep',
    useBias: false,
    kernelSize: 3,
    padding: 'same',
    depthwiseInitializer: seeded(2),
  });
  const b = apply(
    layers.activation({ name: 'swish', activation: 'swish' }),
    apply(norm('deep_bn'), apply(deep, a)),
  );
  const gate = apply(
    layers.activation({ name: 'gate', activation: 'sigmoid' }),
    apply(conv('squeeze', TINY_FEATURES, 3, true), b),
  );
  const gated = apply(layers.multiply({ name: 'gated' }), b, gate);
  const sum = apply(layers.add({ name: 'sum' }), a, gated);
  const both = apply(
    layers.concatenate({ name: 'both' }),
    apply(conv('left', 4, 4, true), sum),
    apply(conv('right', 4, 5), sum),
  );
  const features = apply(layers.globalAveragePooling2d({ name: 'features' }), both);
  return model({ inputs: start, outputs: features });
}

export function randomHead(dims: number, classes: number): HeadWeights {
  return {
    dims,
    classes,
    kernel: randomNumbers(dims * classes, 7, -0.2, 0.2),
    bias: randomNumbers(classes, 8),
  };
}

/** Largest difference of two rows of numbers. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((max, x, i) => Math.max(max, Math.abs(x - (b[i] ?? NaN))), 0);
}
