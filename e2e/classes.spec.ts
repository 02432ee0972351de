/** Labels are merged into classes and split again: by mouse, and by thumb on a phone (P1-51 … P1-57). */
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { writePhotos } from './support/bad-files.ts';
import { importFolder, openLibrary } from './support/keeper.ts';
import { expect, test, type House } from './support/menagerie.ts';
import { readStored } from './support/stored.ts';

async function apes(page: Page, house: House): Promise<void> {
  await writePhotos(join(house.folder, 'zoo', 'Chimp'), 3);
  await writePhotos(join(house.folder, 'zoo', 'Bonobo'), 2, 30);
  await writePhotos(join(house.folder, 'zoo', 'Okapi'), 2, 60);
  await openLibrary(page, house.url);
  await importFolder(page, join(house.folder, 'zoo'), 7);
  await page.goto(`${house.url}/library/classes`);
}

async function goOn(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
}

test('by mouse: one label is dragged onto another, and undo takes the class apart', async ({
  page,
  house,
}) => {
  await apes(page, house);
  const row = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('checkbox', { name: `Choose “${name}”` }) });
  await row('Chimp').dragTo(row('Bonobo'));
  const dialog = page.getByRole('dialog', { name: 'Merge labels' });
  await expect(dialog.getByRole('textbox', { name: 'Name of the class' })).toHaveValue(/Chimp/);
  await dialog.getByRole('textbox', { name: 'Note for guests' }).fill('Look at the parting of the hair.');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await goOn(page);
  await expect(page.getByRole('button', { name: /^Split: / })).toBeVisible();
  expect((await readStored(page)).rules).toHaveLength(1);
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await expect(page.getByRole('button', { name: /^Split: / })).toBeHidden();
  expect((await readStored(page)).rules).toHaveLength(0);
});

test.describe('with a thumb', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('at 360 px: two labels are chosen and merged; a split puts up exactly their photos, and they are worked off', async ({
    page,
    house,
  }) => {
    await apes(page, house);
    for (const name of ['Chimp', 'Bonobo'])
      await page.getByRole('checkbox', { name: `Choose “${name}”` }).tap();
    await page.getByRole('button', { name: 'Merge', exact: true }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).tap();
    await goOn(page);
    await page.getByRole('button', { name: /^Split: / }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Split', exact: true }).tap();
    await expect(page.getByText(/5 photos to look at/)).toBeVisible();
    await page.getByRole('button', { name: 'Look at them' }).tap();
    await page.getByRole('button', { name: 'Select all' }).tap();
    await page.getByRole('button', { name: 'Labels are right' }).tap();
    await expect(page.getByRole('heading', { name: /0 photos to look at/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Done/ }).tap();
    await expect.poll(async () => (await readStored(page)).splitChecks).toEqual([]);
    expect((await readStored(page)).rules).toEqual([]);
  });
});
