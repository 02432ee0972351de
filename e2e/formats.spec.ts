/** Photos and labels come from other programs and go to them, on a phone (issue: in and out). */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import JSZip from 'jszip';

import { goodJpeg } from './support/bad-files.ts';
import { openLibrary } from './support/keeper.ts';
import { expect, test } from './support/menagerie.ts';

const HOSTILE = '=cmd() <img src=x onerror=alert(1)>';

test.use({ viewport: { width: 360, height: 740 } });

test('in from a CVAT zip and a folder with a table, out as YOLO and as COCO', async ({ page, house }) => {
  await openLibrary(page, house.url);
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByLabel('Choose photos or zip files').setInputFiles(await cvatZip(house.folder));
  await expect(page.getByText('3 photos added')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('annotations.xml: CVAT for images, 2 photos labelled by it')).toBeVisible();
  await page.getByText('1 thing was left open').click();
  await expect(page.getByText('The list does not name this image.')).toBeVisible();
  await expect(page.locator('img[src="x"]')).toHaveCount(0);

  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByLabel('Choose a folder').setInputFiles(await folderWithTable(house.folder));
  await expect(page.getByText('2 photos added')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('pics/labels.csv: CSV table, 2 photos labelled by it')).toBeVisible();

  const yolo = await exportAs(page, 'YOLO classification', house.folder);
  const folders = Object.keys(yolo.files).map((path) => path.split('/').slice(0, -1).join('/'));
  const lions = folders.filter((folder) => folder === 'train/Lion');
  expect([lions.length, folders.filter((folder) => folder.startsWith('train/')).length]).toEqual([2, 4]);
  const yaml = (await bytesOf(yolo, 'data.yaml')).toString();
  expect(yaml).toContain(JSON.stringify(HOSTILE));

  await page.getByRole('button', { name: 'Export again' }).click();
  const coco = await exportAs(page, 'COCO', house.folder);
  const list = JSON.parse((await bytesOf(coco, 'annotations/instances.json')).toString()) as Coco;
  expect(list.categories.map(({ name }) => name).sort()).toEqual([HOSTILE, 'Lion', 'Lynx']);
  expect([list.images.length, list.annotations.length]).toEqual([5, 4]);
  for (const { file_name } of list.images) {
    const png = await bytesOf(coco, file_name);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  }
});

interface Coco {
  readonly images: readonly { readonly file_name: string }[];
  readonly annotations: readonly unknown[];
  readonly categories: readonly { readonly name: string }[];
}

/** Two tags, one of them hostile, and an image that the list does not name. */
async function cvatZip(folder: string): Promise<string> {
  const zip = new JSZip();
  for (const n of [1, 2, 3]) zip.file(`images/${String(n)}.jpg`, await goodJpeg(n));
  const hostile = HOSTILE.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const image = (n: number, label: string): string =>
    `<image id="${String(n)}" name="${String(n)}.jpg" width="9" height="9"><tag label="${label}" source="manual"></tag></image>`;
  zip.file(
    'annotations.xml',
    `<?xml version="1.0"?><annotations><version>1.1</version>${image(1, 'Lion')}${image(2, hostile)}</annotations>`,
  );
  const path = join(folder, 'task_1_cvat for images 1.1.zip');
  await writeFile(path, await zip.generateAsync({ type: 'nodebuffer' }));
  return path;
}

async function folderWithTable(folder: string): Promise<string> {
  const pics = join(folder, 'pics');
  await mkdir(pics, { recursive: true });
  await writeFile(join(pics, '4.jpg'), await goodJpeg(4));
  await writeFile(join(pics, '5.jpg'), await goodJpeg(5));
  await writeFile(
    join(pics, 'labels.csv'),
    '\ufeffDateiname;file;species\r\nx;4.jpg;Lion\r\ny;5.jpg;"Lynx"\r\n',
  );
  return pics;
}

async function bytesOf(zip: JSZip, path: string): Promise<Buffer> {
  const file = zip.file(path);
  if (!file) throw new Error(`${path} is not in the zip`);
  return file.async('nodebuffer');
}

/** With the export dialog open or closed; whatever it shows is usable by everybody. */
async function exportAs(page: Page, format: string, folder: string): Promise<JSZip> {
  const dialog = page.getByRole('dialog', { name: 'Export the library' });
  if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('combobox', { name: 'Format' }).selectOption({ label: format });
  await expect(page.getByText('who gave a label and when')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const downloaded = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Start' }).click();
  const download = await downloaded;
  const path = join(folder, basename(download.suggestedFilename()));
  await download.saveAs(path);
  await expect(page.getByText(/photos exported/)).toBeVisible();
  return JSZip.loadAsync(await readFile(path));
}
