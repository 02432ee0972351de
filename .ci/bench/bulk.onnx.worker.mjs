// The same job the plain way with onnxruntime-web: read, decode, letterbox on a canvas, infer in batches of 8, store each
// batch, with identity and thumbnail. While one batch is in the network, the next is decoded.
import { openDB } from 'idb';
import * as ort from 'onnxruntime-web/wasm';

import { letterboxRect } from '../../shared/image/canonical.ts';
import { writeOnnx } from './onnx.mjs';

const [SIZE, CANONICAL, THUMB, BATCH, KEPT] = [224, 299, 192, 8, 5];
let session = null;

onmessage = async ({ data: { kind, ...question } }) => {
  try {
    postMessage({ answer: await { load, job }[kind](question) });
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};

async function load({ file, weights }) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = {
    wasm: `${location.origin}/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm`,
  };
  session = await ort.InferenceSession.create(writeOnnx(file, weights), { graphOptimizationLevel: 'all' });
  await infer(Array.from({ length: BATCH }, () => ({ input: new Float32Array(SIZE * SIZE * 3) })));
}

async function job({ files }) {
  const db = await openDB('bench-onnx', 1, { upgrade: (opened) => opened.createObjectStore('items') });
  let next = prepareBatch(files, 0);
  for (let at = 0; at < files.length; at += BATCH) {
    const batch = await next;
    if (at + BATCH < files.length) next = prepareBatch(files, at + BATCH);
    const scores = await infer(batch);
    const tx = db.transaction('items', 'readwrite', { durability: 'strict' });
    batch.forEach(
      ({ sha256, thumb }, i) => void tx.store.put({ sha256, thumb, top: best(scores, i) }, at + i),
    );
    await tx.done;
  }
  await db.clear('items');
  db.close();
}

function prepareBatch(files, at) {
  return Promise.all(files.slice(at, at + BATCH).map(prepare));
}

async function prepare(file) {
  const bytes = await file.arrayBuffer();
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const rect = letterboxRect(bitmap.width, bitmap.height, CANONICAL);
  const square = context(CANONICAL, CANONICAL);
  square.drawImage(bitmap, rect.left, rect.top, rect.width, rect.height);
  const small = context(SIZE, SIZE);
  small.drawImage(square.canvas, 0, 0, SIZE, SIZE);
  const scale = THUMB / Math.max(bitmap.width, bitmap.height);
  const picture = context(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  picture.drawImage(bitmap, 0, 0, picture.canvas.width, picture.canvas.height);
  bitmap.close();
  const blob = await picture.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  const sha256 = await crypto.subtle.digest('SHA-256', bytes);
  return {
    input: planar(small.getImageData(0, 0, SIZE, SIZE).data),
    sha256,
    thumb: await blob.arrayBuffer(),
  };
}

function context(width, height) {
  return new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
}

/** RGBA → planes of −1 … 1. */
function planar(data) {
  const area = SIZE * SIZE;
  const out = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) for (let c = 0; c < 3; c++) out[c * area + i] = data[4 * i + c] / 127.5 - 1;
  return out;
}

async function infer(batch) {
  const length = SIZE * SIZE * 3;
  const input = new Float32Array(batch.length * length);
  batch.forEach((one, i) => input.set(one.input, i * length));
  const tensor = new ort.Tensor('float32', input, [batch.length, 3, SIZE, SIZE]);
  const { output } = await session.run({ input: tensor });
  return { data: output.data, classes: output.dims[1] };
}

function best({ data, classes }, row) {
  const scores = data.slice(row * classes, (row + 1) * classes);
  return [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, KEPT);
}
