import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';

import { memory, ready, setBackend, tensor4d } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';

import { compileNetwork, type CompiledNetwork } from './compile.ts';
import { loadNetwork } from './network.ts';

const SIZE = 16;

/** Three layers and a classifier: software GPUs take seconds for a real network. */
async function tiny(): Promise<CompiledNetwork> {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [SIZE, SIZE, 3], filters: 8, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.batchNormalization(),
      layers.reLU({ maxValue: 6 }),
      layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      layers.reLU({ maxValue: 6 }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
  const compiled = await compileNetwork(model, { size: SIZE, range: [-1, 1], resize: 'letterbox' });
  model.dispose();
  return compiled;
}

async function scores(engine: string, { file, weights }: CompiledNetwork): Promise<number[]> {
  expect(await setBackend(engine)).toBe(true);
  await ready();
  const before = memory().numTensors;
  const network = loadNetwork(file, weights.buffer);
  const numbers = Float32Array.from({ length: 2 * SIZE * SIZE * 3 }, (_, i) => Math.sin(i));
  const input = tensor4d(numbers, [2, SIZE, SIZE, 3]);
  const output = network.predict(input);
  const result = Array.from(await output.data());
  for (const t of [input, output, network]) t.dispose();
  expect(memory().numTensors).toBe(before);
  return result;
}

describe('the compiled network in a real browser', () => {
  test.each(['webgpu', 'webgl'])('gives on %s what the cpu gives', async (engine) => {
    await setBackend('cpu');
    const network = await tiny();
    const expected = await scores('cpu', network);
    const found = await scores(engine, network);
    expected.forEach((score, i) => {
      expect(found[i]).toBeCloseTo(score, 4);
    });
  });
});
