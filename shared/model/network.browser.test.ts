import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';

import { memory, ready, setBackend, tensor4d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

import { EVERY_SIZE, everyOperation } from '../testing/every-operation.ts';
import type { CompiledNetwork } from './compile.ts';
import { loadNetwork } from './network.ts';

async function scores(engine: string, { file, weights }: CompiledNetwork): Promise<number[]> {
  expect(await setBackend(engine)).toBe(true);
  await ready();
  const before = memory().numTensors;
  const network = loadNetwork(file, weights.buffer);
  const numbers = Float32Array.from({ length: 2 * EVERY_SIZE ** 2 * 3 }, (_, i) => Math.sin(i));
  const input = tensor4d(numbers, [2, EVERY_SIZE, EVERY_SIZE, 3]);
  const output = network.predict(input);
  const result = Array.from(await output.data());
  for (const t of [input, output, network]) t.dispose();
  expect(memory().numTensors).toBe(before);
  return result;
}

describe('the compiled network in a real browser', () => {
  // Software GPUs take seconds for a real network; this tiny one has every operation.
  test.each(['webgpu', 'webgl'])('gives on %s what the cpu gives', async (engine) => {
    const network = everyOperation();
    const expected = await scores('cpu', network);
    const found = await scores(engine, network);
    expected.forEach((score, i) => {
      expect(found[i]).toBeCloseTo(score, 4);
    });
  });
});
