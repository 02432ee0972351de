/** A keeper's hour with a new model: wrong labels come up by pair, are put right by keyboard, and what is kept stays kept. */
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { ANIMALS } from '../node-trainer/sample/animals.ts';
import { importFolder, openLibrary } from './support/keeper.ts';
import { expect, menagerie, ROOT, test } from './support/menagerie.ts';
import { drawPhotos } from './support/sample-photos.ts';

const COUNT = 16;
const PLANTED = 4;

/** Puts some photos of one animal into the folder of another one. */
async function plant(zoo: string, from: string, to: string): Promise<void> {
  const names = (await readdir(join(zoo, from))).sort().slice(0, PLANTED);
  for (const name of names) await rename(join(zoo, from, name), join(zoo, to, `planted-${name}`));
}

async function axe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
}

test('planted wrong labels are found by pair and put right by keyboard; what was kept is not asked again', async ({
  page,
  house,
}) => {
  test.setTimeout(600_000);
  const zoo = join(house.folder, 'zoo');
  await drawPhotos(zoo, { count: COUNT, seed: 3 });
  const [wrong = '', right = ''] = ANIMALS.map(({ name }) => name);

  await test.step('a version is published that learnt from right labels', async () => {
    const backbone = join(ROOT, 'node-trainer', 'sample', 'backbone');
    const places = ['--library', zoo, '--run', join(house.folder, 'run'), '--models', house.models];
    const run = await menagerie('run', ...places, '--weights', backbone, '--minimum', '10');
    expect(run.code, run.stderr).toBe(0);
  });

  await test.step('the keeper has some photos under a wrong label', async () => {
    await mkdir(join(zoo, wrong), { recursive: true });
    await plant(zoo, right, wrong);
    await openLibrary(page, house.url);
    await importFolder(page, zoo, COUNT * ANIMALS.length);
  });

  const pair = page.getByRole('button', { name: new RegExp(`^\\d+ × ${wrong} → ${right}$`) });
  await test.step('the model looks at all photos, and the pair comes up', async () => {
    await page.goto(`${house.url}/library/check`);
    await page.getByRole('button', { name: 'Let the model look' }).click();
    await expect(pair).toBeVisible({ timeout: 180_000 });
    await axe(page);
  });

  await test.step('three pictures stand side by side, nearest examples beside the photo', async () => {
    await pair.click();
    await expect(page.getByRole('heading', { name: `2. Is it ${wrong}?` })).toBeVisible();
    await expect(page.getByRole('img', { name: /^The photo to check, planted-/ })).toBeVisible();
    await expect(page.getByRole('img', { name: `An example of ${wrong}` })).toBeVisible();
    await expect(page.getByRole('img', { name: `An example of ${right}` })).toBeVisible();
    await axe(page);
  });

  await test.step('one is kept with a key, the next ones are labelled anew with another one', async () => {
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
    });
    await page.keyboard.press('k');
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    await expect(page.getByText(`“${wrong}” kept`, { exact: true })).toBeVisible();
    await page.keyboard.press('1');
    await expect(page.getByText(`“${right}” given`, { exact: true })).toBeVisible();
    await expect(page.getByText(/^3 of \d+$/)).toBeVisible();
    // The room goes on before the act is stored; what can be undone is.
    await expect(page.getByRole('button', { name: `Undo: “${right}” given to 1 photo` })).toBeVisible();
  });

  await test.step('after a reload it goes on where it was', async () => {
    await page.reload();
    await expect(page.getByText(/^3 of \d+$/)).toBeVisible();
    const total = Number((await page.locator('.progress').textContent())?.split(' of ')[1]);
    for (let n = 3; n <= total; n++) {
      await expect(page.getByText(`${String(n)} of ${String(total)}`, { exact: true })).toBeVisible();
      await page.keyboard.press('1');
    }
    await expect(page.getByRole('heading', { name: 'All through' })).toBeVisible();
    await expect(page.getByText('1 kept', { exact: true })).toBeVisible();
    await expect(page.getByText(`${String(total - 1)} labelled anew`, { exact: true })).toBeVisible();
  });

  await test.step('nobody is asked about that pair again', async () => {
    await page.getByRole('button', { name: 'Choose other photos' }).click();
    await expect(page.getByText('1 kept for this version')).toBeVisible();
    await expect(pair).toHaveCount(0);
    await page.reload();
    await expect(page.getByText('1 kept for this version')).toBeVisible();
    await expect(pair).toHaveCount(0);
    await page.getByRole('switch', { name: /Also ask about photos that were kept/ }).check();
    await expect(page.getByRole('button', { name: `1 × ${wrong} → ${right}` })).toBeVisible();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    await test.step(`axe finds nothing at 360 px, ${colorScheme}`, async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${house.url}/library/check?class=${encodeURIComponent(wrong.toLowerCase())}`);
      await expect(page.getByRole('img', { name: /^The photo to check/ })).toBeVisible();
      for (const section of ['Picture', 'Label', 'More']) {
        await page.getByRole('button', { name: section, exact: true }).click();
        await axe(page);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
  }
});
