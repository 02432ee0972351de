/** A keeper names the photos of the sample zoo blind, leaves, comes back, and stands beside the model (P6-28). */
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { ANIMALS } from '../node-trainer/sample/animals.ts';
import { importFolder, openLibrary } from './support/keeper.ts';
import { expect, menagerie, ROOT, test } from './support/menagerie.ts';
import { drawPhotos } from './support/sample-photos.ts';

const PHONE = { width: 360, height: 740 };
const COUNT = ANIMALS.length;

async function noViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()?.width ?? 0,
  );
}

test('eleven photos are named blind by keyboard and by thumb, over a reload, and set beside the model', async ({
  page,
  house,
}) => {
  test.setTimeout(600_000);
  const [school, zoo] = [join(house.folder, 'school'), join(house.folder, 'zoo')];
  await drawPhotos(school, { count: 12, seed: 3 });
  await drawPhotos(zoo, { count: 1, seed: 8 });

  await test.step('a version is published, and the keeper has photos that it has never seen', async () => {
    const backbone = join(ROOT, 'node-trainer', 'sample', 'backbone');
    const places = ['--library', school, '--run', join(house.folder, 'run'), '--models', house.models];
    const run = await menagerie('run', ...places, '--weights', backbone, '--minimum', '8');
    expect(run.code, run.stderr).toBe(0);
    await openLibrary(page, house.url);
    await importFolder(page, zoo, COUNT);
  });

  const place = (at: number): Promise<void> =>
    expect(page.getByRole('heading', { name: `Photo ${String(at)} of ${String(COUNT)}` })).toBeVisible();
  const painted = (): Promise<void> => expect(page.locator('[aria-busy="false"] img')).toBeVisible();

  await test.step('the room says what it is about, and begins', async () => {
    await page.goto(`${house.url}/library/quiz`);
    await expect(page.getByText(`There are only ${String(COUNT)}: all of them are asked.`)).toBeVisible();
    await noViolations(page);
    await page.getByRole('spinbutton', { name: 'Number of the sample' }).fill('42');
    await page.getByRole('button', { name: `Begin with ${String(COUNT)} photos` }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    await place(1);
    await painted();
    await noViolations(page);
  });

  await test.step('nothing on the page tells what the photo shows', async () => {
    const room = await page.locator('.room').evaluate((element) => element.outerHTML);
    for (const { name } of ANIMALS) expect(room.toLowerCase()).not.toContain(name.toLowerCase());
    expect(room).not.toMatch(/\.(png|jpg)/);
    expect(room).not.toMatch(/[0-9a-f]{64}/);
  });

  await test.step('five by keyboard: typing begins by itself, 1 repeats an answer, 0 says one does not know', async () => {
    await page.keyboard.type('zeb');
    await page.keyboard.press('Enter');
    for (const [at, key] of [
      [2, '1'],
      [3, '0'],
      [4, '1'],
    ] as const) {
      await place(at);
      await painted();
      await page.keyboard.press(key);
    }
    await place(5);
    await expect(page.getByText('Photo 4: Zebra')).toBeVisible();
  });

  await test.step('a pause covers the picture; after a reload it goes on where it was', async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('heading', { name: 'Pause', exact: true })).toBeVisible();
    await expect(page.locator('.room img')).toHaveCount(0);
    await noViolations(page);
    await page.reload();
    await expect(page.getByText(`All labelled photos: 4 of ${String(COUNT)} photos named.`)).toBeVisible();
  });

  await test.step('the others by thumb on a phone', async () => {
    await page.setViewportSize(PHONE);
    await page.getByRole('button', { name: 'Go on' }).click();
    for (let at = 5; at <= COUNT; at++) {
      await place(at);
      await painted();
      if (at === 5) await noViolations(page);
      await page.getByRole('button', { name: 'Zebra' }).click();
    }
  });

  await test.step('the result stands beside the version, after it has looked', async () => {
    await expect(page.getByRole('heading', { name: /^You named \d of 11$/ })).toBeVisible();
    await expect(
      page.getByText(`Version 1 has not looked at ${String(COUNT)} of these photos yet.`),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Let it look' }).click();
    const figures = page.getByRole('table', { name: 'Figures' });
    await expect(figures.getByRole('columnheader', { name: 'Version 1' })).toBeVisible({ timeout: 120_000 });
    await expect(figures.getByRole('row', { name: /^Photos/ })).toHaveText(/Photos\s*11\s*11/);
    await expect(figures.getByRole('row', { name: /^Not answered/ })).toContainText('1 (9 %)');
    await expect(page.getByRole('table', { name: 'Class by class' }).getByRole('row')).toHaveCount(COUNT + 1);
    await noViolations(page);
  });

  await test.step('a missed photo opens with its label', async () => {
    const missed = page.getByRole('group', { name: 'Missed by whom' });
    await missed.getByRole('button', { name: /^Only You/ }).click();
    await page
      .getByRole('button', { name: /^Look at it: labelled/ })
      .first()
      .click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('the sitting is kept', async () => {
    await page.getByRole('button', { name: 'Back to the start' }).click();
    await expect(page.getByRole('button', { name: /^Results: Ada/ })).toBeVisible();
    await noViolations(page);
  });
});
