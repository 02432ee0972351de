/** The evidence about a model that was really trained and published: from the list of versions to the photos of a cell. */
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { prepareSample } from '../node-trainer/sample/prepare.ts';
import { openLibrary } from './support/keeper.ts';
import { expect, test } from './support/menagerie.ts';

async function seemly(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${what}: ${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(
    await page.evaluate(() => innerWidth),
  );
}

test('P3-20 … P3-27, P5-34, F-19: an engineer and a keeper look at what a version can do', async ({
  page,
  house,
}) => {
  test.setTimeout(900_000);
  await test.step('a version is trained on the sample zoo, which the keeper has, too', async () => {
    await prepareSample({ data: house.data, models: house.models, log: () => undefined });
    await openLibrary(page, house.url);
    await page.getByRole('button', { name: /sample/i }).click();
    await expect(page.getByText(/\d+ photos added/)).toBeVisible({ timeout: 120_000 });
  });

  await test.step('the list leads to the version; curves and confusions are there at once', async () => {
    await page.goto(`${house.url}/model`);
    await expect(page.getByRole('heading', { name: 'All versions' })).toBeVisible();
    await page.getByRole('link', { name: 'Version 1' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Version 1' })).toBeVisible();
    await expect(page.getByRole('img', { name: /training: from .* validation: from/ }).first()).toBeVisible();
    await expect(page.getByRole('grid', { name: /Confusion matrix/ })).toBeVisible();
    await expect(page.getByText('Figures at the threshold of 95.')).toBeVisible();
  });

  const lead = page.getByText(/: of 100 guests, /);
  await test.step('all scores are loaded, and the slider moves the figures', async () => {
    const before = await lead.textContent();
    await page.getByRole('button', { name: /^Load all scores/ }).click();
    await expect(page.getByRole('slider')).toBeVisible();
    expect(await lead.textContent()).toBe(before);
    await page.getByRole('slider').fill('500');
    await expect(lead).not.toHaveText(before ?? '');
    await expect(page.getByRole('button', { name: 'Back to 95' })).toBeEnabled();
  });

  await test.step('a cell opens its photos, all of which are in this library', async () => {
    const cell = page.getByRole('gridcell', { name: /: \d+ photos? right$/ }).first();
    await cell.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(/photos? in all\.$/)).toBeVisible();
    await expect(dialog.getByRole('gridcell').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Show these photos' }).first().click();
    await expect(dialog.getByRole('gridcell').first()).toBeVisible();
    await seemly(page, 'photos of a figure');
    await page.keyboard.press('Escape');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    await test.step(`everything is seemly on a phone, ${colorScheme}`, async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme });
      await seemly(page, 'evidence');
      await page.goto(`${house.url}/model/1/with/1`);
      await expect(page.getByText(/0 better, 0 worse/)).toBeVisible();
      await seemly(page, 'side by side');
      await page.goto(`${house.url}/model`);
      await expect(page.getByRole('link', { name: 'Version 1' })).toBeVisible();
      await seemly(page, 'versions');
      await page.goto(`${house.url}/model/1`);
      await page.getByRole('button', { name: /^Load all scores/ }).click();
      await page.getByRole('slider').fill('700');
      await page.getByRole('button', { name: 'Answers only' }).click();
    });
  }

  await test.step('the files of the run say the same, and who they belong to', async () => {
    await page.goto(`${house.url}/model/files`);
    const run = join(house.data, 'sample-run');
    await page
      .getByLabel('Choose files')
      .setInputFiles(
        ['scores/scores.npy', 'scores/index.json', 'report/metrics.json'].map((f) => join(run, f)),
      );
    await expect(page.getByRole('slider')).toBeVisible();
    await expect(lead).toBeVisible();
    await seemly(page, 'files of a run');
  });
});
