/**
 * A browser that dies at any moment loses at most the decision in flight, and the library opens consistent: five kinds
 * of work, each killed four times (F-09).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Page } from '@playwright/test';

import { writePhotos } from './support/bad-files.ts';
import { exportLibrary, importFolder, openLibrary } from './support/keeper.ts';
import { expect, menagerie, test, type House } from './support/menagerie.ts';
import { kill, start, type Browser } from './support/profile.ts';
import { readStored, type Stored } from './support/stored.ts';

/** Milliseconds from the act to the kill: before, in the middle of and after its transaction. */
const MOMENTS = [0, 8, 25, 80] as const;

test('label, import, export, merge and split: twenty kills, nothing lost but the decision in flight', async ({
  house,
}) => {
  test.setTimeout(480_000);
  const life = new Life(house);
  const browser = await life.open();
  await writePhotos(join(house.folder, 'zoo', 'Tiger'), 6);
  await writePhotos(join(house.folder, 'zoo', 'Lion'), 6, 20);
  await importFolder(browser.page, join(house.folder, 'zoo'), 12);
  await browser.context.close();

  for (const moment of MOMENTS) {
    await test.step(`importing, ${String(moment)} ms`, () => killedImport(life, moment));
    await test.step(`labelling, ${String(moment)} ms`, () => killedLabel(life, moment));
    await test.step(`merging, ${String(moment)} ms`, () => killedMerge(life, moment));
    await test.step(`splitting, ${String(moment)} ms`, () => killedSplit(life, moment));
    await test.step(`exporting, ${String(moment)} ms`, () => killedExport(life, moment));
  }
  expect(life.kills).toBe(20);

  const last = await life.open();
  const photos = (await readStored(last.page)).photos.length;
  const [shard = ''] = await exportLibrary(last.page, 'after', join(house.folder, 'export'));
  await last.context.close();
  const read = await menagerie('extract', '--library', shard, '--run', join(house.folder, 'run'), '--json');
  expect(read.code, read.stderr).toBe(0);
  expect(JSON.parse(read.stdout)).toMatchObject({ photos, leftOut: 0 });
});

/** One library through many browsers. */
class Life {
  readonly house: House;
  readonly #profile: string;
  kills = 0;

  constructor(house: House) {
    this.house = house;
    this.#profile = join(house.folder, 'profile');
  }

