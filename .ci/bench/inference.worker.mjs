// Runs in a worker of the browser: builds the network with random weights, checks that all three agree, then times.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend, tensor, tensor4d, tidy } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web/wasm';

import { joinClassifier } from '../../shared/model/classifier.ts';
import { compileNetwork } from '../../shared/model/compile.ts';
import { loadNetwork } from '../../shared/model/network.ts';
import { buildBackbone } from '../../shared/model/zoo.ts';
import { writeOnnx } from './onnx.mjs';

const [BATCH, SIZE, CLASSES, ROUNDS] = [8, 224, 20, 21];
const MODULES = `${location.origin}/node_modules`;

try {
  postMessage(await measure());
} catch (error) {
  postMessage({ error: String(error?.stack ?? error) });
}

async function measure() {
  setWasmPaths(`${MODULES}/@tensorflow/tfjs-backend-wasm/dist/`);
  await setBackend('wasm');
  await ready();
  const trained = classifier();
  const { file, weights } = await compileNetwork(trained, {
    size: SIZE,
    range: [-1, 1],
    resize: 'letterbox',
  });
  const compiled = loadNetwork(file, weights.buffer);
  const session = await onnxSession(file, weights);

  const numbers = Float32Array.from({ length: BATCH * SIZE * SIZE * 3 }, (_, i) => Math.sin(i * 0.7));
  const input = tensor4d(numbers, [BATCH, SIZE, SIZE, 3]);
  const planar = new ort.Tensor('float32', toPlanar(numbers), [BATCH, 3, SIZE, SIZE]);
  const runs = {
    trained: () => read(trained.predict(input)),
    compiled: () => read(compiled.predict(input)),
    onnx: async () => (await session.run({ input: planar })).output.data,
  };
  const answers = [await runs.trained(), await runs.compiled(), await runs.onnx()];
  const difference = Math.max(...answers.slice(1).map((a) => largestDifference(a, answers[0])));
  return { batch: BATCH, difference, times: await takeTurns(runs) };
}

async function takeTurns(runs) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      await run();
      times[name].push(performance.now() - start);
    }
  }
  return times;
}

function classifier() {
  const backbone = buildBackbone({ name: 'mobilenet-v2', width: 1, size: SIZE, batchNorm: true });
  const kernel = Float32Array.from({ length: backbone.features * CLASSES }, (_, i) => 0.05 * Math.sin(i));
  const head = { dims: backbone.features, classes: CLASSES, kernel, bias: new Float32Array(CLASSES) };
  tidy(() => {
    for (const weight of backbone.model.weights) {
      if (!/moving_mean|beta/.test(weight.originalName)) continue;
      const values = Float32Array.from({ length: weight.shape[0] }, (_, i) => 0.2 * Math.sin(3 * i));
      weight.write(tensor(values));
    }
  });
  return joinClassifier({ backbone, head });
}

async function onnxSession(file, weights) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: `${MODULES}/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm` };
  return ort.InferenceSession.create(writeOnnx(file, weights), { graphOptimizationLevel: 'all' });
}

async function read(output) {
  const data = await output.data();
  output.dispose();
  return data;
}

/** [n, h, w, c] → [n, c, h, w] */
function toPlanar(numbers) {
  const area = SIZE * SIZE;
  return numbers.map((_, i) => {
    const [image, rest] = [Math.floor(i / (3 * area)), i % (3 * area)];
    return numbers[image * 3 * area + (rest % area) * 3 + Math.floor(rest / area)];
  });
}

function largestDifference(a, b) {
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);
}
