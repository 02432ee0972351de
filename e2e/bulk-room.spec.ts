/**
 * A keeper shows photos without a label to the model, finds a new animal among the look-alikes, labels it in one go and
 * takes that back; results of a folder are taken in (P4-16 … P4-22, P5-40).
 */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { ANIMALS } from '../node-trainer/sample/animals.ts';
import { importFolder, openLibrary } from './support/keeper.ts';
import { expect, menagerie, ROOT, test } from './support/menagerie.ts';
import { drawPhotos } from './support/sample-photos.ts';

const COUNT = 12;
const KNOWN = ANIMALS.length - 1;
/** The model has never seen it. */
const STRANGER = ANIMALS.at(-1)?.name ?? '';

test('a new animal is found among look-alikes and labelled in one go, and a folder is identified outside the library', async ({
  page,
  house,
}) => {
  test.setTimeout(600_000);
  const [zoo, strays] = [join(house.folder, 'zoo'), join(house.folder, 'strays')];
  await drawPhotos(zoo, { count: COUNT, seed: 5 });
  await mkdir(strays);
  await rename(join(zoo, STRANGER), join(strays, 'unsorted'));

  await test.step('a version is published that knows all animals but one', async () => {
    const backbone = join(ROOT, 'node-trainer', 'sample', 'backbone');
    const places = ['--library', zoo, '--run', join(house.folder, 'run'), '--models', house.models];
    const run = await menagerie('run', ...places, '--weights', backbone, '--minimum', '10');
    expect(run.code, run.stderr).toBe(0);
  });

  await test.step('the keeper adds the zoo with labels, the others without', async () => {
    await openLibrary(page, house.url);
    await importFolder(page, zoo, COUNT * KNOWN);
    await page.getByRole('button', { name: 'Add' }).first().click();
    await page.getByRole('checkbox', { name: 'Use folder names as labels' }).uncheck();
    await page.getByLabel('Choose a folder').setInputFiles(strays);
    await expect(page.getByText(`${String(COUNT)} photos added`)).toBeVisible({ timeout: 60_000 });
  });

  await test.step('photos without a label are identified', async () => {
    await page.getByRole('link', { name: 'Identify many' }).click();
    await page.getByRole('button', { name: 'Identify photos' }).click();
    await expect(
      page.getByRole('radio', { name: `Photos without a label (${String(COUNT)})` }),
    ).toBeChecked();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('link', { name: 'See the results' }).click();
    await expect(page.getByText(`${String(COUNT)} of ${String(COUNT)}: any guess`)).toBeVisible({
      timeout: 120_000,
    });
    expect(await page.getByRole('gridcell').count()).toBe(COUNT);
  });

  await test.step('a question is asked, and is there after a reload', async () => {
    await page.getByRole('button', { name: 'Look-alikes' }).click();
    await page.getByRole('spinbutton', { name: 'Confidence from' }).fill('0');
    await page.getByRole('spinbutton', { name: 'and below' }).fill('100');
    await page.getByRole('combobox', { name: 'Its label' }).selectOption('None');
    const words = await page.getByText(/^\d+ of 12: guessed .*, without a label$/).textContent();
    await page.reload();
    await expect(page.getByText(words ?? 'nothing', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'All classes' }).click();
    await expect(page.getByText('12 of 12: any guess, without a label')).toBeVisible();
  });

  await test.step('all of it gets a new label in one go, leaves the question, and comes back with undo', async () => {
    await page.getByRole('gridcell').first().click();
    await page.keyboard.press('ControlOrMeta+a');
    await expect(page.getByText(`${String(COUNT)} selected`).first()).toBeVisible();
    await page.getByRole('combobox', { name: 'Label or new class' }).fill(STRANGER);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    await expect(page.getByText(`${String(COUNT)} photos labelled “${STRANGER}”`)).toBeVisible();
    await expect(page.getByText('No result fits this question.')).toBeVisible();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(page.getByText('12 of 12: any guess, without a label')).toBeVisible();
  });

  await test.step('files of a folder are identified outside the library, and one is taken in with a label', async () => {
    const unseen = join(house.folder, 'unseen');
    await drawPhotos(unseen, { count: 2, seed: 77 });
    await page.getByRole('link', { name: 'All identifications' }).click();
    await page.getByRole('button', { name: 'Identify photos' }).click();
    await page.getByLabel('A folder').setInputFiles(unseen);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('link', { name: 'See the results' }).click();
    const all = 2 * ANIMALS.length;
    await expect(page.getByText(`${String(all)} of ${String(all)}: any guess`)).toBeVisible({
      timeout: 120_000,
    });
    await page
      .getByRole('gridcell', { name: /Not in the library/ })
      .first()
      .click();
    await page.getByRole('button', { name: /Accept the guess/ }).click();
    await expect(page.getByText('1 guess accepted')).toBeVisible({ timeout: 60_000 });
    await page.getByRole('combobox', { name: 'Its label' }).selectOption('Not in the library');
    await expect(
      page.getByText(`${String(all - 1)} of ${String(all)}: any guess, not in the library`),
    ).toBeVisible();
  });

  for (const scheme of ['light', 'dark'] as const)
    await test.step(`axe finds nothing at 360 px, ${scheme}`, async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.getByRole('gridcell').first().click();
      await nothingFound(page);
      await page.keyboard.press('Enter');
      await nothingFound(page);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Change the question' }).click();
      await nothingFound(page);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Clear selection' }).click();
    });

  await test.step('axe finds nothing in the list of identifications and where one begins', async () => {
    await page.getByRole('link', { name: 'All identifications' }).click();
    await expect(page.getByRole('heading', { name: 'Identifications' })).toBeVisible();
    await nothingFound(page);
    await page.getByRole('button', { name: 'Identify photos' }).click();
    await nothingFound(page);
  });
});

async function nothingFound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
}
