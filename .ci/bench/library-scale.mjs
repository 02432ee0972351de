// The library with 10 000 and 100 000 photos in real Chromium: records and thumbnails are put straight into IndexedDB,
// then the built app opens them. Figures are those of the page's own clock, up to the frame that shows the outcome.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright';

import { findChromium } from '../chromium.mjs';
import { serveApp } from './app.mjs';
import {
  addClock,
  coldStart,
  filterChange,
  labelInGrid,
  labelWithKeys,
  memoryOf,
  scrolling,
  sortChange,
} from './scale-acts.mjs';
import { fillLibrary } from './scale-photos.mjs';

const SIZES = [10_000, 100_000];
const SETTLING_MS = 5000;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchLibraryScale() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  const app = await serveApp(folder);
  try {
    const figures = [];
    for (const count of SIZES) figures.push(await measure(app.url, join(folder, String(count)), count));
    return rowsOf(figures);
  } finally {
    app.stop();
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
  await fillLibrary(maker, count);
  await first.close();
  const second = await launch();
  await settle(await second.newPage(), url);
  await second.close();

  const context = await launch();
  const page = await context.newPage();
  try {
    await page.goto(`${url}/about`);
    await addClock(page);
    const opening = await coldStart(page, url);
    const [filter, sort] = [await filterChange(page), await sortChange(page)];
    const [grid, frames, keys] = [await labelInGrid(page), await scrolling(page), await labelWithKeys(page)];
    const memory = await memoryOf(context, page);
    return { count, opening, filter, sort, grid, keys, frames, memory };
  } finally {
    await context.close();
  }
}

/** After thousands of writes at once the browser puts its database in order, which is not what is measured here. */
async function settle(page, url) {
  await page.goto(`${url}/library`);
  await page.getByRole('gridcell').first().waitFor({ timeout: 120_000 });
  await page.waitForTimeout(SETTLING_MS);
}

function rowsOf(figures) {
  const rows = figures.flatMap(({ count, opening, filter, sort, grid, keys, frames, memory }) => {
    const of = `${count.toLocaleString('en')} photos: `;
    return [
      [`${of}cold start to the grid painted`, opening / 1000, 's', '<= 2.5'],
      [`${of}filter changed and painted, slowest`, filter, 'ms', '<= 200'],
      [`${of}order changed and painted, slowest`, sort, 'ms', '<= 200'],
      [`${of}label key until next photo is painted, p95`, keys, 'ms', '<= 60'],
      [`${of}label in the grid stored and painted, p95`, grid, 'ms', '<= 60'],
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
    ['ten times the photos: order', growth('sort'), 'times', '<= 10'],
    ['ten times the photos: label key', growth('keys'), 'times', '<= 10'],
    ['ten times the photos: memory', growth('memory'), 'times', '<= 10'],
  ];
}
