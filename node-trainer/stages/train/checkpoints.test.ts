import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { TrainingState } from '#shared/model/learn/fit.ts';

import { scratch } from '../../testing/shapes.ts';
import { openCheckpoints, type PhaseEnd, type PhaseState } from './checkpoints.ts';

const [TRAINING, OTHER] = ['ab'.repeat(32), 'cd'.repeat(32)];

function after(epoch: number): PhaseState {
  const weights = { learnt: Float32Array.of(epoch, 0.1, -1e-30), moving: new Float32Array(0) };
  const state: TrainingState = {
    epoch,
    step: epoch * 7,
    weights,
    optimizer: {
      remains: [0.9 ** epoch, 0.999 ** epoch],
      vectors: [Float32Array.of(1, 2), Float32Array.of(3)],
    },
    best: { epoch: 0, loss: null, weights },
    history: [
      {
        epoch,
        loss: 0.123456789,
        accuracy: 0.5,
        validationLoss: null,
        validationAccuracy: null,
        learningRate: 0.1,
        seconds: 2,
      },
    ],
  };
  return {
    state,
    learningRate: 0.1,
    rateCurve: { points: [{ rate: 1e-7, loss: 3 }], valley: 0.1, steepest: 0.2 },
  };
}

const END: PhaseEnd = {
  head: { dims: 2, classes: 2, kernel: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(5, 6) },
  backbone: Float32Array.of(7, 8),
  phases: [],
};

test('an epoch is read back exactly, numbers and all', async () => {
  const folder = await scratch();
  await (await openCheckpoints(folder, TRAINING)).saveState(1, after(3));
  const checkpoints = await openCheckpoints(folder, TRAINING);
  expect(await checkpoints.lastState(1)).toEqual(after(3));
  expect(await checkpoints.lastState(0)).toBeNull();
});

test('the two newest epochs are kept, however many there were', async () => {
  const folder = await scratch();
  const checkpoints = await openCheckpoints(folder, TRAINING);
  for (let epoch = 1; epoch <= 12; epoch += 1) await checkpoints.saveState(0, after(epoch));
  expect(await readdir(folder)).toHaveLength(2);
  expect((await checkpoints.lastState(0))?.state.epoch).toBe(12);
});

test.each([
  [
    'one bit is flipped',
    (bytes: Buffer) => bytes.fill(bytes[bytes.length >> 1]! ^ 1, bytes.length >> 1, (bytes.length >> 1) + 1),
  ],
  ['it is cut', (bytes: Buffer) => bytes.subarray(0, 100)],
  ['it is empty', () => Buffer.alloc(0)],
])('where the newest is damaged (%s), the one before it serves', async (_, damage) => {
  const folder = await scratch();
  const checkpoints = await openCheckpoints(folder, TRAINING);
  await checkpoints.saveState(0, after(4));
  await checkpoints.saveState(0, after(5));
  const newest = join(folder, (await readdir(folder)).sort().at(-1)!);
  await writeFile(newest, damage(await readFile(newest)));
  expect((await checkpoints.lastState(0))?.state.epoch).toBe(4);
});

test('the end of a phase is found with its number; where it is damaged, the phase before it counts', async () => {
  const folder = await scratch();
  const checkpoints = await openCheckpoints(folder, TRAINING);
  expect(await checkpoints.lastEnd()).toBeNull();
  await checkpoints.saveEnd(0, { ...END, backbone: null });
  await checkpoints.saveEnd(1, END);
  expect(await checkpoints.lastEnd()).toEqual({ phase: 1, end: END });
  const newest = join(folder, (await readdir(folder)).sort().at(-1)!);
  await writeFile(newest, (await readFile(newest)).subarray(1));
  expect(await checkpoints.lastEnd()).toEqual({ phase: 0, end: { ...END, backbone: null } });
});

test('checkpoints of another training are not taken up, but removed', async () => {
  const folder = await scratch();
  await (await openCheckpoints(folder, OTHER)).saveState(0, after(1));
  const checkpoints = await openCheckpoints(folder, TRAINING);
  expect(await checkpoints.lastState(0)).toBeNull();
  expect(await readdir(folder)).toEqual([]);
});

test('a checkpoint that can not be written leaves the one before it', async () => {
  const folder = await scratch();
  const checkpoints = await openCheckpoints(folder, TRAINING);
  await checkpoints.saveState(0, after(1));
  const broken = after(2);
  Object.defineProperty(broken.state.weights.learnt, 'buffer', {
    get: () => {
      throw new Error('disk full');
    },
  });
  await expect(checkpoints.saveState(0, broken)).rejects.toThrow('disk full');
  expect(await readdir(folder)).toHaveLength(1);
  expect((await stat(folder)).isDirectory()).toBe(true);
  expect(await checkpoints.lastState(0)).toEqual(after(1));
});
