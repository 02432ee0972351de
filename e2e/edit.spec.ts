/** A keeper crops and turns photos: by keyboard, by thumb, from the labelling room; what was done is in the export. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import JSZip from 'jszip';
import sharp from 'sharp';

import { exportLibrary, openLibrary } from './support/keeper.ts';
import { expect, test } from './support/menagerie.ts';

/** A JPEG of 1200 × 800 pixels: red on the left, blue on the right. */
async function writeHalves(folder: string): Promise<void> {
  const half = (background: string) =>
    sharp({ create: { width: 600, height: 800, channels: 3, background } });
  const blue = await half('#1010e0').png().toBuffer();
  await mkdir(folder, { recursive: true });
  const red = half('#e01010').extend({ right: 600, background: '#000' });
  const both = await red.png().toBuffer();
  await writeFile(
    join(folder, 'halves.jpg'),
    await sharp(both)
      .composite([{ input: blue, left: 600, top: 0 }])
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  );
}

async function addOne(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await expect(page.getByText('1 photo added')).toBeVisible();
}

async function openPhoto(page: Page): Promise<void> {
  await page.getByRole('gridcell').first().dblclick();
  await expect(page.getByRole('img', { name: /The photo/ })).toBeVisible();
}

async function press(page: Page, key: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

interface Exported {
  readonly edits: { readonly turn: number; readonly crop: Record<string, number> | null };
  readonly pixels: string;
  /** RGB bytes of the canonical image. */
  readonly rgb: Buffer;
}

async function exported(page: Page, folder: string, name: string): Promise<Exported> {
  const [file = ''] = await exportLibrary(page, name, folder);
  await page.keyboard.press('Escape');
  const zip = await JSZip.loadAsync(await readFile(file));
  const record = JSON.parse((await zip.file('photos.ndjson')?.async('string')) ?? '') as Exported;
  const image = zip.file(/\.png$/)[0];
  if (!image) throw new Error('no image in the export');
  const rgb = await sharp(await image.async('nodebuffer'))
    .removeAlpha()
    .raw()
    .toBuffer();
  return { ...record, rgb };
}

test('P1-26 a crop by keyboard survives a reload, is in the export, and is undone to the byte', async ({
  page,
  house,
}) => {
  await writeHalves(join(house.folder, 'zoo', 'lion'));
  await openLibrary(page, house.url);
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByRole('checkbox', { name: 'Keep the files as they came' }).check();
  await page.keyboard.press('Escape');
  await addOne(page, join(house.folder, 'zoo'));
  const before = await exported(page, join(house.folder, 'before'), 'before');
  expect(before.edits).toEqual({ turn: 0, crop: null });

  await openPhoto(page);
  await page.getByRole('button', { name: 'Crop or turn' }).press('Enter');
  await page.getByRole('button', { name: 'Crop by hand' }).press('Enter');
  const frame = page.getByRole('application', { name: 'Frame of the crop' });
  await frame.focus();
  await press(page, 'Shift+ArrowLeft', 50);
  await press(page, 'ArrowRight', 50);
  await expect(frame).toHaveText('50 % from the left, 0 % from the top, 50 % wide, 100 % high');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/as it came → turned by 0°, crop 50 × 100 %/)).toBeVisible();

  await page.reload();
  const after = await exported(page, join(house.folder, 'after'), 'after');
  expect(after.edits).toEqual({ turn: 0, crop: { x: 0.5, y: 0, width: 0.5, height: 1 } });
  expect(createHash('sha256').update(after.rgb).digest('hex')).toBe(after.pixels);
  const middle = after.rgb.subarray((150 * 299 + 150) * 3, (150 * 299 + 150) * 3 + 3);
  expect([Number(middle[0]) < 60, Number(middle[2]) > 180]).toEqual([true, true]);

  await page.getByRole('button', { name: 'Undo: 1 photo edited' }).click();
  await expect(page.getByRole('button', { name: 'Undo: 1 photo edited' })).toBeHidden();
  const undone = await exported(page, join(house.folder, 'undone'), 'undone');
  expect([undone.edits, undone.pixels]).toEqual([before.edits, before.pixels]);
  expect(undone.rgb.equals(before.rgb)).toBe(true);
});

test.describe('by thumb at 360 px', () => {
  test.use({ hasTouch: true, viewport: { width: 360, height: 740 } });

  test('P1-25 P1-28 the subject is drawn with a finger, the frame follows; axe finds nothing', async ({
    page,
    house,
  }) => {
    await writeHalves(join(house.folder, 'zoo', 'lion'));
    await openLibrary(page, house.url);
    await addOne(page, join(house.folder, 'zoo'));
    await openPhoto(page);
    await page.getByRole('button', { name: 'Crop or turn' }).tap();
    const box = page.getByRole('application', { name: 'Box around the subject' });
    await expect(box).toBeVisible();
    const stage = box.locator('..');
    await drag(page, stage, [0.05, 0.1], [0.45, 0.9]);
    await expect(box).toHaveText(/5 % from the left, 10 % from the top, 40 % wide, 80 % high/);
    await expect(page.getByText(/The subject fills 85 % of the frame/)).toBeVisible();
    await drag(page, stage, [0.45, 0.9], [0.25, 0.5]);
    await expect(box).toHaveText(/5 % from the left, 10 % from the top, 20 % wide, 40 % high/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

    await page.getByRole('button', { name: 'Turn right' }).tap();
    await page.getByRole('button', { name: 'Save' }).tap();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.keyboard.press('Enter');
    await expect(page.getByText(/as it came → turned by 90°, crop 4\d × 2\d %/)).toBeVisible();
    await page.reload();
    await openPhoto(page);
    await expect(page.getByText(/as it came → turned by 90°/)).toBeVisible();
  });
});

test('P4-15 a photo on its side is turned from the labelling room with a key', async ({ page, house }) => {
  await writeHalves(join(house.folder, 'zoo', 'lion'));
  await openLibrary(page, house.url);
  await addOne(page, join(house.folder, 'zoo'));
  await page.goto(`${house.url}/library/label`);
  const picture = page.getByRole('img', { name: /The photo/ });
  await expect(picture).toBeVisible();
  const address = await picture.getAttribute('src');
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Turn left' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Cropped or turned', { exact: true })).toBeVisible();
  await expect.poll(() => picture.getAttribute('src')).not.toBe(address);
  await page.keyboard.press('z');
  await expect(page.getByRole('button', { name: /Undo: 1 photo edited/ })).toBeHidden();
});

test('P4-11 the variations of a photo are a way away from it, and axe finds nothing there', async ({
  page,
  house,
}) => {
  await writeHalves(join(house.folder, 'zoo', 'lion'));
  await openLibrary(page, house.url);
  await addOne(page, join(house.folder, 'zoo'));
  await openPhoto(page);
  await page.getByRole('link', { name: 'Variations in training' }).click();
  await expect(page.getByText('Of one photo: halves.jpg')).toBeVisible();
  await expect(page.getByRole('img', { name: /turned|mirrored|larger|smaller|brighter|darker/ })).toHaveCount(
    7,
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
});

/** One finger from one place of an element to another, in fractions of it. */
async function drag(
  page: Page,
  element: Locator,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const rect = await element.boundingBox();
  if (!rect) throw new Error('nothing to drag on');
  const at = ([x, y]: readonly [number, number]) => ({
    x: rect.x + x * rect.width,
    y: rect.y + y * rect.height,
  });
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await touch('touchStart', [at(from)]);
  const half = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
  await touch('touchMove', [at(half)]);
  await touch('touchMove', [at(to)]);
  await touch('touchEnd', []);
  await session.detach();
}
