// Runs in a worker of the browser: builds the network with random weights, checks that all three agree, then times.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend, slice, tensor4d } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web/wasm';

import { joinClassifier } from '../../shared/model/classifier.ts';
import { compileNetwork } from '../../shared/model/compile.ts';
import { loadNetwork } from '../../shared/model/network.ts';
import { buildBackbone } from '../../shared/model/zoo.ts';
import { settle } from '../../shared/testing/models.ts';
import { writeOnnx } from './onnx.mjs';

const NETWORKS = [
  { name: 'mobilenet-v2', size: 224, batch: 8, rounds: 21 },
  { name: 'efficientnet-b0', size: 224, batch: 8, rounds: 11 },
  { name: 'inception-v4', size: 299, batch: 2, rounds: 5 },
];
const CLASSES = 20;
const MODULES = `${location.origin}/node_modules`;

try {
  setWasmPaths(`${MODULES}/@tensorflow/tfjs-backend-wasm/dist/`);
  await setBackend('wasm');
  await ready();
  const networks = [];
  for (const network of NETWORKS) networks.push({ ...network, ...(await measure(network)) });
  postMessage({ networks });
} catch (error) {
  postMessage({ error: String(error?.stack ?? error) });
}

async function measure({ name, size, batch, rounds }) {
  const numbers = Float32Array.from({ length: batch * size * size * 3 }, (_, i) => Math.sin(i * 0.7));
  const input = tensor4d(numbers, [batch, size, size, 3]);
  const trained = classifier(name, input);
  const { file, weights } = await compileNetwork(trained, { size, range: [-1, 1], resize: 'letterbox' });
  const compiled = loadNetwork(file, weights.buffer);
  const session = await onnxSession(file, weights);
  const planar = new ort.Tensor('float32', toPlanar(numbers, size), [batch, 3, size, size]);
  const runs = {
    trained: () => read(trained.predict(input)),
    compiled: () => read(compiled.predict(input)),
    onnx: async () => (await session.run({ input: planar })).output.data,
  };
  const answers = [await runs.trained(), await runs.compiled(), await runs.onnx()];
  const difference = Math.max(...answers.slice(1).map((a) => largestDifference(a, answers[0])));
  const times = await takeTurns(runs, rounds);
  await session.release();
  for (const owner of [trained, compiled, input]) owner.dispose();
  return { difference, times };
}

async function takeTurns(runs, rounds) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      await run();
      times[name].push(performance.now() - start);
    }
  }
  return times;
}

/** Random weights, but of the size that training would give them for these images, so that no score is lost in rounding. */
function classifier(name, input) {
  const backbone = buildBackbone({ name, width: 1, size: input.shape[1], batchNorm: true });
  const images = slice(input, 0, 2);
  settle(backbone.model, images);
  images.dispose();
  const kernel = Float32Array.from({ length: backbone.features * CLASSES }, (_, i) => 0.05 * Math.sin(i));
  const head = { dims: backbone.features, classes: CLASSES, kernel, bias: new Float32Array(CLASSES) };
  const joined = joinClassifier({ backbone, head });
  backbone.model.dispose();
  return joined;
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
function toPlanar(numbers, size) {
  const area = size * size;
  return numbers.map((_, i) => {
    const [image, rest] = [Math.floor(i / (3 * area)), i % (3 * area)];
    return numbers[image * 3 * area + (rest % area) * 3 + Math.floor(rest / area)];
  });
}

function largestDifference(a, b) {
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);
}
