// Import and export of a library in real Chromium, through the pages as a keeper would: MB/s of original files in,
// of zip shards out.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright';
import sharp from 'sharp';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { findChromium } from '../chromium.mjs';

const PHOTOS = 200;

/** @returns rows for the table: what, figure, unit */
export async function benchLibrary() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const server = spawn(process.execPath, [
    join(ROOT, 'node-trainer/bin/menagerie.mjs'),
    'serve',
    '--port',
    '0',
    '--models',
    join(folder, 'models'),
    '--data',
    join(folder, 'data'),
  ]);
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const photos = join(folder, 'photos', 'animal');
    const bytes = await writePhotos(photos);
    const page = await browser.newPage();
    await page.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
    await page.goto(`${await addressOf(server)}/library`);
    const importing = await timed(() => importAll(page, join(folder, 'photos')));
    const { seconds, value: out } = await timed(() => exportAll(page, folder));
    return [
      ['import, 1-megapixel JPEGs', bytes / 1e6 / importing.seconds, 'MB/s'],
      ['import, 1-megapixel JPEGs', PHOTOS / importing.seconds, 'photos/s'],
      ['export to zip shards', out / 1e6 / seconds, 'MB/s'],
      ['export to zip shards', PHOTOS / seconds, 'photos/s'],
    ];
  } finally {
    await browser.close();
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Noisy enough to be as large as photos are: about 250 kB each. */
async function writePhotos(folder) {
  await mkdir(folder, { recursive: true });
  let total = 0;
  for (let i = 0; i < PHOTOS; i++) {
    const noise = { type: 'gaussian', mean: 90 + (i % 80), sigma: 18 };
    const small = await sharp({ create: { width: 290, height: 218, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer();
    const jpeg = await sharp(small).resize(1160, 872).jpeg({ quality: 90 }).toBuffer();
    total += jpeg.length;
    await writeFile(join(folder, `${i}.jpg`), jpeg);
  }
  return total;
}

async function importAll(page, folder) {
  await page.getByRole('button', { name: /^Add/ }).first().click();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByText(`${PHOTOS} photos added`).waitFor({ timeout: 300_000 });
}

async function exportAll(page, folder) {
  const saved = [];
  page.on('download', (d) => {
    const path = join(folder, d.suggestedFilename());
    saved.push(d.saveAs(path).then(() => stat(path)));
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByLabel('Name of the export').fill('bench');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText(`${PHOTOS} photos exported`).waitFor({ timeout: 300_000 });
  return (await Promise.all(saved)).reduce((sum, s) => sum + s.size, 0);
}

function addressOf(server) {
  return new Promise((done) => {
    const look = (chunk) => {
      const found = /https?:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(String(chunk));
      if (found) done(found[0]);
    };
    server.stdout.on('data', look);
    server.stderr.on('data', look);
  });
}

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}
