/** Names that want to be more than names: shown as text, exported safely, and read back as they were. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import JSZip from 'jszip';

import { writePhotos } from './support/bad-files.ts';
import { exportLibrary, openLibrary } from './support/keeper.ts';
import { expect, menagerie, test } from './support/menagerie.ts';

const NAMES = [
  '<img src=x onerror="document.title=1">',
  '=HYPERLINK("http://x","y")',
  '../../x',
  '🦁🏳️‍🌈 zero‍width',
  'نمر ‮gnp.exe',
  'CON',
  '__proto__',
  'x'.repeat(300),
] as const;

test('hostile labels are text on every page, safe in an export, and whole in the trainer', async ({
  page,
  house,
}) => {
  test.setTimeout(180_000);
  await writePhotos(join(house.folder, 'loose'), NAMES.length);
  await openLibrary(page, house.url);
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByRole('checkbox', { name: 'Use folder names as labels' }).uncheck();
  await page.getByLabel('Choose a folder').setInputFiles(join(house.folder, 'loose'));
  await expect(page.getByText(`${String(NAMES.length)} photos added`)).toBeVisible({ timeout: 60_000 });

  for (const [at, name] of NAMES.entries()) {
    await page.getByRole('gridcell').nth(at).click();
    const field = page.getByRole('combobox', { name: 'Label', exact: true });
    await field.fill(name);
    await page.getByRole('option', { name: 'New label' }).first().click();
    if (at === 0) {
      await page.getByRole('textbox', { name: 'Your name' }).fill('<b>Ada</b>');
      await page.keyboard.press('Enter');
    }
    await expect(page.getByRole('gridcell', { name: 'No label' })).toHaveCount(NAMES.length - at - 1);
  }

  for (const path of ['/library', '/library/label', '/library/classes', '/library/plan']) {
    await page.goto(house.url + path);
    await expect(page.locator('.room')).toBeVisible();
    expect(await page.locator('img[src="x"], b:text-is("Ada")').count(), path).toBe(0);
    expect(await page.title(), path).not.toBe('1');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThan(
      1,
    );
  }
  await page.goto(`${house.url}/library/classes`);
  for (const name of NAMES) await expect(page.getByText(name, { exact: true }).first()).toBeVisible();

  await page.goto(`${house.url}/library`);
  const [shard = ''] = await exportLibrary(page, 'odd', join(house.folder, 'export'));
  const zip = await JSZip.loadAsync(await readFile(shard));
  for (const entry of Object.keys(zip.files)) {
    expect(entry).not.toMatch(/^\/|\\|(^|\/)\.\.(\/|$)|^[=+@-]|(^|\/)(con|prn|aux|nul)(\.|\/|$)/i);
    expect(entry.length).toBeLessThan(300);
  }
  const run = join(house.folder, 'run');
  const read = await menagerie('extract', '--library', shard, '--run', run, '--json');
  expect(read.code, read.stderr).toBe(0);
  expect(JSON.parse(read.stdout)).toMatchObject({ photos: NAMES.length, leftOut: 0 });
  const { subClasses } = JSON.parse(await readFile(join(run, 'photos', 'library.json'), 'utf8')) as {
    subClasses: { name: string }[];
  };
  expect(subClasses.map((label) => label.name).sort()).toEqual(NAMES.map((n) => n.normalize('NFC')).sort());
});
