// Head-only training on cached features, in Node on the wasm engine: what a trainer without any native library does.
import { join } from 'node:path';

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { createRandom } from '../../shared/dataset/random.ts';
import { trainHead } from '../../shared/model/head.ts';

const DIMS = 1280;

/** @returns rows for the table: what, figure, unit */
export async function benchTraining() {
  setWasmPaths(`${join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);
  await setBackend('wasm');
  await ready();
  return [
    ['head only, 1280 features, 20 classes, batch 64, wasm', await imagesPerSecond(4000, 20, 64), 'images/s'],
    [
      'head only, 1280 features, 1000 classes, batch 256, wasm',
      await imagesPerSecond(2048, 1000, 256),
      'images/s',
    ],
  ];
}

async function imagesPerSecond(rows, classes, batchSize) {
  const random = createRandom(1);
  const features = Float32Array.from({ length: rows * DIMS }, random.next);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const train = (epochs) =>
    trainHead({
      features,
      labels,
      classes,
      validation: null,
      options: { epochs, batchSize, patience: epochs },
    });
  await train(1);
  const epochs = 4;
  const start = performance.now();
  await train(epochs);
  return (rows * epochs * 1000) / (performance.now() - start);
}
