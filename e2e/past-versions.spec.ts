/** Every past version of the library still opens, with its photos, labels, rules and what can be undone (P1-06). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openLibrary } from './support/keeper.ts';
import { expect, test } from './support/menagerie.ts';
import { dump, put, type Dump } from './support/past.ts';

const FOLDER = join(import.meta.dirname, 'fixtures');
const FILES = readdirSync(FOLDER).filter((name) => /^library-v\d+\.json$/.test(name));

for (const file of FILES) {
  test(`${file} opens`, async ({ page, house }) => {
    const past = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Dump;
    // A page of the same origin that runs none of our code.
    await page.goto(`${house.url}/manifest.webmanifest`);
    await put(page, past);
    await openLibrary(page, house.url);
    await expect(page.getByText('All photos (4)')).toBeAttached();
    await expect(page.getByRole('gridcell', { name: /^Okapi/ })).toHaveCount(1);
    for (const picture of await page.getByRole('gridcell').locator('img').all())
      expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await page.goto(`${house.url}/library/classes`);
    await expect(page.getByRole('button', { name: 'Split: Tiger-Lion' })).toBeVisible();

    await page.goto(`${house.url}/library`);
    const undo = page.getByRole('button', { name: /^Undo/ }).first();
    if (past.version > 1) await undo.click();
    await undo.click();
    await expect(page.getByRole('gridcell', { name: /^Okapi/ })).toHaveCount(0);
  });
}

test('the present version is kept among the past ones, for those who come after', async ({ page, house }) => {
  await openLibrary(page, house.url);
  await expect(page.getByRole('button', { name: 'Add your own photos' })).toBeVisible();
  const { version, stores } = await dump(page);
  const file = join(FOLDER, `library-v${String(version)}.json`);
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Dump;
  expect(kept.stores.map((store) => store.name)).toEqual(stores.map((store) => store.name));
});
