// Runs in a worker of the browser: the map as the app makes it, and all its windows run one by one, in turns.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';

import { evidenceOf } from '../../shared/explain/evidence.ts';
import { explain } from '../../shared/explain/explain.ts';
import { gridOn, windowAt } from '../../shared/explain/grid.ts';
import { heatOfAll } from '../../shared/explain/heat.ts';
import { coveredInput, uncovered } from '../../shared/model/covered-input.ts';
import { loadNetwork } from '../../shared/model/network.ts';

/** As the app does it on this engine. */
const AT_ONCE = 4;
const ROUNDS = 3;

self.onmessage = async ({ data: { data } }) => {
  try {
    setWasmPaths(`${location.origin}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
    await setBackend('wasm');
    await ready();
    const { file, photos } = await (await fetch(`${data}/bench.json`)).json();
    const network = loadNetwork(file, await (await fetch(`${data}/weights.bin`)).arrayBuffer());
    const measured = [];
    for (const photo of photos) measured.push(await measure(network, pixelsOf(photo)));
    postMessage({ photos: measured });
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};

function pixelsOf({ width, height, base64 }) {
  return { width, height, data: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) };
}

async function measure(network, canonical) {
  const image = uncovered(canonical);
  const [first] = await rowsOf(network, image, [[]]);
  const index = first.indexOf(Math.max(...first));
  const ask = async (covers) =>
    (await rowsOf(network, image, covers)).map((scores) => evidenceOf(scores, index));
  const times = { map: [], each: [] };
  let [map, all, runs] = [null, null, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const progress = (_, total) => (runs = total);
    const tools = {
      picture: image.picture,
      ask,
      atOnce: AT_ONCE,
      progress,
      signal: new AbortController().signal,
    };
    times.map.push(await timed(async () => ({ map } = await explain(tools))));
    times.each.push(await timed(async () => (all = await oneByOne(ask, image.picture))));
  }
  return { times, runs, windows: all.heat.length, correlation: rankCorrelation(map.heat, all.heat) };
}

/** The window of every cell of the map, each in a run of its own. */
async function oneByOne(ask, picture) {
  const grid = gridOn(picture);
  const [plain] = await ask([[]]);
  const drops = new Float32Array(grid.columns * grid.rows);
  for (let cell = 0; cell < drops.length; cell++) {
    const window = windowAt(grid, cell % grid.columns, Math.floor(cell / grid.columns));
    const [evidence] = await ask([[window]]);
    drops[cell] = plain.odds - evidence.odds;
  }
  return heatOfAll(grid, drops);
}

async function rowsOf(network, image, covers) {
  const input = coveredInput({ ...image, covers }, network.preprocessing);
  const output = network.predict(input);
  const scores = await output.data();
  input.dispose();
  output.dispose();
  return covers.map((_, i) => scores.slice(i * network.classes, (i + 1) * network.classes));
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Spearman's. */
function rankCorrelation(a, b) {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  const product = (u, v) => u.reduce((sum, value, i) => sum + (value - mean) * (v[i] - mean), 0);
  return product(x, y) / product(x, x);
}

function ranks(values) {
  const order = Array.from(values.keys()).sort((i, j) => values[i] - values[j]);
  const rank = new Array(values.length);
  order.forEach((cell, place) => (rank[cell] = place));
  return rank;
}
