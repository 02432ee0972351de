/** Two tabs on one library see each other's changes and never overwrite. */
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { writePhotos } from './support/bad-files.ts';
import { importFolder, openLibrary } from './support/keeper.ts';
import { expect, test, type House } from './support/menagerie.ts';
import { readStored } from './support/stored.ts';

async function twoTabs(page: Page, house: House): Promise<readonly [Page, Page]> {
  await writePhotos(join(house.folder, 'zoo', 'Tiger'), 6);
  await writePhotos(join(house.folder, 'zoo', 'Lion'), 6, 30);
  await openLibrary(page, house.url);
  await importFolder(page, join(house.folder, 'zoo'), 12);
  const other = await page.context().newPage();
  await openLibrary(other, house.url);
  await expect(other.getByText('All photos (12)')).toBeAttached();
  return [page, other];
}

async function give(page: Page, label: string, by: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Label', exact: true }).fill(label);
  await page.keyboard.press('Enter');
  const name = page.getByRole('textbox', { name: 'Your name' });
  if (by !== '') {
    await name.fill(by);
    await name.press('Enter');
  }
}

test('what is labelled, removed and merged in one tab is there in the other at once', async ({
  page,
  house,
}) => {
  const [one, two] = await twoTabs(page, house);
  await one.getByRole('gridcell').first().click();
  await give(one, 'Okapi', 'Ada');
  await expect(two.getByRole('gridcell', { name: /^Okapi/ })).toHaveCount(1);

  await two
    .getByRole('gridcell', { name: /^Tiger/ })
    .first()
    .click();
  await two.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(one.getByText('All photos (11)')).toBeAttached();
  await expect(one.getByRole('gridcell', { name: /^Tiger/ })).toHaveCount(5);

  await two.goto(`${house.url}/library/classes`);
  await one.goto(`${house.url}/library/classes`);
  for (const name of ['Tiger', 'Lion']) await one.getByRole('checkbox', { name: `Choose “${name}”` }).check();
  await one.getByRole('button', { name: 'Merge', exact: true }).click();
  await one.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
  await expect(two.getByRole('button', { name: /^Split: / })).toBeVisible();
});

test('both tabs label at the same time: every decision of both is kept, and undo takes back the last one only', async ({
  page,
  house,
}) => {
  const [one, two] = await twoTabs(page, house);
  const [tigers, lions] = [
    one.getByRole('gridcell', { name: /^Tiger/ }),
    two.getByRole('gridcell', { name: /^Lion/ }),
  ];
  // One by one: several pictures come in at the same time, so the two kinds stand mixed.
  for (let n = 0; n < 6; n++) {
    await tigers.nth(n).click({ modifiers: ['ControlOrMeta'] });
    await lions.nth(n).click({ modifiers: ['ControlOrMeta'] });
  }
  const by = 'Ada';
  await give(one, 'Okapi', by);
  await expect(two.getByRole('gridcell', { name: /^Okapi/ })).toHaveCount(6);
  await Promise.all([give(one, 'Serval', ''), give(two, 'Caracal', by)]);
  await expect(one.getByRole('gridcell', { name: /^Serval/ })).toHaveCount(6);
  for (const tab of [one, two]) {
    await expect(tab.getByRole('gridcell', { name: /^Serval/ })).toHaveCount(6);
    await expect(tab.getByRole('gridcell', { name: /^Caracal/ })).toHaveCount(6);
  }
  await two.getByRole('button', { name: /^Undo/ }).first().click();
  await expect.poll(async () => labels(one)).toHaveLength(2);
  for (const tab of [one, two]) {
    const left = (await labels(tab)).filter((label) => label === 'serval' || label === 'caracal');
    expect(left).toHaveLength(1);
  }
});

async function labels(page: Page): Promise<string[]> {
  const { photos } = await readStored(page);
  return [...new Set(photos.map((photo) => photo.label?.id ?? 'none'))];
}
