// One training step of MobileNet V2 0.35 at 96 px, batch-norm by the batch: TensorFlow through us against Keras on the
// same TensorFlow, and wasm against plain JavaScript. The sides take turns; a step of ours is the one `train` takes.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { tensor4d } from '@tensorflow/tfjs-core';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { startEngine } from '../../node-trainer/engines/engine.ts';
import { createRandom } from '../../shared/dataset/random.ts';
import { prepareTrainingKernels } from '../../shared/model/kernels/register.ts';
import { followStatistics } from '../../shared/model/learn/moving-statistics.ts';
import { createOptimizer } from '../../shared/model/learn/optimizer.ts';
import { learnBatch } from '../../shared/model/learn/step.ts';
import { openTrainee } from '../../shared/model/learn/trainee.ts';
import { buildBackbone } from '../../shared/model/zoo.ts';
import { startKeras } from './keras.mjs';
import { addTimes, median, newTimes, repeat } from './times.mjs';

const [SIZE, WIDTH, CLASSES] = [96, 0.35, 20];
const ROUNDS = 5;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchTrainingStep() {
  return [...(await againstKeras(32)), ...(await wasmAgainstCpu(8))];
}

async function againstKeras(batch) {
  const what = `training step, MobileNet V2 0.35, 96 px, batch ${batch}`;
  if (!existsSync(join(ROOT, '.native', 'done.json'))) return skipped(what, '`npm run native` was not run');
  const keras = await startKeras();
  const ours = await openStep('tensorflow', batch);
  const job = { task: 'train', batch, size: SIZE, width: WIDTH, classes: CLASSES, repeat: 4 };
  const times = { ours: newTimes(), keras: newTimes() };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const mine = await repeat(ours.step, job.repeat);
      const theirs = keras ? await keras.run(job) : newTimes();
      // The first round warms both up.
      if (round === 0) continue;
      addTimes(times.ours, mine);
      addTimes(times.keras, theirs);
    }
  } finally {
    ours.end();
    keras?.end();
  }
  const rate = batch / median(times.ours.seconds);
  const rows = [[`${what}, tensorflow`, rate, 'images/s']];
  if (!keras) return [...rows, ...skipped(`${what}, Keras`, 'no Python with Keras was found')];
  const theirs = batch / median(times.keras.seconds);
  const { keras: version, tensorflow } = keras.versions;
  return [
    ...rows,
    [`the same, Keras ${version} on TensorFlow ${tensorflow}`, theirs, 'images/s'],
    ['ours : Keras', rate / theirs, '×', 'at least 0.6, goal 1.0'],
    ['ours : Keras by processor time', median(times.keras.cpu) / median(times.ours.cpu), '×'],
  ];
}

async function wasmAgainstCpu(batch) {
  const times = {};
  for (const engine of ['wasm', 'cpu']) {
    const { step, end } = await openStep(engine, batch);
    await step();
    // A step in plain JavaScript takes most of a minute.
    times[engine] = (await repeat(step, engine === 'cpu' ? 1 : 8)).cpu;
    end();
  }
  const [wasm, cpu] = [batch / median(times.wasm), batch / median(times.cpu)];
  return [
    [`training step, batch ${batch}, wasm, by processor time`, wasm, 'images/s'],
    [`the same, plain JavaScript`, cpu, 'images/s'],
    ['wasm : plain JavaScript', wasm / cpu, '×', 'at least 15'],
  ];
}

/** A network that learns on an engine, with a batch in memory. */
async function openStep(engine, batch) {
  await startEngine(engine);
  prepareTrainingKernels();
  const backbone = buildBackbone({ name: 'mobilenet-v2', width: WIDTH, size: SIZE, batchNorm: true });
  const dims = backbone.features;
  const random = createRandom(1);
  const kernel = Float32Array.from({ length: dims * CLASSES }, () => (random.next() - 0.5) / 10);
  const trainee = openTrainee(backbone.model, {
    dims,
    classes: CLASSES,
    kernel,
    bias: new Float32Array(CLASSES),
  });
  const optimizer = createOptimizer(trainee.groups, { kind: 'adamw', weightDecay: 0 });
  const moving = followStatistics(trainee.norms);
  const images = Float32Array.from({ length: batch * SIZE * SIZE * 3 }, () => random.next() * 2 - 1);
  const labels = Int32Array.from({ length: batch }, (_, i) => i % CLASSES);
  const targets = { classes: CLASSES, labelSmoothing: 0, weights: null };
  const options = { norm: 'batch', dropout: 0, mixup: 0, targets };
  return {
    step: async () => {
      const input = tensor4d(images, [batch, SIZE, SIZE, 3]);
      await learnBatch({ trainee, optimizer, moving }, { input, labels }, options, {
        rate: 1e-3,
        momentum: null,
        random,
      });
      input.dispose();
    },
    end: () => {
      optimizer.dispose();
      moving.dispose();
      trainee.dispose();
      backbone.model.dispose();
    },
  };
}

function skipped(what, why) {
  return [[`${what}: skipped, ${why}`, NaN, '']];
}
