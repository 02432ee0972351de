import { tensor4d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../testing/engines.ts';
import { EVERY_SIZE, everyOperation } from '../testing/every-operation.ts';
import { largestDifference, randomNumbers } from '../testing/models.ts';
import { type CompiledNetwork } from './compile.ts';
import { compiledRecord } from './compiled-format.ts';
import { loadNetwork } from './network.ts';

async function scores({ file, weights }: CompiledNetwork): Promise<ArrayLike<number>> {
  const network = loadNetwork(file, weights.buffer);
  const size = file.preprocessing.size;
  const [dark, bright] = [randomNumbers(size * size * 3, 3, -1, 0), randomNumbers(size * size * 3, 4, 0, 1)];
  const input = tensor4d(Float32Array.of(...dark, ...bright), [2, size, size, 3]);
  const output = network.predict(input);
  const result = await output.data();
  for (const t of [network, input, output]) t.dispose();
  return result;
}

describe('a network with every operation', () => {
  test('gives the same scores on the cpu and the wasm engine, and not the same for every image', async () => {
    await useEngine('cpu');
    const expected = await scores(everyOperation());
    await useEngine('wasm');
    const found = await scores(everyOperation());
    expect(largestDifference(found, expected)).toBeLessThan(1e-5);
    expect(largestDifference(Array.from(found).slice(0, 4), Array.from(found).slice(4))).toBeGreaterThan(
      0.01,
    );
  });

  test('frees every result on the way: only the answer is left', async () => {
    await useEngine('wasm');
    const { file, weights } = everyOperation();
    const network = loadNetwork(file, weights.buffer);
    const input = tensor4d(randomNumbers(EVERY_SIZE ** 2 * 3, 1), [1, EVERY_SIZE, EVERY_SIZE, 3]);
    expect(await leftBehind(() => network.predict(input))).toBe(1);
    expect(await leftBehind(() => network.embed(input))).toBe(1);
  });

  test('embeds what the classifier reads', async () => {
    await useEngine('cpu');
    const { file, weights } = everyOperation();
    const network = loadNetwork(file, weights.buffer);
    const input = tensor4d(randomNumbers(EVERY_SIZE ** 2 * 3, 1), [1, EVERY_SIZE, EVERY_SIZE, 3]);
    expect(network.features).toBe(8);
    expect(network.embed(input).shape).toEqual([1, 8]);
  });

  test('gives scores and features in one pass, the same as one by one, and leaves nothing else behind', async () => {
    await useEngine('cpu');
    const { file, weights } = everyOperation();
    const network = loadNetwork(file, weights.buffer);
    const input = tensor4d(randomNumbers(EVERY_SIZE ** 2 * 3, 1), [1, EVERY_SIZE, EVERY_SIZE, 3]);
    const { scores, features } = network.predictWithFeatures(input);
    expect(await scores.data()).toEqual(await network.predict(input).data());
    expect(await features.data()).toEqual(await network.embed(input).data());
    expect(await leftBehind(() => Object.values(network.predictWithFeatures(input)))).toBe(2);
  });
});

describe('a compiled network of version 1', () => {
  test('still loads: its dense operation had no activation (AddDenseActivation)', async () => {
    await useEngine('cpu');
    const { file, weights } = tinyNow();
    const old = { ...file, v: 1, ops: file.ops.map((op) => withoutActivation(op)) };
    expect(compiledRecord.read(old, 'model.json')).toEqual(file);
    expect(await scores({ file: compiledRecord.read(old, 'model.json'), weights })).toEqual(
      await scores({ file, weights }),
    );
  });

  test('that is damaged is refused in words', () => {
    const { file } = tinyNow();
    for (const ops of ['none', [null], [{ op: 'dense' }]]) {
      expect(() => compiledRecord.read({ ...file, v: 1, ops }, 'model.json')).toThrow(
        /model\.json: not a valid compiled network: at ops/,
      );
    }
  });
});

test('a compiled network of a later version is refused with what to do', () => {
  expect(() => compiledRecord.read({ ...tinyNow().file, v: 3 }, 'model.json')).toThrow(/Update Menagerie/);
});

/** The operations that version 1 knew: mean and dense. */
function tinyNow(): CompiledNetwork {
  const weights = new Uint8Array(randomNumbers(3 * 2 + 2, 4).buffer as ArrayBuffer);
  const tensors = [
    { name: 'kernel', shape: [3, 2], dtype: 'float32', offset: 0 },
    { name: 'bias', shape: [2], dtype: 'float32', offset: 24 },
  ];
  const ops = [
    { op: 'mean', input: 0 },
    { op: 'dense', input: 1, kernel: 0, bias: 1, activation: 'linear' },
  ];
  const preprocessing = { size: 16, range: [-1, 1], resize: 'letterbox' };
  const file = { v: 2, preprocessing, classes: 2, features: 1, bytes: 32, tensors, ops };
  return { file: compiledRecord.read(file, 'model.json'), weights };
}

function withoutActivation(op: object): object {
  return Object.fromEntries(Object.entries(op).filter(([key]) => key !== 'activation'));
}
