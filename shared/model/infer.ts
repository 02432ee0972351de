import { getBackend, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';

import type { Pixels } from '../image/pixels.ts';
import type { Network } from './network.ts';
import { preprocess } from './preprocess.ts';

/**
 * Images that go through the network together on the engine in use. On wasm more than 8 gain nothing and take memory;
 * TensorFlow pays for each operation it starts, so that small images take half the time in batches of 32
 * (docs/benchmarks.md).
 */
export function batchOfEngine(): number {
  return getBackend() === 'tensorflow' ? 32 : 8;
}

/** Softmax scores of canonical images, row by row: [images, classes]. */
export async function scoreImages(
  network: Network,
  images: readonly Pixels[],
  batch: number = batchOfEngine(),
): Promise<Float32Array> {
  return inBatches(network, images, { run: network.predict, width: network.classes, batch });
}

/** Feature vectors of canonical images, row by row: [images, features]. */
export async function embedImages(
  network: Network,
  images: readonly Pixels[],
  batch: number = batchOfEngine(),
): Promise<Float32Array> {
  return inBatches(network, images, { run: network.embed, width: network.features, batch });
}

interface Job {
  readonly run: (input: Tensor4D) => Tensor2D;
  /** Length of a result's row. */
  readonly width: number;
  readonly batch: number;
}

async function inBatches(network: Network, images: readonly Pixels[], job: Job): Promise<Float32Array> {
  const all = new Float32Array(images.length * job.width);
  for (let at = 0; at < images.length; at += job.batch) {
    const input = preprocess(images.slice(at, at + job.batch), network.preprocessing);
    const output = job.run(input);
    try {
      all.set(await output.data(), at * job.width);
    } finally {
      input.dispose();
      output.dispose();
    }
  }
  return all;
}
