/** Three ways to work: keyboard only, thumb only at 360 px, by what a screen reader says. Each labels, resolves, exports. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';
import sharp, { type Sharp } from 'sharp';

import { openLibrary } from './support/keeper.ts';
import { expect, test, type House } from './support/menagerie.ts';

const PHOTOS = 20;

/** Twenty photos without labels; one of them twice, smaller the second time. */
async function unsorted(page: Page, house: House): Promise<void> {
  const folder = join(house.folder, 'unsorted');
  await mkdir(folder);
  for (let seed = 0; seed < PHOTOS - 1; seed++) {
    await clouds(seed)
      .jpeg()
      .toFile(join(folder, `${String(seed)}.jpg`));
  }
  await clouds(3).jpeg({ quality: 60 }).toFile(join(folder, 'again.jpg'));
  await openLibrary(page, house.url);
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByRole('checkbox', { name: 'Use folder names as labels' }).uncheck();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await expect(page.getByText(`${String(PHOTOS)} photos added`)).toBeVisible({ timeout: 60_000 });
}

/** A picture that looks like no other. */
function clouds(seed: number): Sharp {
  let state = seed + 1;
  const grey = Array.from({ length: 48 }, () => (state = (state * 48_271) % 2_147_483_647) % 256);
  return sharp(Uint8Array.from(grey), { raw: { width: 8, height: 6, channels: 1 } }).resize(320, 240);
}

/** Presses Tab until the focus is there, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${String(target)}`);
}

async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

test('keyboard only: twenty labels, a group of look-alikes, an export (P1-49)', async ({ page, house }) => {
  await unsorted(page, house);
  await enter(page, page.getByRole('link', { name: 'Label', exact: true }));
  await expect(page.getByText(`1 of ${String(PHOTOS)}`, { exact: true })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('Quokka');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Your name' }).waitFor();
  await page.keyboard.type('Ada');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`2 of ${String(PHOTOS)}`, { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  for (let n = 2; n <= PHOTOS; n++) {
    await expect(page.getByText(`${String(n)} of ${String(PHOTOS)}`, { exact: true })).toBeVisible();
    await page.keyboard.press('4');
  }
  await expect(page.getByRole('heading', { name: 'All through' })).toBeVisible();

  await enter(page, page.getByRole('link', { name: 'Duplicates' }));
  await expect(page.getByRole('region', { name: 'Group of 2 photos' })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page.getByText('All groups are decided')).toBeVisible();

  await enter(page, page.getByRole('link', { name: 'Photos' }));
  await enter(page, page.getByRole('button', { name: 'Export' }));
  const saved = page.waitForEvent('download');
  await enter(page, page.getByRole('button', { name: 'Start' }));
  await expect(page.getByText(`${String(PHOTOS - 1)} photos exported`)).toBeVisible({ timeout: 60_000 });
  await (await saved).path();
});

test.describe('with a thumb', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('thumb only at 360 px: twenty labels, a group of look-alikes, an export; nothing is too small to hit', async ({
    page,
    house,
  }) => {
    await unsorted(page, house);
    await tap(page.getByRole('link', { name: 'Label', exact: true }));
    await expect(page.getByText(`1 of ${String(PHOTOS)}`, { exact: true })).toBeVisible();
    await tap(page.getByRole('combobox', { name: /Search/ }));
    await page.keyboard.type('Quokka');
    await tap(page.getByRole('option', { name: /New label “Quokka”/ }));
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await tap(page.getByRole('button', { name: 'Go on', exact: true }));
    for (let n = 2; n <= PHOTOS; n++) {
      await expect(page.getByText(`${String(n)} of ${String(PHOTOS)}`, { exact: true })).toBeVisible();
      await tap(page.getByRole('button', { name: /Quokka/ }).last());
    }
    await expect(page.getByRole('heading', { name: 'All through' })).toBeVisible();

    await tap(page.getByRole('link', { name: 'Duplicates' }));
    await tap(page.getByRole('button', { name: /^Keep/ }).first());
    await expect(page.getByText('All groups are decided')).toBeVisible();

    await tap(page.getByRole('link', { name: 'Photos' }));
    await tap(page.getByRole('button', { name: 'Export' }));
    await tap(page.getByRole('button', { name: 'Start' }));
    await expect(page.getByText(`${String(PHOTOS - 1)} photos exported`)).toBeVisible({ timeout: 60_000 });
  });
});

/** Fingers need 44 px (WCAG 2.5.5). */
async function tap(target: Locator): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  expect(Math.round(box?.height ?? 0), String(target)).toBeGreaterThanOrEqual(44);
  await target.tap();
}

test('by what a screen reader says: names for everything, acts are announced, the focus is never lost', async ({
  page,
  house,
}) => {
  await unsorted(page, house);
  await enter(page, page.getByRole('link', { name: 'Label', exact: true }));
  await expect(page.getByRole('heading', { name: 'Label photo by photo' })).toBeAttached();
  await expect(page.getByRole('img', { name: /\.jpg/ })).toBeVisible();
  await page.getByRole('combobox', { name: /Search/ }).fill('Quokka');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await page.keyboard.press('Enter');
  const said = page.getByRole('status').filter({ hasText: '“Quokka” given' });
  await expect(said).toBeVisible();
  const quick = page.getByRole('button', { name: /Quokka/ }).last();
  await quick.focus();
  for (let n = 2; n <= PHOTOS; n++) {
    await expect(page.getByText(`${String(n)} of ${String(PHOTOS)}`, { exact: true })).toBeVisible();
    await expect(quick).toBeFocused();
    await expect(page.getByRole('img', { name: /\.jpg/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(said).toBeVisible();
  }
  await expect(page.getByRole('heading', { name: 'All through' })).toBeFocused();

  await enter(page, page.getByRole('link', { name: 'Duplicates' }));
  const group = page.getByRole('region', { name: 'Group of 2 photos' });
  await expect(group.getByText('1 stays, 1 goes')).toBeVisible();
  await group.getByRole('button', { name: 'Keep chosen' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Decided.' })).toBeAttached();
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');

  await enter(page, page.getByRole('link', { name: 'Photos' }));
  await enter(page, page.getByRole('button', { name: 'Export' }));
  const dialog = page.getByRole('dialog', { name: 'Export the library' });
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await dialog.getByRole('button', { name: 'Start' }).focus();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('status').filter({ hasText: `${String(PHOTOS - 1)} photos exported` }),
  ).toBeVisible({ timeout: 60_000 });
});
