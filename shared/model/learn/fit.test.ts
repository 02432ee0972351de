import { tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

import { backboneSource, hasBackbones } from '../../testing/backbones.ts';
import { leftBehind, useEngine } from '../../testing/engines.ts';
import {
  disturbBatchNorm,
  randomHead,
  randomNumbers,
  TINY_FEATURES,
  tinyNetwork,
} from '../../testing/models.ts';
import { splitBackbone } from '../classifier.ts';
import { prepareTrainingKernels } from '../kernels/register.ts';
import { loadBackbone } from '../transfer.ts';
import { fit, type FitJob, type FitOptions, type TrainingState } from './fit.ts';
import type { PhotoStream } from './photos.ts';
import { findRate } from './lr-finder.ts';
import { openTrainee, type Trainee } from './trainee.ts';

beforeAll(() => useEngine('cpu'));

const SHAPE = [6, 6, 3];
const OPTIONS: FitOptions = {
  epochs: 4,
  batchSize: 4,
  learningRate: 0.01,
  schedule: { kind: 'constant' },
  optimizer: { kind: 'adamw', weightDecay: 0.01 },
  norm: 'fixed',
  labelSmoothing: 0,
  dropout: 0,
  mixup: 0,
  classWeights: false,
  patience: 10,
  seed: 1,
};

/** Random photos; the class is told by their brightness. */
function photos(rows: number, seed: number, shape: readonly number[] = SHAPE): PhotoStream {
  const size = shape.reduce((a, b) => a * b, 1);
  const numbers = randomNumbers(rows * size, seed);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
  for (let i = 0; i < numbers.length; i += 1) {
    if (Math.floor(i / size) % 2 === 1) numbers[i] = (numbers[i] ?? 0) + 1.5;
  }
  return {
    labels,
    nameOf: (row) => `photo ${row}`,
    batches: async function* (_epoch, plan) {
      for (const wanted of plan) {
        await Promise.resolve();
        const parts = wanted.flatMap((row) => [...numbers.subarray(row * size, (row + 1) * size)]);
        yield { rows: wanted, input: tensor(parts, [wanted.length, ...shape]) };
      }
    },
  };
}

async function withPart<T>(
  work: (job: Omit<FitJob, 'options' | 'judgeStart'>, body: LayersModel) => Promise<T>,
): Promise<T> {
  const body = tinyNetwork();
  disturbBatchNorm(body);
  const trainee = openTrainee(body, randomHead(TINY_FEATURES, 2));
  try {
    return await work({ trainee, training: photos(18, 1), validation: photos(6, 2) }, body);
  } finally {
    trainee.dispose();
    body.dispose();
  }
}

const numbersOf = async (model: LayersModel): Promise<Map<string, Float32Array>> =>
  new Map(
    await Promise.all(
      model.weights.map(async (w) => [w.originalName, Float32Array.from(await w.read().data())] as const),
    ),
  );
const headOf = async (trainee: Trainee): Promise<number[]> => [...(await trainee.head()).kernel];

describe('fitting', () => {
  test.each(['fixed', 'batch'] as const)('lowers the loss with batch-norm %s', async (norm) => {
    await withPart(async (job, body) => {
      const before = await numbersOf(body);
      const { history, bestEpoch } = await fit({ ...job, options: { ...OPTIONS, norm }, judgeStart: true });
      expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
      expect(bestEpoch).toBeGreaterThan(0);
      const after = await numbersOf(body);
      for (const [name, values] of before) {
        // Fixed statistics are the same, bit for bit; those of batches have moved (design §2.8).
        const still = name.includes('moving') && norm === 'fixed';
        if (still) expect(after.get(name), name).toEqual(values);
        else expect(after.get(name), name).not.toEqual(values);
      }
    });
  });

  test.each<[string, Partial<FitOptions>]>([
    ['plain', {}],
    [
      'batch statistics, dropout, mixup, smoothing',
      { norm: 'batch', dropout: 0.3, mixup: 0.4, labelSmoothing: 0.1 },
    ],
    [
      'one cycle with cycled momentum',
      { schedule: { kind: 'one-cycle', rise: 0.3, div: 25, finalDiv: 1e5 } },
    ],
    ['sgd with class weights', { optimizer: { kind: 'sgd', weightDecay: 0.01 }, classWeights: true }],
  ])('%s: cut at any epoch and resumed, it ends with the very same weights', async (_, more) => {
    const options = { ...OPTIONS, ...more };
    const states: TrainingState[] = [];
    const keep = (state: TrainingState): Promise<void> => {
      states.push(state);
      return Promise.resolve();
    };
    const unbroken = await withPart(async (job, body) => {
      await fit({ ...job, options, judgeStart: false, onEpoch: keep });
      return [await numbersOf(body), await headOf(job.trainee)];
    });
    for (const state of states.slice(0, -1)) {
      const resumed = await withPart(async (job, body) => {
        await fit({ ...job, options, judgeStart: false, state });
        return [await numbersOf(body), await headOf(job.trainee)];
      });
      expect(resumed, `after epoch ${state.epoch}`).toEqual(unbroken);
    }
  });

  test('keeps the best epoch by validation loss, also where that is the start', async () => {
    await withPart(async (job, body) => {
      const before = await numbersOf(body);
      const options = { ...OPTIONS, learningRate: 3, patience: 2 };
      const { bestEpoch, history } = await fit({ ...job, options, judgeStart: true });
      expect([bestEpoch, history.length]).toEqual([0, 2]);
      expect(await numbersOf(body)).toEqual(before);
    });
  });

  test('a loss that is no number stops it, with the epoch, the batch and its photos named', async () => {
    await withPart(async (job) => {
      const states: number[] = [];
      const options = { ...OPTIONS, optimizer: { kind: 'sgd', weightDecay: 0 } as const, learningRate: 1e38 };
      const failed = fit({
        ...job,
        options,
        judgeStart: false,
        onEpoch: ({ epoch }) => Promise.resolve(void states.push(epoch)),
      });
      await expect(failed).rejects.toThrow(
        /no number any more in epoch 1, batch [2-5] of 5.*photo \d+, photo \d+/s,
      );
      expect(states).toEqual([]);
    });
  });

  test('can be stopped, and leaves no tensor behind in any case', async () => {
    await withPart(async (job) => {
      expect(
        await leftBehind(() => fit({ ...job, options: { ...OPTIONS, epochs: 1 }, judgeStart: true })),
      ).toBe(0);
      const signal = { aborted: true };
      const stopped = (): unknown =>
        expect(fit({ ...job, options: OPTIONS, judgeStart: false, signal })).rejects.toThrow('cancelled');
      expect(await leftBehind(stopped)).toBe(0);
      const options = { ...OPTIONS, learningRate: 1e38, optimizer: { kind: 'sgd', weightDecay: 0 } as const };
      const failed = (): unknown =>
        expect(fit({ ...job, options, judgeStart: false })).rejects.toThrow('no number');
      expect(await leftBehind(failed)).toBe(0);
    });
  });

  test('features alone can be learnt from: a body is not needed', async () => {
    const trainee = openTrainee(null, randomHead(5, 2));
    const job = { trainee, training: photos(20, 1, [5]), validation: photos(8, 2, [5]) };
    const { history } = await fit({
      ...job,
      options: { ...OPTIONS, epochs: 20, learningRate: 0.1 },
      judgeStart: true,
    });
    expect(history.at(-1)!.validationAccuracy).toBe(1);
    trainee.dispose();
  });
});

describe('looking for a learning rate', () => {
  test('tries rates up to where the loss explodes, suggests one below that, and leaves the weights as they were', async () => {
    await withPart(async (job, body) => {
      const [before, head] = [await numbersOf(body), await headOf(job.trainee)];
      const search = { low: 1e-6, high: 10, steps: 40 };
      const curve = await findRate({ ...job, options: OPTIONS }, search);
      expect(curve.points.length).toBeGreaterThan(10);
      const lowest = curve.points.reduce((a, b) => (b.loss < a.loss ? b : a));
      expect(curve.valley).toBeGreaterThan(1e-6);
      expect(curve.valley).toBeLessThan(lowest.rate);
      expect(await numbersOf(body)).toEqual(before);
      expect(await headOf(job.trainee)).toEqual(head);
      const again = await findRate({ ...job, options: OPTIONS }, search);
      expect(again).toEqual(curve);
    });
  });
});

describe('discriminative rates', () => {
  test('rise in equal ratios from the input to the head', () => {
    const body = tinyNetwork();
    const { groups, dispose } = openTrainee(body, randomHead(TINY_FEATURES, 2), { groups: 3, lowest: 0.01 });
    expect([...new Set(groups.map((g) => Number(g.rate.toFixed(6))))]).toEqual([0.01, 0.1, 1]);
    expect(groups.filter((g) => !g.decay).every((g) => g.variables.every((v) => v.rank === 1))).toBe(true);
    dispose();
    body.dispose();
  });
});

describe.runIf(hasBackbones)(
  'a real backbone with its batch-norm layers (skipped where it is absent)',
  () => {
    test('the frozen part and every fixed statistic stay bit-identical while the final block learns', async () => {
      await useEngine('wasm');
      prepareTrainingKernels();
      const backbone = await loadBackbone(backboneSource('mobilenet-v1-0.75-224'));
      const before = await numbersOf(backbone.model);
      const { bottom, top, boundary } = splitBackbone(backbone, 1);
      const frozen = await numbersOf(bottom);
      const trainee = openTrainee(top, randomHead(backbone.features, 2));
      const job = { trainee, training: photos(4, 1, boundary), validation: null };
      const { history } = await fit({
        ...job,
        options: { ...OPTIONS, epochs: 1, batchSize: 2 },
        judgeStart: false,
      });
      expect(history).toHaveLength(1);
      expect(await numbersOf(bottom)).toEqual(frozen);
      const after = await numbersOf(top);
      const changed = [...after].filter(([name, values]) => !sameNumbers(values, before.get(name)!));
      expect([...after.keys()].filter((name) => name.includes('moving'))).toHaveLength(4);
      expect(changed.length).toBe(top.trainableWeights.length);
      expect(changed.some(([name]) => name.includes('moving'))).toBe(false);
      trainee.dispose();
      bottom.dispose();
      top.dispose();
      backbone.model.dispose();
    });
  },
);

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
