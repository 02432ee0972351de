// What a model looked at: the map against all its windows run one by one, MobileNet V2 at 224 px in a worker of a real
// Chromium, wasm with SIMD on one thread. With published weights and photos where they are at hand; else with random
// weights and drawn scenes, which take the same time but whose maps are noise, so that their likeness says little.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { chromium } from 'playwright';
import { createServer } from 'vite';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { decodeImage } from '../../node-trainer/io/images.ts';
import { canonicalise } from '../../shared/image/canonical.ts';
import { scene } from '../../shared/image/testing/synthetic.ts';
import { joinClassifier } from '../../shared/model/classifier.ts';
import { compileNetwork } from '../../shared/model/compile.ts';
import { readLayersModel } from '../../shared/model/layers-model.ts';
import { loadBackbone } from '../../shared/model/transfer.ts';
import { buildBackbone } from '../../shared/model/zoo.ts';
import { backboneSource, hasBackbones } from '../../shared/testing/backbones.ts';
import { useEngine } from '../../shared/testing/engines.ts';
import { randomHead } from '../../shared/testing/models.ts';
import { findChromium } from '../chromium.mjs';

const PHOTOS = resolve(ROOT, '../shared/data/zoo');
const COUNT = 4;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchExplain() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  try {
    await writeData(folder);
    return report(await measureIn(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeData(folder) {
  await useEngine('cpu');
  const classifier = hasBackbones ? await published() : random();
  const { file, weights } = await compileNetwork(classifier, {
    size: 224,
    range: [-1, 1],
    resize: 'letterbox',
  });
  classifier.dispose();
  const photos = (await somePhotos()).map(({ width, height, data }) => {
    return { width, height, base64: Buffer.from(data).toString('base64') };
  });
  await writeFile(join(folder, 'bench.json'), JSON.stringify({ file, photos }));
  await writeFile(join(folder, 'weights.bin'), weights);
}

async function published() {
  const source = backboneSource('mobilenet-v2-1.0-224');
  const backbone = await loadBackbone(source);
  const { weights } = await readLayersModel(source);
  const [kernel, bias] = ['kernel', 'bias'].map((part) => weights.get(`predictions/${part}`).data);
  const head = { dims: backbone.features, classes: bias.length, kernel, bias };
  return joinClassifier({ backbone, head });
}

function random() {
  const backbone = buildBackbone({ name: 'mobilenet-v2', width: 1, size: 224, batchNorm: true });
  return joinClassifier({ backbone, head: randomHead(backbone.features, 20) });
}

async function somePhotos() {
  if (!existsSync(PHOTOS)) return Array.from({ length: COUNT }, (_, i) => canonicalise(scene(299, 299, i)));
  const folders = readdirSync(PHOTOS).sort();
  const files = folders
    .slice(-COUNT)
    .map((name) => join(PHOTOS, name, readdirSync(join(PHOTOS, name)).sort()[0]));
  return Promise.all(
    files.map(async (file) => canonicalise(await decodeImage(new Uint8Array(readFileSync(file))))),
  );
}

async function measureIn(folder) {
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: join(folder, 'vite'),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null, fs: { allow: [ROOT, folder] } },
    optimizeDeps: {
      entries: [],
      include: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', 'valibot'],
    },
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const { port } = server.httpServer.address();
    await page.goto(`http://127.0.0.1:${port}/.ci/bench/explain.html?data=/@fs${folder}`);
    return await page.evaluate(() => globalThis.measured);
  } finally {
    await browser.close();
    await server.close();
  }
}

function report({ error, photos }) {
  if (error) throw new Error(error);
  return [
    ...photos.flatMap(({ times, runs, windows }, i) => {
      const photo = `photo ${i + 1}`;
      return [
        [`${photo}: the map, ${runs} runs of the network`, Math.min(...times.map), 'ms'],
        [`${photo}: its ${windows} windows one by one`, Math.min(...times.each), 'ms'],
        [
          'the map : one by one, best runs',
          Math.min(...times.map) / Math.min(...times.each),
          '×',
          'goal ≤ 0.33',
        ],
      ];
    }),
    [
      'the map : one by one, median of neighbours',
      median(photos.flatMap(({ times }) => times.map.map((ms, i) => ms / times.each[i]))),
      '×',
      'goal ≤ 0.33',
    ],
    ['rank correlation of both maps, mean', mean(photos.map((p) => p.correlation)), ''],
    ['rank correlation of both maps, least', Math.min(...photos.map((p) => p.correlation)), '', 'goal ≥ 0.9'],
  ];
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
