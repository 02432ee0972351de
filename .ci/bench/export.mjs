// The export of 2 000 and 20 000 photos in the built app, through its own dialog, into a folder: seconds, and memory of
// all processes of the browser above what they had. Beside it, in the same browser, the plain way: every image into
// jszip, the zip into the same folder. For 20 000 photos that would need 7 GB, so there it gets shards of 2 000.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import { ROOT } from '../../node-trainer/bin/install.mjs';
import { openBrowser, serveApp, watched } from './app.mjs';

const [SMALL, LARGE] = [2_000, 20_000];
const ROUNDS = 3;
const JSZIP_SHARD = 2_000;
/** Different pictures; the photos take turns. */
const PICTURES = 16;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchExport() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const app = await serveApp(folder);
  try {
    const small = await measure(app.url, join(folder, 'small'), SMALL, ROUNDS);
    const large = await measure(app.url, join(folder, 'large'), LARGE, 1);
    return [
      ['export of 2 000 photos', small.ours.seconds, 's'],
      ['the same with plain jszip', small.plain.seconds, 's'],
      ['time, share of plain jszip', small.ours.seconds / small.plain.seconds, '', '≤ 0.9'],
      ['memory above base, 2 000 photos', small.ours.memory, 'MB', '≤ 200'],
      ['the same with plain jszip', small.plain.memory, 'MB'],
      ['export of 20 000 photos', large.ours.seconds, 's'],
      ['the same with jszip in shards of 2 000', large.plain.seconds, 's'],
      ['time, share of that', large.ours.seconds / large.plain.seconds, '', '≤ 0.9'],
      ['memory above base, 20 000 photos', large.ours.memory, 'MB', '≤ 200'],
      ['more than for 2 000', large.ours.memory - small.ours.memory, 'MB', '≤ 50'],
      ['the same with jszip in shards of 2 000', large.plain.memory, 'MB'],
    ];
  } finally {
    app.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rounds take turns; the quickest and the hungriest of each count. */
async function measure(url, profile, count, rounds) {
  const context = await openBrowser(profile);
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.showDirectoryPicker = async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle('export', { create: true });
    });
    await page.goto(`${url}/library`);
    await page.getByRole('button', { name: 'Add your own photos' }).waitFor();
    await fill(page, count);
    await page.reload();
    await page.getByRole('gridcell').first().waitFor();
    const ours = [];
    const plain = [];
    for (let i = 0; i < rounds; i++) {
      await rest(page);
      ours.push(await watched(profile, () => exportAll(page, count)));
      await page.getByRole('button', { name: 'Close' }).click();
      await rest(page);
      await page.addScriptTag({ path: join(ROOT, 'node_modules/jszip/dist/jszip.min.js') });
      plain.push(await watched(profile, () => page.evaluate(plainExport, JSZIP_SHARD)));
    }
    return { ours: summary(ours), plain: summary(plain) };
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

function summary(runs) {
  return {
    seconds: Math.min(...runs.map((run) => run.seconds)),
    memory: Math.max(...runs.map((run) => run.memory)),
  };
}

/** An empty folder and as little garbage as can be. */
async function rest(page) {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('export', { recursive: true }).catch(() => undefined);
    globalThis.gc?.();
  });
  // Workers end after ten seconds without work.
  await page.waitForTimeout(12_000);
}

async function exportAll(page, count) {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByLabel('Name of the export').fill('bench');
  await page.getByRole('button', { name: 'Start' }).click();
  const done = page.getByText(`${count.toLocaleString('en')} photos exported`);
  await done.or(page.getByText('The export stopped early')).waitFor({ timeout: 1_200_000 });
  if (!(await done.isVisible())) throw new Error(await page.getByRole('dialog').innerText());
}

/** Records and images as the app writes them; a label for each of 200 animals. */
async function fill(page, count) {
  const pictures = [];
  for (let i = 0; i < PICTURES; i++) {
    const noise = { type: 'gaussian', mean: 90 + i * 4, sigma: 2 };
    const image = sharp({ create: { width: 299, height: 299, channels: 3, background: '#000', noise } });
    pictures.push((await image.png().toBuffer()).toString('base64'));
  }
  await page.evaluate(putPhotos, { count, pictures });
}

/** Runs in the page. */
async function putPhotos({ count, pictures }) {
  const db = await new Promise((done, fail) => {
    const request = indexedDB.open('menagerie-library');
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const images = pictures.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const hex = (n, digits) => n.toString(16).padStart(digits, '0');
  const at = '2026-05-01T09:30:00.000Z';
  const labels = Array.from({ length: 200 }, (_, i) => `animal ${i}`);
  const write = (stores, work) =>
    new Promise((done, fail) => {
      const tx = db.transaction(stores, 'readwrite');
      work(tx);
      tx.oncomplete = done;
      tx.onabort = () => fail(tx.error);
    });
  await write(['subClasses', 'settings'], (tx) => {
    for (const id of labels)
      tx.objectStore('subClasses').put({ v: 2, id, name: id, createdAt: at, createdBy: 'Ada', flop: true });
    tx.objectStore('settings').put('Ada', 'person');
    tx.objectStore('settings').put(299, 'canonicalSize');
  });
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
    const label = { kind: 'sub-class', id: labels[i % 200] };
    return {
      v: 2,
      // Spread like a hash.
      id: hex(Math.imul(i + 1, 2654435761) >>> 0, 8) + hex(i, 56),
      fileName: `IMG_${i}.jpg`,
      bytes: 2_000_000,
      width: 4000,
      height: 3000,
      source: 'folder',
      addedAt: at,
      addedBy: 'Ada',
      origin: 'real',
      label: { ...label, by: 'Ada', at },
      opinions: [{ by: 'Ada', at, label }],
      edits: { turn: 0, crop: null },
      faults: [],
      excluded: false,
      stamps: [],
      taken: null,
      quality,
      canonicalSize: 299,
      pixels: hex(i, 64),
      hash: hex(i, 16),
    };
  };
  for (let from = 0; from < count; from += 100) {
    await write(['photos', 'images'], (tx) => {
      for (let i = from; i < Math.min(count, from + 100); i++) {
        const photo = photoOf(i);
        tx.objectStore('photos').put(photo);
        tx.objectStore('images').put(images[i % images.length], photo.id);
      }
    });
  }
  db.close();
}

/** Runs in the page: nothing is checked, nothing read back. */
async function plainExport(perShard) {
  const db = await new Promise((done) => {
    const request = indexedDB.open('menagerie-library');
    request.onsuccess = () => done(request.result);
  });
  const get = (store, key) =>
    new Promise((done, fail) => {
      const request = db.transaction(store).objectStore(store)[key === undefined ? 'getAll' : 'get'](key);
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  const photos = await get('photos');
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('export', { create: true });
  for (let from = 0; from < photos.length; from += perShard) {
    const part = photos.slice(from, from + perShard);
    const zip = new globalThis.JSZip();
    zip.file('photos.ndjson', part.map((photo) => JSON.stringify(photo)).join('\n'));
    for (const { id, label } of part)
      zip.file(`Image_Library/${label.id}/${id}.png`, await get('images', id), { createFolders: false });
    const content = await zip.generateAsync({ type: 'blob', compression: 'STORE' });
    const handle = await folder.getFileHandle(`plain-${from}.zip`, { create: true });
    const stream = await handle.createWritable();
    await stream.write(content);
    await stream.close();
  }
  db.close();
}
