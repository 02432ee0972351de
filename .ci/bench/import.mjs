// Photos of 12 megapixels made ready by the built app's own import workers, one and two of them: decoded, letterboxed,
// hashed, measured, thumbnail made. Beside it, in the same browser, the plain way in one worker: createImageBitmap, drawn
// into a square, encoded as PNG. Then the whole import through the app's dialog, with all of it stored.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright';
import sharp from 'sharp';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { findChromium } from '../chromium.mjs';
import { serveApp } from './app.mjs';

const PHOTOS = 60;
/** Photos under way in each worker, as in `web/state/library-workers.ts`. */
const DEPTH = 2;
const ROUNDS = 3;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchImport() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const app = await serveApp(folder);
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const photos = join(folder, 'photos', 'animal');
    await writePhotos(photos);
    const best = { plain: 0, one: 0, two: 0, wholeOne: 0, wholeTwo: 0 };
    for (let i = 0; i < ROUNDS; i++) {
      const run = {
        plain: await workerRate(browser, app.url, photos, plainImport, `(${plainWorker})()`),
        one: await workerRate(browser, app.url, photos, ownImport, { ...(await ownWorker()), workers: 1 }),
        two: await workerRate(browser, app.url, photos, ownImport, { ...(await ownWorker()), workers: 2 }),
        wholeOne: await importRate(browser, app.url, photos, 1),
        wholeTwo: await importRate(browser, app.url, photos, 2),
      };
      for (const way of Object.keys(best)) best[way] = Math.max(best[way], run[way]);
    }
    return [
      ['plain createImageBitmap, one worker', best.plain, 'photos/s'],
      ['made ready with hashes, hints and thumbnail, one worker', best.one, 'photos/s'],
      ['as many times the plain way', best.one / best.plain, '×', '≥ 2.5'],
      ['made ready, two workers', best.two, 'photos/s'],
      ['as many times one worker', best.two / best.one, '×', '≥ 1.6'],
      ['whole import, stored, one worker', best.wholeOne, 'photos/s'],
      ['whole import, stored, two workers', best.wholeTwo, 'photos/s'],
    ];
  } finally {
    await browser.close();
    app.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** 4000 × 3000, as large as phones make them: about 2.5 MB. */
async function writePhotos(folder) {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < PHOTOS; i++) {
    const noise = { type: 'gaussian', mean: 60 + i * 2, sigma: 25 };
    const small = await sharp({
      create: { width: 1000, height: 750, channels: 3, background: '#000', noise },
    })
      .png()
      .toBuffer();
    await writeFile(
      join(folder, `${i}.jpg`),
      await sharp(small).resize(4000, 3000).jpeg({ quality: 85 }).toBuffer(),
    );
  }
}

/** A new profile each time: the same photos again would only be counted. */
async function importRate(browser, url, folder, workers) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript((n) => {
      Object.defineProperty(navigator, 'hardwareConcurrency', { value: n });
    }, workers);
    await page.goto(`${url}/library`);
    await page.getByRole('button', { name: /^Add/ }).first().click();
    const input = page.getByLabel('Choose a folder');
    const start = performance.now();
    await input.setInputFiles(folder);
    await page.getByText(`${PHOTOS} photos added`).waitFor({ timeout: 300_000 });
    return (PHOTOS * 1000) / (performance.now() - start);
  } finally {
    await context.close();
  }
}

/** @param work runs in the page, on the files that were chosen there */
async function workerRate(browser, url, folder, work, options) {
  const context = await browser.newContext({ bypassCSP: true });
  try {
    const page = await context.newPage();
    await page.goto(`${url}/about`);
    await page.addScriptTag({ path: join(ROOT, 'node_modules/comlink/dist/umd/comlink.js') });
    await page.evaluate(() => {
      document.body.innerHTML = '<input type="file" webkitdirectory>';
    });
    await page.locator('input').setInputFiles(folder);
    const seconds = await page.evaluate(work, options);
    return PHOTOS / seconds;
  } finally {
    await context.close();
  }
}

async function ownWorker() {
  const files = await readdir(join(ROOT, 'dist/web/assets'));
  return { script: `/assets/${files.find((name) => /^import\.worker-.*\.js$/.test(name))}`, depth: DEPTH };
}

/** Runs in the page. @returns seconds, without the start of the workers */
async function ownImport({ script, depth, workers }) {
  const files = [...document.querySelector('input').files];
  const apis = Array.from({ length: workers }, () =>
    globalThis.Comlink.wrap(new Worker(script, { type: 'module' })),
  );
  await Promise.all(apis.map((api) => api.prepare(files[0], 299)));
  const queue = files.values();
  const lane = async (api) => {
    for (const file of queue) await api.prepare(file, 299);
  };
  const start = performance.now();
  await Promise.all(apis.flatMap((api) => Array.from({ length: depth }, () => lane(api))));
  return (performance.now() - start) / 1000;
}

/** Runs in the page. @returns seconds, without the start of the worker */
function plainImport(script) {
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  const files = [...document.querySelector('input').files];
  const done = (list) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(list);
    });
  return done(files.slice(0, 1)).then(async () => {
    const start = performance.now();
    await done(files);
    return (performance.now() - start) / 1000;
  });
}

/** Runs in a worker. */
function plainWorker() {
  onmessage = async ({ data: files }) => {
    let bytes = 0;
    for (const file of files) {
      const picture = await createImageBitmap(file);
      const scale = 299 / Math.max(picture.width, picture.height);
      const [width, height] = [picture.width * scale, picture.height * scale];
      const canvas = new OffscreenCanvas(299, 299);
      canvas.getContext('2d').drawImage(picture, (299 - width) / 2, (299 - height) / 2, width, height);
      picture.close();
      bytes += (await canvas.convertToBlob({ type: 'image/png' })).size;
    }
    postMessage(bytes);
  };
}
