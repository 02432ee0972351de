/** A keeper labels photo by photo: by keyboard only, and what was said is there after a reload. */
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { writePhotos } from './support/bad-files.ts';
import { openLibrary } from './support/keeper.ts';
import { expect, test } from './support/menagerie.ts';

test('twenty photos are labelled by keyboard only; all is there after a reload, and undo works', async ({
  page,
  house,
}) => {
  const folder = join(house.folder, 'unsorted');
  await writePhotos(folder, 20);
  await openLibrary(page, house.url);
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByRole('checkbox', { name: 'Use folder names as labels' }).uncheck();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await expect(page.getByText('20 photos added')).toBeVisible({ timeout: 60_000 });

  await page.goto(`${house.url}/library/label`);
  await expect(page.getByText('1 of 20', { exact: true })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('Red Panda');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Your name' }).waitFor();
  await page.keyboard.type('Ada');
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 of 20', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  for (let n = 2; n <= 20; n++) {
    await expect(page.getByText(`${n} of 20`, { exact: true })).toBeVisible();
    // The label that was used has the first quick key; every fifth is not known.
    await page.keyboard.press(n % 5 === 0 ? 'u' : '4');
  }
  await expect(page.getByRole('heading', { name: 'All through' })).toBeVisible();

  await page.goto(`${house.url}/library`);
  await expect(page.getByText('20 photos').first()).toBeVisible();
  await page.goto(`${house.url}/library/label`);
  await page.getByRole('combobox', { name: 'Order' }).selectOption('One label, to check it');
  await expect(page.getByText('1 of 16', { exact: true })).toBeVisible();
  await expect(page.getByText('Now: Red Panda, said by Ada')).toBeVisible();

  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Without a label first');
  await expect(page.getByText('No label yet')).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the labelling room at 360 px, ${scheme}`, async ({ page, house }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const folder = join(house.folder, 'zoo');
    await writePhotos(join(folder, 'Red Panda'), 3);
    await openLibrary(page, house.url);
    await page.getByRole('button', { name: 'Add' }).first().click();
    await page.getByLabel('Choose a folder').setInputFiles(folder);
    await expect(page.getByText('3 photos added')).toBeVisible({ timeout: 60_000 });
    await page.goto(`${house.url}/library/label`);
    for (const section of ['Label', 'Faults', 'Guidance']) {
      await page.getByRole('button', { name: section, exact: true }).click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
}
