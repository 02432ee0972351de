/**
 * A folder is identified; the browser is killed in the middle, then the page is closed in the middle: the identification
 * goes on where it was, and every picture has the answer to itself, exactly once (P4-16).
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { noisyJpeg } from './support/bad-files.ts';
import { openLibrary } from './support/keeper.ts';
import { expect, menagerie, ROOT, test } from './support/menagerie.ts';
import { kill, start } from './support/profile.ts';
import { drawPhotos } from './support/sample-photos.ts';

const COUNT = 240;
/** Enough to be in the middle. */
const SOME = 16;

interface Item {
  readonly row: number;
  readonly path: string;
  readonly photo: string | null;
  readonly top: number;
}

/** What lies in the library's database, read past the app. */
function readItems(page: Page): Promise<Item[]> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, fail) => {
        request.onsuccess = () => {
          done(request.result);
        };
        request.onerror = () => {
          fail(request.error ?? new Error('not read'));
        };
      });
    const db = await settled(indexedDB.open('menagerie-library'));
    const all = await settled(db.transaction('bulkItems').objectStore('bulkItems').getAll());
    db.close();
    return all.map(
      ({ row, path, photo, top }: { row: number; path: string; photo: string | null; top: unknown[] }) => ({
        row,
        path,
        photo,
        top: top.length,
      }),
    );
  });
}

async function someDone(page: Page, more: number): Promise<void> {
  await expect
    .poll(async () => (await readItems(page)).length, { intervals: [50] })
    .toBeGreaterThanOrEqual(more);
}

/** Opens the room where many are identified. */
async function openRoom(page: Page, url: string): Promise<void> {
  await openLibrary(page, url);
  await page.goto(`${url}/library/bulk`);
}

async function goOn(page: Page, folder: string): Promise<void> {
  await expect(page.getByText(/^Waits for its files: \d+ of 240$/)).toBeVisible();
  await page.getByLabel('Choose the folder again').setInputFiles(folder);
}

test('a folder is identified to its end through a killed browser and a closed page, each picture exactly once', async ({
  house,
}) => {
  test.setTimeout(600_000);
  const [zoo, folder, profile] = [
    join(house.folder, 'zoo'),
    join(house.folder, 'trip'),
    join(house.folder, 'profile'),
  ];
  await drawPhotos(zoo, { count: 12, seed: 5 });
  await mkdir(folder);
  for (let i = 0; i < COUNT; i++)
    await writeFile(join(folder, `IMG_${String(i)}.jpg`), await noisyJpeg(20 + (i % 200)));

  await test.step('a version is published', async () => {
    const backbone = join(ROOT, 'node-trainer', 'sample', 'backbone');
    const places = ['--library', zoo, '--run', join(house.folder, 'run'), '--models', house.models];
    const run = await menagerie('run', ...places, '--weights', backbone, '--minimum', '10');
    expect(run.code, run.stderr).toBe(0);
  });

  await test.step('the browser is killed when some are done', async () => {
    const browser = await start(profile);
    const { page } = browser;
    await openRoom(page, house.url);
    await page.getByRole('button', { name: 'Identify photos' }).click();
    await page.getByLabel('A folder').setInputFiles(folder);
    await page.getByRole('button', { name: 'Start' }).click();
    await someDone(page, SOME);
    await kill(browser, profile);
  });

  const second = await start(profile);
  await test.step('it goes on where it was, and the page is closed when some more are done', async () => {
    await openRoom(second.page, house.url);
    const before = (await readItems(second.page)).length;
    expect(before).toBeGreaterThanOrEqual(SOME);
    expect(before).toBeLessThan(COUNT);
    await goOn(second.page, folder);
    await someDone(second.page, Math.min(COUNT, before + SOME));
  });

  await test.step('then it goes on to the end', async () => {
    const page = await second.context.newPage();
    await second.page.close();
    await openRoom(page, house.url);
    expect((await readItems(page)).length).toBeLessThan(COUNT);
    await goOn(page, folder);
    await expect(page.getByText(`${String(COUNT)} photos identified`)).toBeVisible({ timeout: 120_000 });

    const items = await readItems(page);
    expect(items.map(({ row }) => row)).toEqual(Array.from({ length: COUNT }, (_, row) => row));
    expect(new Set(items.map(({ path }) => path)).size).toBe(COUNT);
    for (const { path, photo, top } of items) {
      expect(top).toBe(5);
      expect(photo).toBe(await sha256(join(house.folder, path)));
    }
  });
  await second.context.close();
  expect(await readdir(folder)).toHaveLength(COUNT);
});

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
