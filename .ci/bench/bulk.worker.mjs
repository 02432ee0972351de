// The bare loop of the model: MobileNet V2 at 224 px with random weights, inputs ready, batches of 8.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, ready, setBackend, slice, tensor4d } from '@tensorflow/tfjs-core';

import { joinClassifier } from '../../shared/model/classifier.ts';
import { compileNetwork } from '../../shared/model/compile.ts';
import { loadNetwork } from '../../shared/model/network.ts';
import { buildBackbone } from '../../shared/model/zoo.ts';
import { settle } from '../../shared/testing/models.ts';

const [SIZE, BATCH, CLASSES] = [224, 8, 20];
const numbers = Float32Array.from({ length: BATCH * SIZE * SIZE * 3 }, (_, i) => Math.sin(i * 0.7));
let loaded = null;

onmessage = async ({ data: { kind, ...question } }) => {
  try {
    await start();
    postMessage({ answer: await { network, load, bare }[kind](question) });
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};

async function start() {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(`${location.origin}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  await setBackend('wasm');
  await ready();
}

async function network() {
  const input = tensor4d(numbers, [BATCH, SIZE, SIZE, 3]);
  const backbone = buildBackbone({ name: 'mobilenet-v2', width: 1, size: SIZE, batchNorm: true });
  const images = slice(input, 0, 2);
  settle(backbone.model, images);
  const kernel = Float32Array.from({ length: backbone.features * CLASSES }, (_, i) => 0.05 * Math.sin(i));
  const head = { dims: backbone.features, classes: CLASSES, kernel, bias: new Float32Array(CLASSES) };
  const trained = joinClassifier({ backbone, head });
  const { file, weights } = await compileNetwork(trained, {
    size: SIZE,
    range: [-1, 1],
    resize: 'letterbox',
  });
  for (const owner of [images, trained, input]) owner.dispose();
  backbone.model.dispose();
  return { file, weights };
}

async function load({ file, weights }) {
  const bytes = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength);
  loaded = loadNetwork(file, bytes);
  await bare({ count: BATCH });
}

async function bare({ count }) {
  const input = tensor4d(numbers, [BATCH, SIZE, SIZE, 3]);
  for (let at = 0; at < count; at += BATCH) {
    const output = loaded.predict(input);
    await output.data();
    output.dispose();
  }
  input.dispose();
}
