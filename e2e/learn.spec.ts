/** A head that learns while a keeper labels: a label that the published model does not know is suggested soon. */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { ANIMALS } from '../node-trainer/sample/animals.ts';
import { importFolder, openLibrary } from './support/keeper.ts';
import { expect, menagerie, ROOT, test } from './support/menagerie.ts';
import { drawPhotos } from './support/sample-photos.ts';

const COUNT = 16;
const SUGGESTED_AFTER = 5;

test('a label that the model does not know is suggested after a handful of examples', async ({
  page,
  house,
}) => {
  test.setTimeout(600_000);
  const [zoo, strays] = [join(house.folder, 'zoo'), join(house.folder, 'strays')];
  await drawPhotos(zoo, { count: COUNT, seed: 3 });
  const stranger = ANIMALS.at(-1)?.name ?? '';
  await mkdir(strays);
  await rename(join(zoo, stranger), join(strays, stranger));

  await test.step('a version is published that knows all animals but one', async () => {
    const backbone = join(ROOT, 'node-trainer', 'sample', 'backbone');
    const places = ['--library', zoo, '--run', join(house.folder, 'run'), '--models', house.models];
    const run = await menagerie('run', ...places, '--weights', backbone, '--minimum', '10');
    expect(run.code, run.stderr).toBe(0);
  });

  await test.step('the keeper adds the zoo with labels, the others without', async () => {
    await openLibrary(page, house.url);
    await importFolder(page, zoo, COUNT * (ANIMALS.length - 1));
    await page.getByRole('button', { name: 'Add' }).first().click();
    await page.getByRole('checkbox', { name: 'Use folder names as labels' }).uncheck();
    await page.getByLabel('Choose a folder').setInputFiles(strays);
    await expect(page.getByText(`${String(COUNT)} photos added`)).toBeVisible({ timeout: 60_000 });
  });

  const learnt = page.getByRole('region', { name: 'Learnt here' });
  await test.step('in the labelling room the model looks at all photos, and the head learns from their labels', async () => {
    await page.goto(`${house.url}/library/label`);
    await expect(page.getByText('No label yet')).toBeVisible();
    await expect(learnt.getByText(new RegExp(`of ${String(ANIMALS.length - 1)} labels`))).toBeVisible({
      timeout: 120_000,
    });
    await expect(learnt.getByText(/looks at photos/)).toBeHidden({ timeout: 120_000 });
    await expect(learnt.getByRole('button')).toHaveCount(3);
    await expect(learnt.getByRole('button', { name: /Gazelle/ })).toHaveCount(0);
  });

  await test.step('a handful of photos gets a label that nobody knew', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('Gazelle');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    for (let n = 2; n <= SUGGESTED_AFTER; n++) {
      await expect(page.getByText(`${String(n)} of ${String(COUNT * ANIMALS.length)}`)).toBeVisible();
      await page.getByRole('button', { name: 'Gazelle', exact: true }).click();
    }
  });

  await test.step('then it is suggested for the next ones, apart from the model', async () => {
    await expect(learnt.getByText(new RegExp(`of ${String(ANIMALS.length)} labels`))).toBeVisible();
    await expect(learnt.getByRole('button').first()).toContainText('Gazelle');
    const published = page.getByRole('region', { name: 'What the published model sees' });
    await expect(published.getByRole('button').first()).toBeVisible();
    await expect(published.getByRole('button', { name: /Gazelle/ })).toHaveCount(0);
    await page.keyboard.press('q');
    await expect(page.getByText('“Gazelle” given', { exact: true })).toBeVisible();
  });

  await test.step('and photos can be gone through by what they look like', async () => {
    const order = page.getByRole('combobox', { name: 'Order' });
    await order.selectOption('Most alike');
    await page.getByRole('combobox', { name: 'Like what' }).selectOption({ label: 'Gazelle (6)' });
    await expect(
      page.getByRole('strong').filter({ hasText: `1 of ${String(COUNT - SUGGESTED_AFTER - 1)}` }),
    ).toBeVisible();
    await order.selectOption('Odd one out');
    await expect(page.getByRole('strong').filter({ hasText: /^1 of \d+$/ })).toBeVisible();
  });
});
