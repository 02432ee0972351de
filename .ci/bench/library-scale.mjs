// The library with 10 000 and 100 000 photos in real Chromium: records and thumbnails are put straight into IndexedDB,
// then the built app opens them. Figures are those of the page's own clock, up to the frame that shows the outcome.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright';
import sharp from 'sharp';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { findChromium } from '../chromium.mjs';

const SIZES = [10_000, 100_000];
const ACTS = 40;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchLibraryScale() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const places = ['--models', join(folder, 'models'), '--data', join(folder, 'data')];
  const server = spawn(process.execPath, [
    join(ROOT, 'node-trainer/bin/menagerie.mjs'),
    'serve',
    '--port',
    '0',
    ...places,
  ]);
  try {
    const url = await addressOf(server);
    const figures = [];
    for (const count of SIZES) figures.push(await measure(url, join(folder, String(count)), count));
    return rowsOf(figures);
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(url, profile, count) {
  const launch = () =>
    chromium.launchPersistentContext(profile, {
      executablePath: findChromium(),
      args: ['--no-sandbox', '--enable-precise-memory-info'],
      viewport: { width: 1280, height: 800 },
    });
  const first = await launch();
  const maker = await first.newPage();
  await maker.goto(`${url}/library`);
  await maker.getByRole('button', { name: 'Add your own photos' }).waitFor();
  await fill(maker, count);
  await first.close();

  const context = await launch();
  const page = await context.newPage();
  try {
    await page.goto(`${url}/about`);
    const opening = await coldStart(page, url);
    const [filter, sort] = [await filterChange(page), await sortChange(page)];
    const label = await labelActs(page);
    const frames = await scrolling(page);
    const memory = await memoryOf(context, page);
    return { count, opening, filter, sort, label, frames, memory };
  } finally {
    await context.close();
  }
}

/** Records as the app writes them, and one small thumbnail for all. */
async function fill(page, count) {
  const noise = { type: 'gaussian', mean: 120, sigma: 20 };
  const image = sharp({ create: { width: 160, height: 160, channels: 3, background: '#000', noise } });
  const thumb = [...(await image.jpeg({ quality: 70 }).toBuffer())];
  await page.evaluate(putPhotos, { count, thumb });
}

/** Runs in the page. */
async function putPhotos({ count, thumb }) {
  const db = await new Promise((done, fail) => {
    const request = indexedDB.open('menagerie-library');
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const hex = (n, digits) => n.toString(16).padStart(digits, '0');
  const at = '2026-05-01T09:30:00.000Z';
  const labels = Array.from({ length: 200 }, (_, i) => `animal ${i}`);
  const write = (stores, work) =>
    new Promise((done, fail) => {
      const tx = db.transaction(stores, 'readwrite');
      work(tx);
      tx.oncomplete = done;
      tx.onerror = () => fail(tx.error);
    });
  await write(['subClasses', 'settings'], (tx) => {
    for (const id of labels)
      tx.objectStore('subClasses').put({ v: 2, id, name: id, createdAt: at, createdBy: 'Ada', flop: true });
    tx.objectStore('settings').put('Ada', 'person');
  });
  const bytes = new Uint8Array(thumb).buffer;
  const quality = {
    brightness: 0.4,
    contrast: 0.2,
    shadows: 0,
    highlights: 0,
    backlight: 0,
    sharpness: 0.4,
    coverage: 0.6,
  };
  const photoOf = (i) => {
    const time = new Date(Date.UTC(2026, 0, 1) + i * 61_000).toISOString();
    const label = i % 4 === 3 ? null : { kind: 'sub-class', id: labels[i % 200] };
    const by = i % 3 ? 'Ada' : 'Grace';
    return {
      v: 2,
      // Spread like a hash, so that the order of keys is not that of time.
      id: hex(Math.imul(i + 1, 2654435761) >>> 0, 8) + hex(i, 56),
      fileName: `IMG_${(i * 7919) % count}.jpg`,
      bytes: 2_000_000 + ((i * 31) % 500_000),
      width: 4000,
      height: 3000,
      source: i % 2 ? 'folder' : 'zip',
      addedAt: time,
      addedBy: by,
      origin: i % 10 ? 'real' : 'staged',
      label: label && { ...label, by, at: time },
      opinions: label ? [{ by, at: time, label }] : [],
      edits: { turn: 0, crop: null },
      faults: i % 12 ? [] : ['blurry'],
      excluded: i % 12 === 0,
      stamps: [],
      taken: null,
      quality,
      canonicalSize: 299,
      pixels: hex(i, 64),
      hash: hex(i, 16),
    };
  };
  for (let from = 0; from < count; from += 2000) {
    await write(['photos', 'thumbs'], (tx) => {
      for (let i = from; i < Math.min(count, from + 2000); i++) {
        const photo = photoOf(i);
        tx.objectStore('photos').put(photo);
        tx.objectStore('thumbs').put(bytes, photo.id);
      }
    });
  }
  db.close();
}

/** From the start of navigation until the first tiles are painted with their pictures. */
async function coldStart(page, url) {
  await page.addInitScript(() => {
    const look = () => {
      const image = document.querySelector('[role=gridcell] img');
      if (image?.complete) window.gridAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(`${url}/library`);
  await page.waitForFunction(() => window.gridAt !== undefined, null, { timeout: 120_000 });
  return page.evaluate(() => window.gridAt);
}

/** Choosing one value after another: from the event to the second frame after it; the middle one, in milliseconds. */
function choosing(page, selector, values) {
  return page.evaluate(
    async ([where, wanted]) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const times = [];
      for (const value of wanted) {
        const select = document.querySelector(where);
        await frame();
        const start = performance.now();
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
        await frame();
        await frame();
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
    },
    [selector, values],
  );
}

const filterChange = (page) =>
  choosing(page, '.filter select', [
    'unlabelled',
    'sub-class animal 4',
    'labelled',
    'sub-class animal 10',
    'all',
  ]);

async function sortChange(page) {
  await page.getByRole('button', { name: 'Filters' }).click();
  const orders = ['oldest', 'label', 'file', 'size', 'labeller', 'file', 'newest'];
  const time = await choosing(page, '.panel select', orders);
  await page.getByRole('button', { name: 'Filters' }).click();
  return time;
}

/** One photo labelled through the page, strict storage included, until the tile shows it: the 95th percentile. */
async function labelActs(page) {
  await page.getByRole('gridcell').first().click();
  const times = [];
  for (let i = 0; i < ACTS; i++) {
    const name = `animal ${100 + (i % 50)}`;
    await page.getByRole('combobox', { name: 'Label' }).fill(name);
    times.push(await page.evaluate(labelOnce, name));
  }
  return times.sort((a, b) => a - b)[Math.ceil(ACTS * 0.95) - 1];
}

/** Runs in the page: picks the option that is offered and waits for the frame with the new caption. */
async function labelOnce(name) {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const caption = () => document.querySelector('[data-at="0"] .caption')?.textContent.trim();
  while (!document.querySelector('.bar [role=option]')) await frame();
  const start = performance.now();
  document.querySelector('.bar [role=option]').click();
  while (caption() !== name) await frame();
  return performance.now() - start;
}

/** Frames a second while the wheel turns for three seconds. */
async function scrolling(page) {
  await page.mouse.move(640, 500);
  const counting = page.evaluate(async () => {
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < 3000) {
      await new Promise((done) => requestAnimationFrame(done));
      frames += 1;
    }
    return (frames / (performance.now() - start)) * 1000;
  });
  for (let i = 0; i < 25; i++) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(100);
  }
  return counting;
}

/** Megabytes of objects after the garbage was collected. */
async function memoryOf(context, page) {
  const devtools = await context.newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

function rowsOf(figures) {
  const rows = figures.flatMap(({ count, opening, filter, sort, label, frames, memory }) => {
    const of = `${count.toLocaleString('en')} photos: `;
    return [
      [`${of}cold start to the grid painted`, opening / 1000, 's', '<= 2.5'],
      [`${of}filter changed and painted`, filter, 'ms', '<= 200'],
      [`${of}order changed and painted`, sort, 'ms', '<= 200'],
      [`${of}label given and painted, 95th percentile`, label, 'ms', '<= 60'],
      [`${of}scrolling`, frames, 'frames/s', '>= 50'],
      [`${of}objects of the page`, memory, 'MB', '<= 400'],
    ];
  });
  const [small, large] = figures;
  const growth = (name) => large[name] / small[name];
  return [
    ...rows,
    ['ten times the photos: cold start', growth('opening'), 'times', '<= 3'],
    ['ten times the photos: filter', growth('filter'), 'times', '<= 3'],
    ['ten times the photos: memory', growth('memory'), 'times', '<= 10'],
  ];
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