  /** Opens the library, which must be consistent whatever happened before. */
  async open(): Promise<Browser> {
    const browser = await start(this.#profile);
    await openLibrary(browser.page, this.house.url);
    await expect(browser.page.locator('.room, .empty').first()).toBeVisible();
    expectConsistent(await readStored(browser.page));
    return browser;
  }

  /** Does the act, lets it live for a moment, kills the browser, and opens the library again. */
  async die(browser: Browser, act: () => Promise<unknown>, moment: number): Promise<Browser> {
    // The page may be gone before the act has answered.
    void act().catch(() => undefined);
    await sleep(moment);
    await kill(browser, this.#profile);
    this.kills += 1;
    return this.open();
  }
}

/** Every photo has its bytes, no bytes are left over, and each rule is there because an act made it. */
function expectConsistent({ photos, images, thumbs, rules, journal }: Stored): void {
  const ids = photos.map((photo) => photo.id).sort();
  expect(images.toSorted()).toEqual(ids);
  expect(thumbs.toSorted()).toEqual(ids);
  const made = journal.filter(({ act, undone }) => !undone && ['merge', 'split'].includes(act.kind));
  expect(rules).toHaveLength(made.at(-1)?.act.kind === 'merge' ? 1 : 0);
  const told = journal.filter(({ act }) => act.kind === 'label').flatMap((entry) => entry.photos);
  const labelled = photos.filter((photo) => photo.label?.by === 'Ada').map((photo) => photo.id);
  expect([...new Set(told)].sort()).toEqual(labelled.sort());
}

async function killedImport(life: Life, moment: number): Promise<void> {
  const folder = join(life.house.folder, `more-${String(moment)}`);
  await mkdir(folder, { recursive: true });
  await writePhotos(folder, 8, 100 + 10 * MOMENTS.findIndex((m) => m === moment));
  const first = await life.open();
  const before = (await readStored(first.page)).photos.length;
  await chooseLoose(first.page, folder);
  await expect(first.page.getByText(/Adding photos: [1-8] of 8|8 photos added/)).toBeVisible();
  const second = await life.die(first, () => Promise.resolve(), moment * 4);
  await chooseLoose(second.page, folder);
  await expect(second.page.getByText(/photos? added|No new photo/)).toBeVisible({ timeout: 60_000 });
  expect((await readStored(second.page)).photos).toHaveLength(before + 8);
  await second.context.close();
}

async function killedLabel(life: Life, moment: number): Promise<void> {
  const first = await life.open();
  const { page } = first;
  const before = decided(await readStored(page));
  await page.goto(`${life.house.url}/library/label`);
  await expect(page.getByRole('strong').filter({ hasText: /^1 of \d+$/ })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('Quokka');
  await page.keyboard.press('Enter');
  const name = page.getByRole('textbox', { name: 'Your name' });
  const second = page.getByRole('strong').filter({ hasText: /^2 of \d+$/ });
  await expect(name.or(second).first()).toBeVisible();
  if (await name.isVisible()) {
    await name.fill('Ada');
    await name.press('Enter');
  }
  await expect(second).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(async () => decided(await readStored(page))).toBe(before + 1);
  const next = await life.die(first, () => page.keyboard.press('4'), moment);
  const now = decided(await readStored(next.page));
  expect([before + 1, before + 2]).toContain(now);
  await next.context.close();
}

function decided({ photos }: Stored): number {
  return photos.filter((photo) => photo.label?.by === 'Ada').length;
}

async function killedMerge(life: Life, moment: number): Promise<void> {
  const first = await life.open();
  await prepareMerge(first.page, life.house.url);
  const submit = first.page.getByRole('dialog').getByRole('button', { name: 'Merge' });
  const second = await life.die(first, () => submit.click(), moment);
  // Whichever way it went, the library goes on from there.
  if ((await readStored(second.page)).rules.length === 0) {
    await prepareMerge(second.page, life.house.url);
    await second.page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
    await expect.poll(async () => (await readStored(second.page)).rules).toHaveLength(1);
  }
  await second.context.close();
}

async function prepareMerge(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/library/classes`);
  for (const name of ['Tiger', 'Lion'])
    await page.getByRole('checkbox', { name: `Choose “${name}”` }).check();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
}

async function killedSplit(life: Life, moment: number): Promise<void> {
  const first = await life.open();
  await prepareSplit(first.page, life.house.url);
  const submit = first.page.getByRole('dialog').getByRole('button', { name: 'Split' });
  const second = await life.die(first, () => submit.click(), moment);
  const after = await readStored(second.page);
  // The rule and the queue of its photos change together.
  expect(after.splitChecks).toHaveLength(1 - after.rules.length);
  if (after.rules.length === 1) {
    await prepareSplit(second.page, life.house.url);
    await second.page.getByRole('dialog').getByRole('button', { name: 'Split' }).click();
    await expect.poll(async () => (await readStored(second.page)).rules).toHaveLength(0);
  }
  await second.page.goto(`${life.house.url}/library/classes`);
  await second.page.getByRole('button', { name: /^Done/ }).click();
  await expect.poll(async () => (await readStored(second.page)).splitChecks).toHaveLength(0);
  await second.context.close();
}

async function prepareSplit(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/library/classes`);
  await page.getByRole('button', { name: /^Split: / }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
}

async function killedExport(life: Life, moment: number): Promise<void> {
  const first = await life.open();
  const before = await readStored(first.page);
  await first.page.getByRole('button', { name: 'Export' }).click();
  const start = first.page.getByRole('button', { name: 'Start' });
  const second = await life.die(first, () => start.click(), moment * 3);
  const after = await readStored(second.page);
  expect(after).toEqual(before);
  await second.context.close();
}

async function chooseLoose(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: /^Add/ }).first().click();
  await page.getByRole('checkbox', { name: 'Use folder names as labels' }).uncheck();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
}
