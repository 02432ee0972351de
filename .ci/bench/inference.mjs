// The compiled network against the network as trained and against onnxruntime-web: all three in one worker of a real
// Chromium, wasm with SIMD on one thread, taking turns, so that whatever else the machine does hits all alike.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright';
import { createServer } from 'vite';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { findChromium } from '../chromium.mjs';

/** @returns rows for the table: what, figure, unit, goal */
export async function benchInference() {
  const cacheDir = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: {
      entries: [],
      include: [
        '@tensorflow/tfjs-core',
        '@tensorflow/tfjs-layers',
        '@tensorflow/tfjs-backend-wasm',
        'onnxruntime-web/wasm',
        'protobufjs',
        'valibot',
      ],
    },
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const { port } = server.httpServer.address();
    await page.goto(`http://127.0.0.1:${port}/.ci/bench/inference.html`);
    return report(await page.evaluate(() => globalThis.measured));
  } finally {
    await browser.close();
    await server.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

/** Most that the compiled network may take, as a share of onnxruntime-web's time. */
const GOALS = { 'mobilenet-v2': 0.85, 'efficientnet-b0': 0.9, 'inception-v4': 1.25 };

function report({ error, networks }) {
  if (error) throw new Error(error);
  return networks.flatMap(({ name, size, batch, times, difference }) => {
    const net = `${name}, ${size} px, batch ${batch}`;
    const each = (form) => median(times[form]) / batch;
    const gain = name === 'mobilenet-v2' ? 'goal ≥ 1.8' : '';
    return [
      [`${net}: as trained (layers, batch-norm)`, each('trained'), 'ms/image'],
      [`${net}: compiled`, each('compiled'), 'ms/image'],
      [`${net}: onnxruntime-web, folded`, each('onnx'), 'ms/image'],
      ...ratios('as trained : compiled', times.trained, times.compiled, gain),
      ...ratios('compiled : onnxruntime-web', times.compiled, times.onnx, `goal ≤ ${GOALS[name]}`),
      ['largest difference of any score, in millionths', difference * 1e6, 'e-6', 'goal ≤ 10'],
    ];
  });
}

/** On a busy machine the least disturbed runs tell most; the median of neighbours in time shows the disturbance. */
function ratios(what, a, b, goal) {
  return [
    [`${what}, best runs`, Math.min(...a) / Math.min(...b), '×', goal],
    [`${what}, median of neighbours`, median(a.map((ms, i) => ms / b[i])), '×'],
  ];
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
