/** Two keepers look at the same photos, each without seeing the other's word, and find where they differ. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';

import { writePhotos } from './support/bad-files.ts';
import { exportLibrary, importFolder, openLibrary } from './support/keeper.ts';
import { expect, test } from './support/menagerie.ts';

const PHONE = { width: 360, height: 740 };

/** A fresh profile of another person, who takes an export in. */
async function keeper(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await openLibrary(page, url);
  return page;
}

async function sayName(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.keyboard.press('Enter');
}

async function importShards(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: 60_000 });
}

async function noViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()?.width ?? 0,
  );
}

for (const hands of ['keyboard', 'thumb'] as const) {
  test(`Ben looks at Ada's six labels blind, by ${hands}, and differs on two; both are told`, async ({
    page,
    browser,
    house,
  }) => {
    if (hands === 'thumb') await page.setViewportSize(PHONE);
    await writePhotos(join(house.folder, 'zoo', 'Lion'), 4);
    await writePhotos(join(house.folder, 'zoo', 'Tiger'), 2, 40);
    await openLibrary(page, house.url);
    await page.goto(`${house.url}/library/second`);
    await page.getByRole('button', { name: 'Say who I am' }).click();
    await sayName(page, 'Ada');
    await expect(page.getByText('Nothing waits for your opinion')).toBeVisible();
    await page.goto(`${house.url}/library`);
    await importFolder(page, join(house.folder, 'zoo'), 6);
    const adas = join(house.folder, 'adas');
    await exportLibrary(page, 'Ada', adas);

    const ben = await keeper(browser, house.url);
    if (hands === 'thumb') await ben.setViewportSize(PHONE);
    await importShards(ben, adas);
    await expect(ben.getByText('6 photos added')).toBeVisible({ timeout: 60_000 });
    await ben.goto(`${house.url}/library/second`);
    await ben.getByRole('button', { name: 'Say who I am' }).click();
    await sayName(ben, 'Ben');
    await expect(ben.getByText('1 of 6', { exact: true })).toBeVisible();
    await expect(ben.getByText(/You see it when you have/)).toBeVisible();
    await expect(ben.getByRole('list', { name: 'Who said what' })).toHaveCount(0);
    await noViolations(ben);
    const give = async (name: string): Promise<void> => {
      const button = ben.getByRole('button', { name: new RegExp(`^${name}`) }).first();
      const key = await button.getAttribute('aria-keyshortcuts');
      if (hands === 'thumb') await button.click();
      else await ben.keyboard.press(key ?? 'no key');
    };
    // Ben takes the two tigers for lions, too.
    for (let n = 1; n <= 6; n++) {
      await expect(ben.getByText(`${n} of 6`, { exact: true })).toBeVisible();
      await give('Lion');
      const settle = ben.getByRole('heading', { name: 'You differ. What now?' });
      const agreed = ben.getByText(/^You agree with/);
      await expect(settle.or(agreed).first()).toBeVisible();
      if (await settle.isVisible()) {
        await expect(ben.getByRole('list', { name: 'Who said what' })).toContainText('Tiger');
        if (n < 6) await noViolations(ben);
        if (hands === 'thumb') await ben.getByRole('button', { name: 'Keep mine: Lion' }).click();
        else await ben.keyboard.press('ArrowRight');
      }
    }
    await expect(ben.getByRole('heading', { name: 'All through' })).toBeVisible();
    await ben.goto(`${house.url}/library`);
    const bens = join(house.folder, 'bens');
    await exportLibrary(ben, 'Ben', bens);
    expect(await readdir(bens)).toHaveLength(1);

    await page.keyboard.press('Escape');
    await importShards(page, bens);
    await expect(page.getByText('2 photos on which you and Ben differ.')).toBeVisible({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Look at them' }).click();
    await expect(page.getByText('1 of 2', { exact: true })).toBeVisible();
    await expect(page.getByRole('list', { name: 'Who said what' })).toContainText('Ben');
    await page.getByRole('button', { name: 'Take Ben’s: Lion' }).click();
    await expect(page.getByText('2 of 2', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Agreement', exact: true }).click();
    const pairs = page.getByRole('table', { name: 'Two people at a time' });
    await expect(pairs.getByRole('row', { name: /Ada and Ben/ })).toContainText('5 (83 %)');
    await noViolations(page);
  });
}
