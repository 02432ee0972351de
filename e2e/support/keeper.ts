import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, type Page } from '@playwright/test';

/** Opens the library page with downloads in place of the folder picker, which only a person can answer. */
export async function openLibrary(page: Page, url: string): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showDirectoryPicker');
  });
  await page.goto(`${url}/library`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Adds a folder of class folders, labelled by folder, and waits until all of it is saved. */
export async function importFolder(page: Page, folder: string, photos: number): Promise<void> {
  await page.getByRole('button', { name: 'Add' }).first().click();
  await page.getByRole('checkbox', { name: 'Use folder names as labels' }).check();
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await expect(page.getByText(`${photos.toLocaleString('en')} photos added`)).toBeVisible({
    timeout: 300_000,
  });
}

/** Exports the whole library and saves its shards into a folder. */
export async function exportLibrary(page: Page, name: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const saved: Promise<string>[] = [];
  page.on('download', (download) => {
    const path = join(folder, download.suggestedFilename());
    saved.push(download.saveAs(path).then(() => path));
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByLabel('Name of the export').fill(name);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText(/photos? exported/)).toBeVisible({ timeout: 300_000 });
  return Promise.all(saved);
}
