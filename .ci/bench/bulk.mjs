// Identification of many pictures in a real Chromium, whole jobs as the app does them (read, decode, canonicalise, infer,
// store), beside the bare loop of the model and beside the same job with onnxruntime-web. All of them in one browser,
// taking turns. Then the memory of all processes of the browser, from the thousandth to the twenty-thousandth picture.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import sharp from 'sharp';
import { createServer } from 'vite';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { browserMemory, openBrowser } from './app.mjs';

const ROUNDS = Number(process.env.BULK_ROUNDS ?? 5);
/** Pictures of each job that is timed. */
const TIMED = Number(process.env.BULK_PICTURES ?? 192);
const [FEW, MANY] = [1_000, Number(process.env.BULK_MANY ?? 20_000)];
/** Different pictures of one megapixel; the jobs go through them in turns. */
const PICTURES = 24;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchBulk() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const server = await serve(join(folder, 'cache'));
  try {
    const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, i) => picture(i)));
    const url = `http://127.0.0.1:${server.httpServer.address().port}/.ci/bench/bulk.html`;
    return [
      ...(await speed(join(folder, 'speed'), url, pictures)),
      ...(await memory(join(folder, 'memory'), url, pictures)),
    ];
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export function serve(cacheDir) {
  return createServer({
    configFile: false,
    root: ROOT,
    cacheDir,
    logLevel: 'error',
    plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
    worker: { format: 'es' },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: {
      entries: [],
      include: [
        '@tensorflow/tfjs-core',
        '@tensorflow/tfjs-layers',
        '@tensorflow/tfjs-backend-cpu',
        '@tensorflow/tfjs-backend-wasm',
        '@tensorflow/tfjs-backend-webgl',
        '@tensorflow/tfjs-backend-webgpu',
        'onnxruntime-web/wasm',
        'protobufjs',
        'comlink',
        'idb',
        'jszip',
        'valibot',
        'file-selector',
        'svelte',
      ],
    },
  }).then((server) => server.listen());
}

/** 1152 × 864 with structure and grain, as a phone's small setting makes them: about 200 kB. */
export async function picture(i) {
  const noise = { type: 'gaussian', mean: 70 + i * 4, sigma: 40 };
  const rough = await sharp({ create: { width: 96, height: 72, channels: 3, background: '#000', noise } })
    .png()
    .toBuffer();
  const grain = await sharp({
    create: {
      width: 1152,
      height: 864,
      channels: 3,
      background: '#000',
      noise: { ...noise, sigma: 14, mean: 128 },
    },
  })
    .png()
    .toBuffer();
  const jpeg = await sharp(rough)
    .resize(1152, 864, { kernel: 'cubic' })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer();
  return jpeg.toString('base64');
}

async function speed(profile, url, pictures) {
  const best = {};
  const shares = {};
  await withPage(profile, url, pictures, async (page) => {
    for (let round = 0; round < ROUNDS; round++) {
      const rates = {};
      for (const way of ['bareOne', 'jobOne', 'onnx', 'bareTwo', 'jobTwo'])
        rates[way] = await page.evaluate(([w, n]) => globalThis.bench.run(w, n), [way, TIMED]);
      for (const [way, rate] of Object.entries(rates)) best[way] = Math.max(best[way] ?? 0, rate);
      for (const [what, share] of Object.entries(sharesOf(rates))) (shares[what] ??= []).push(share);
      if (process.env.BULK_VERBOSE) console.log(round, rates);
    }
  });
  const of = sharesOf(best);
  return [
    ['bare model loop, one worker', best.bareOne, 'images/s'],
    ['bare model loop, two workers: the ceiling of two', best.bareTwo, 'images/s'],
    ['whole job, one worker', best.jobOne, 'images/s'],
    ['whole job, two workers', best.jobTwo, 'images/s'],
    ['whole job with onnxruntime-web, one worker', best.onnx, 'images/s'],
    ['one worker : bare loop, best runs', of.one, '×', '≥ 0.8'],
    ['one worker : bare loop, median of neighbours', median(shares.one), '×'],
    ['two workers : bare loop, best runs', of.two, '×', '≥ 1.6'],
    ['two workers : bare loop, median of neighbours', median(shares.two), '×'],
    ['two bare loops : one, best runs', of.ceiling, '×'],
    ['one worker : onnxruntime-web, best runs', of.onnx, '×', '> 1'],
    ['one worker : onnxruntime-web, median of neighbours', median(shares.onnx), '×'],
  ];
}

function sharesOf({ bareOne, bareTwo, jobOne, jobTwo, onnx }) {
  return { one: jobOne / bareOne, two: jobTwo / bareOne, ceiling: bareTwo / bareOne, onnx: jobOne / onnx };
}

/** A tiny network: it is the pictures that may pile up. One job: around its thousandth picture, and around its last. */
async function memory(profile, url, pictures) {
  const samples = [];
  await withPage(profile, url, pictures, async (page) => {
    const base = browserMemory(profile);
    let over = false;
    const work = page.evaluate((n) => globalThis.bench.many(n), MANY).finally(() => (over = true));
    while (!over) {
      const done = await page.evaluate(() => globalThis.bench.done());
      samples.push({ done, above: browserMemory(profile) - base });
      await new Promise((again) => setTimeout(again, 250));
    }
    await work;
  });
  const mean = (from, to) => {
    const those = samples.filter(({ done }) => done >= from && done <= to).map(({ above }) => above);
    return those.reduce((sum, above) => sum + above, 0) / those.length;
  };
  const [early, late] = [mean(FEW, 2 * FEW), mean(MANY - FEW, MANY)];
  return [
    [`memory above base, from ${FEW} images on`, early, 'MB'],
    [`memory above base, up to ${MANY} images`, late, 'MB'],
    ['more than for the first thousand', late - early, 'MB', '≤ 50'],
    ['largest of all', Math.max(...samples.map(({ above }) => above)), 'MB'],
  ];
}

export async function withPage(profile, url, pictures, work) {
  const browser = await openBrowser(profile);
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.on('pageerror', (error) => console.error(error));
    page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
    page.setDefaultTimeout(0);
    await page.goto(url);
    await page.waitForFunction(() => globalThis.bench !== undefined, null, { timeout: 120_000 });
    for (const one of pictures) await page.evaluate((text) => globalThis.bench.take(text), one);
    await work(page);
  } finally {
    await browser.close();
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
