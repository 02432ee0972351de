// The scoring of `evaluate` on native TensorFlow against Keras's predict with the same network on the same TensorFlow:
// canonical images in memory in, softmax scores in memory out. The sides take turns.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { startEngine } from '../../node-trainer/engines/engine.ts';
import { createRandom } from '../../shared/dataset/random.ts';
import { joinClassifier } from '../../shared/model/classifier.ts';
import { compileNetwork } from '../../shared/model/compile.ts';
import { batchOfEngine, scoreImages } from '../../shared/model/infer.ts';
import { loadNetwork } from '../../shared/model/network.ts';
import { buildBackbone } from '../../shared/model/zoo.ts';
import { startKeras } from './keras.mjs';
import { addTimes, median, newTimes, repeat } from './times.mjs';

const CLASSES = 20;
/** Photos of a turn, and turns. */
const [PHOTOS, ROUNDS] = [64, 5];

/** @returns rows for the table: what, figure, unit, goal */
export async function benchEvaluate() {
  if (!existsSync(join(ROOT, '.native', 'done.json')))
    return [['evaluate: skipped, `npm run native` was not run', NaN, '']];
  const keras = await startKeras();
  const rows = [];
  try {
    for (const [width, size] of [
      [1, 224],
      [0.35, 96],
    ])
      rows.push(...(await compare(keras, width, size)));
  } finally {
    keras?.end();
  }
  return rows;
}

async function compare(keras, width, size) {
  await startEngine('tensorflow');
  const network = await networkOf(width, size);
  const random = createRandom(1);
  const images = Array.from({ length: PHOTOS }, () => ({
    width: size,
    height: size,
    data: Uint8Array.from({ length: size * size * 3 }, () => random.next() * 256),
  }));
  // Keras's own batch size of predict.
  const job = { task: 'predict', batch: 32, size, width, classes: CLASSES, repeat: PHOTOS / 32 };
  const times = { ours: newTimes(), keras: newTimes() };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const mine = await repeat(() => scoreImages(network, images), 1);
    const theirs = keras ? await keras.run(job) : newTimes();
    // The first round warms both up.
    if (round === 0) continue;
    addTimes(times.ours, mine);
    addTimes(times.keras, theirs);
  }
  network.dispose();
  const what = `scores of MobileNet V2 ${width} at ${size} px`;
  const rate = PHOTOS / median(times.ours.seconds);
  const rows = [[`${what}, tensorflow, batch ${batchOfEngine()}, preprocessing included`, rate, 'images/s']];
  if (!keras) return [...rows, [`${what}, Keras: skipped, no Python with Keras was found`, NaN, '']];
  const theirs = job.batch / median(times.keras.seconds);
  const byProcessor = ((median(times.keras.cpu) / job.batch) * PHOTOS) / median(times.ours.cpu);
  return [
    ...rows,
    [`the same, Keras's predict, batch ${job.batch}`, theirs, 'images/s'],
    ['ours : Keras', rate / theirs, '×', 'at least 0.9'],
    ['ours : Keras by processor time', byProcessor, '×'],
  ];
}

async function networkOf(width, size) {
  const backbone = buildBackbone({ name: 'mobilenet-v2', width, size, batchNorm: true });
  const dims = backbone.features;
  const kernel = Float32Array.from({ length: dims * CLASSES }, (_, i) => Math.sin(i) / 30);
  const head = { dims, classes: CLASSES, kernel, bias: new Float32Array(CLASSES) };
  const classifier = joinClassifier({ backbone, head });
  const { file, weights } = await compileNetwork(classifier, backbone.preprocessing);
  classifier.dispose();
  backbone.model.dispose();
  // The bytes come as a view; the network takes a buffer of its own.
  return loadNetwork(file, weights.slice().buffer);
}
