// The import of photos of 12 megapixels in the built app, through its own dialog, with one worker and with two:
// decoded, letterboxed, hashed, measured, thumbnail made, all of it stored. Beside it, in the same browser, the plain
// way in one worker: createImageBitmap, drawn into a square, encoded as PNG, and nothing kept.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright';
import sharp from 'sharp';

import { findChromium } from '../chromium.mjs';
import { serveApp } from './app.mjs';

const PHOTOS = 32;
const ROUNDS = 3;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchImport() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const app = await serveApp(folder);
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const photos = join(folder, 'photos', 'animal');
    await writePhotos(photos);
    const best = { plain: 0, one: 0, two: 0 };
    for (let i = 0; i < ROUNDS; i++) {
      const run = {
        plain: await plainRate(browser, app.url, photos),
        one: await importRate(browser, app.url, photos, 1),
        two: await importRate(browser, app.url, photos, 2),
      };
      for (const way of Object.keys(best)) best[way] = Math.max(best[way], run[way]);
    }
    return [
      ['plain createImageBitmap, one worker, nothing kept', best.plain, 'photos/s'],
      ['import, one worker', best.one, 'photos/s'],
      ['as many times the plain way', best.one / best.plain, '×', '≥ 2.5'],
      ['import, two workers', best.two, 'photos/s'],
      ['as many times one worker', best.two / best.one, '×', '≥ 1.6'],
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
    const noise = { type: 'gaussian', mean: 80 + i * 3, sigma: 25 };
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

async function plainRate(browser, url, folder) {
  const context = await browser.newContext({ bypassCSP: true });
  try {
    const page = await context.newPage();
    await page.goto(`${url}/about`);
    await page.evaluate(() => {
      document.body.innerHTML = '<input type="file" webkitdirectory>';
    });
    const start = performance.now();
    await page.locator('input').setInputFiles(folder);
    await page.evaluate(plainImport, `(${plainWorker})()`);
    return (PHOTOS * 1000) / (performance.now() - start);
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
function plainImport(script) {
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  return new Promise((done, fail) => {
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = ({ message }) => fail(new Error(message));
    worker.postMessage([...document.querySelector('input').files]);
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
