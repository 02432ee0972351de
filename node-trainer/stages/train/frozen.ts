import { type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import type { Pixels } from '#shared/image/pixels.ts';
import { joinClassifier } from '#shared/model/classifier.ts';
import { compileNetwork } from '#shared/model/compile.ts';
import { planLayers } from '#shared/model/learn/run-layers.ts';
import { loadNetwork, type Network } from '#shared/model/network.ts';
import { preprocess } from '#shared/model/preprocess.ts';
import type { Backbone } from '#shared/model/zoo.ts';

import { sha256 } from '../../io/hash.ts';

/** Images that go through a frozen part together. */
const BATCH = 8;

/** The part of a network that only predicts: it is no part of what learns, so nothing in it can drift (design §2.8). */
export interface Frozen {
  /** What it gives, for people. */
  readonly name: string;
  /** Identifies the part and its weights, as part of a file name. */
  readonly key: string;
  /** Shape of its result without the batch. */
  readonly shape: readonly number[];
  /** Network input → what the learning part reads; the caller disposes it. */
  readonly run: (input: Tensor4D) => Tensor;
  readonly dispose: () => void;
}

/** The whole backbone up to its features, in its compiled form, which is the fast one. */
export async function frozenBackbone(backbone: Backbone): Promise<Frozen> {
  const { network, fingerprint } = await compiledBackbone(backbone);
  return {
    name: 'features',
    key: `features-${fingerprint}`,
    shape: [network.features],
    run: network.embed,
    dispose: network.dispose,
  };
}

/** A backbone below its last blocks. @param bottom of `splitBackbone`; it is disposed with this */
export async function frozenBottom(
  backbone: Backbone,
  split: { readonly bottom: LayersModel; readonly boundary: readonly number[] },
  blocks: number,
): Promise<Frozen> {
  const { network, fingerprint } = await compiledBackbone(backbone);
  network.dispose();
  const { run } = planLayers(split.bottom);
  return {
    name: 'boundary',
    key: `boundary-${blocks}-${fingerprint}`,
    shape: split.boundary,
    run: (input) => tidy(() => run(input, 'fixed')),
    dispose: () => split.bottom.dispose(),
  };
}

/** What a frozen part makes of images, row by row. */
export async function runFrozen(
  frozen: Frozen,
  images: readonly Pixels[],
  preprocessing: Backbone['preprocessing'],
): Promise<Float32Array> {
  const size = frozen.shape.reduce((a, b) => a * b, 1);
  const all = new Float32Array(images.length * size);
  for (let at = 0; at < images.length; at += BATCH) {
    const input = preprocess(images.slice(at, at + BATCH), preprocessing);
    const output = frozen.run(input);
    try {
      all.set(await output.data(), at * size);
    } finally {
      input.dispose();
      output.dispose();
    }
  }
  return all;
}

/** The backbone as a compiled network; the two classes of its empty head are never looked at. */
async function compiledBackbone(backbone: Backbone): Promise<{ network: Network; fingerprint: string }> {
  const dims = backbone.features;
  const head = { dims, classes: 2, kernel: new Float32Array(dims * 2), bias: new Float32Array(2) };
  const model = joinClassifier({ backbone, head });
  try {
    const { file, weights } = await compileNetwork(model, backbone.preprocessing);
    const identity = JSON.stringify([file.preprocessing, file.ops, sha256(weights)]);
    return {
      network: loadNetwork(file, weights.buffer),
      fingerprint: sha256(new TextEncoder().encode(identity)).slice(0, 16),
    };
  } finally {
    model.dispose();
  }
}
