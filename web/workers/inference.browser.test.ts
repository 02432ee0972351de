import { backend, memory } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

import { ENGINES } from './engine-names.ts';
import { unsuitable } from './engines.ts';
import { createInference } from './inference.ts';
import { PROBE_ANSWER, probeNetwork } from './probe.ts';

const picture = { width: 16, height: 16, data: Uint8Array.from({ length: 768 }, (_, i) => (i * 7919) % 256) };

describe('every engine gives the answer of the cpu engine', () => {
  test.each(ENGINES)('%s', async (engine) => {
    const inference = createInference(engine);
    await inference.load(probeNetwork());
    const answer = await inference.predict(picture);
    expect(answer.engine).toBe(engine);
    answer.scores.forEach((score, i) => {
      expect(Math.abs(score - PROBE_ANSWER[i]!)).toBeLessThan(1e-4);
    });
  });
});

test('several images are looked at in one pass: scores as in predicting, and features', async () => {
  const inference = createInference('wasm');
  await inference.load(probeNetwork());
  const looks = await inference.look([{ ...picture, data: new Uint8Array(768) }, picture]);
  expect(looks.map((look) => look.features.length)).toEqual([8, 8]);
  expect(looks[1]?.scores).toEqual((await inference.predict(picture)).scores);
  expect(looks[0]?.features).not.toEqual(looks[1]?.features);
});

test('a software adapter is never chosen by itself', async () => {
  expect(await unsuitable('webgpu')).toMatch(/software|no adapter/);
  expect(await unsuitable('webgl')).toMatch(/software|no WebGL/);
  const inference = createInference(null);
  await inference.load(probeNetwork());
  expect(inference.engine()).toBe('wasm');
});

test('a lost GPU device is recovered and the prediction in flight is answered', async () => {
  const inference = createInference('webgpu');
  await inference.load(probeNetwork());
  const { scores: expected } = await inference.predict(picture);
  for (let loss = 0; loss < 3; loss++) {
    const inFlight = inference.predict(picture);
    (backend() as unknown as { device: GPUDevice }).device.destroy();
    const { scores, engine } = await inFlight;
    expect(engine).toBe('webgpu');
    scores.forEach((score, i) => {
      expect(Math.abs(score - expected[i]!)).toBeLessThan(1e-5);
    });
  }
});

test('a network that contradicts itself is refused and the one before goes on answering', async () => {
  const inference = createInference('cpu');
  const good = probeNetwork();
  await inference.load(good);
  await expect(inference.load({ ...good, weights: good.weights.slice(4) })).rejects.toThrow(/bytes/);
  expect((await inference.predict(picture)).scores).toHaveLength(4);
});

test('100 predictions leave no tensor behind', async () => {
  const inference = createInference('wasm');
  await inference.load(probeNetwork());
  await inference.predict(picture);
  const before = memory().numTensors;
  for (let i = 0; i < 100; i++) await inference.predict(picture);
  expect(memory().numTensors).toBe(before);
});
