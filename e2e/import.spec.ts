/** What keepers really bring: damaged files, full disks, tablets that run out of battery. */
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { goodJpeg, noisyJpeg, writeBadFiles, writePhotos } from './support/bad-files.ts';
import { exportLibrary, importFolder, openLibrary } from './support/keeper.ts';
import { expect, menagerie, test } from './support/menagerie.ts';
import { kill, start } from './support/profile.ts';

const HOSTILE = '=cmd() <img src=x onerror=alert(1)>';

test('every bad file is named with its reason, the good one is kept, and it can be repeated', async ({
  page,
  house,
}) => {
  const folder = join(house.folder, 'mixed');
  const bad = await writeBadFiles(folder);
  await writeFile(join(folder, 'good.jpg'), await goodJpeg(1));
  const files = readdirSync(folder).map((name) => join(folder, name));
  await openLibrary(page, house.url);

  await chooseFiles(page, files);
  await expect(page.getByText('1 photo added')).toBeVisible({ timeout: 60_000 });
  await page.getByText('files were not added').click();
  for (const { file, says } of bad) {
    const told = page.getByRole('listitem').filter({ hasText: file });
    await expect(told.first(), file).toContainText(says);
  }

  await chooseFiles(page, files);
  await expect(page.getByText('1 was already there')).toBeVisible({ timeout: 60_000 });
});

test('an export loads into an empty library without loss, hostile names included', async ({
  page,
  house,
  browser,
}) => {
  await writePhotos(join(house.folder, 'zoo', 'Red Panda'), 6, 50);
  await writePhotos(join(house.folder, 'zoo', HOSTILE), 2);
  await openLibrary(page, house.url);
  await importFolder(page, join(house.folder, 'zoo'), 8);
  const [shard] = await exportLibrary(page, 'parts', join(house.folder, 'export'));

  const other = await browser.newContext();
  const empty = await other.newPage();
  await openLibrary(empty, house.url);
  await chooseFiles(empty, [shard ?? '']);
  await expect(empty.getByText('8 photos added')).toBeVisible({ timeout: 60_000 });
  await expect(empty.getByRole('option', { name: `${HOSTILE} (2)` })).toBeAttached();
  await expect(empty.getByRole('option', { name: 'Red Panda (6)' })).toBeAttached();
  await other.close();
});

test('storage that runs full keeps what fits and says so; after making room the rest goes in', async ({
  page,
  house,
}) => {
  await mkdir(join(house.folder, 'zoo', 'tiger'), { recursive: true });
  for (let i = 0; i < 120; i++) {
    await writeFile(join(house.folder, 'zoo', 'tiger', `${i}.jpg`), await noisyJpeg(40 + i));
  }
  await openLibrary(page, house.url);
  const devtools = await page.context().newCDPSession(page);
  const quota = (bytes?: number): Promise<unknown> =>
    devtools.send('Storage.overrideQuotaForOrigin', {
      origin: house.url,
      ...(bytes ? { quotaSize: bytes } : {}),
    });

  await quota(14 * 2 ** 20);
  await chooseFolder(page, join(house.folder, 'zoo'));
  await expect(page.getByText('no room left', { exact: false }).first()).toBeVisible({ timeout: 60_000 });
  // Every photo that found no room is named, and not one is half there.
  const left = page.getByText(/files were not added/);
  const named = Number(/\d+/.exec(await left.innerText())?.[0]);
  expect(named).toBeGreaterThan(0);
  await expect(page.getByText(`All photos (${120 - named})`)).toBeAttached();
  await quota();

  await page.reload();
  await chooseFolder(page, join(house.folder, 'zoo'));
  await expect(page.getByText(/photos? added/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('All photos (120)')).toBeAttached();
});

test('a browser killed in the middle of an import opens with whole photos only, and the rest can follow', async ({
  house,
}) => {
  test.setTimeout(240_000);
  await writePhotos(join(house.folder, 'zoo', 'tiger'), 150);
  const profile = join(house.folder, 'profile');
  const first = await start(profile);
  await openLibrary(first.page, house.url);
  await chooseFolder(first.page, join(house.folder, 'zoo'));
  await expect(first.page.getByText(/Adding photos: [2-9]\d of 150/)).toBeVisible({ timeout: 60_000 });
  await kill(first, profile);

  const second = await start(profile);
  await openLibrary(second.page, house.url);
  await chooseFolder(second.page, join(house.folder, 'zoo'));
  await expect(second.page.getByText(/photos? added|No new photo/)).toBeVisible({ timeout: 120_000 });
  await expect(second.page.getByText('All photos (150)')).toBeAttached();
  const shards = await exportLibrary(second.page, 'after', join(house.folder, 'export'));
  await expect(second.page.getByText('150 photos exported')).toBeVisible();
  expect(shards).toHaveLength(1);
  await second.context.close();
});

test('a browser killed in the middle of an export has lost nothing, and the next export is whole', async ({
  house,
}) => {
  test.setTimeout(240_000);
  await writePhotos(join(house.folder, 'zoo', 'tiger'), 150);
  const profile = join(house.folder, 'profile');
  const first = await start(profile);
  await openLibrary(first.page, house.url);
  await importFolder(first.page, join(house.folder, 'zoo'), 150);
  await first.page.getByRole('button', { name: 'Export' }).click();
  await first.page.getByRole('button', { name: 'Start' }).click();
  await expect(first.page.getByText(/Writing photos: \d+ of 150/)).toBeVisible({ timeout: 60_000 });
  await kill(first, profile);

  const second = await start(profile);
  await openLibrary(second.page, house.url);
  await expect(second.page.getByText('All photos (150)')).toBeAttached();
  const [shard = ''] = await exportLibrary(second.page, 'again', join(house.folder, 'export'));
  await expect(second.page.getByText('150 photos exported')).toBeVisible();
  await second.context.close();
  const places = ['--library', shard, '--run', join(house.folder, 'run')];
  const read = await menagerie('extract', ...places, '--json');
  expect(read.code, read.stderr).toBe(0);
  expect(JSON.parse(read.stdout)).toMatchObject({ photos: 150, leftOut: 0 });
});

async function chooseFiles(page: Page, files: readonly string[]): Promise<void> {
  await openAdd(page);
  await page.getByLabel('Choose photos or zip files').setInputFiles([...files]);
}

async function chooseFolder(page: Page, folder: string): Promise<void> {
  await openAdd(page);
  await page.getByRole('checkbox', { name: 'Use folder names as labels' }).check();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
}

async function openAdd(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Add/ }).first().click();
}
