/** The app as an installed thing: offline, updated by consent, readable by everyone. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { writePhotos } from './support/bad-files.ts';
import { importFolder, openLibrary } from './support/keeper.ts';
import { expect, test } from './support/menagerie.ts';

const PAGES = ['/', '/library', '/model', '/about'] as const;

test('works without a network after the first visit, on every page', async ({ page, context, house }) => {
  await page.goto(house.url);
  await ready(page);
  await context.setOffline(true);
  for (const path of PAGES) {
    await page.goto(house.url + path);
    await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
  }
});

test('a new version waits for consent; then every tab takes it and no photo is lost', async ({
  page,
  context,
  house,
}) => {
  await writePhotos(join(house.folder, 'zoo', 'tiger'), 5);
  await openLibrary(page, house.url);
  await ready(page);
  await importFolder(page, join(house.folder, 'zoo'), 5);
  const other = await context.newPage();
  await other.goto(house.url);

  await appendFile(join(house.web, 'sw.js'), '\n// a newer build\n');
  await page.reload();
  const accept = page.getByRole('button', { name: 'Reload and use it' });
  await expect(accept).toBeVisible();
  const reloaded = Promise.all([page.waitForEvent('load'), other.waitForEvent('load')]);
  await accept.click();
  await reloaded;
  await expect(page.getByText('All photos (5)')).toBeAttached();
});

test('a broken deploy leaves the version in use whole', async ({ page, context, house }) => {
  await page.goto(house.url);
  await ready(page);
  const worker = join(house.web, 'sw.js');
  const text = await readFile(worker, 'utf8');
  await writeFile(worker, text.replace(/("?revision"?:\s*")[0-9a-f]+/g, '$1feed'));
  await writeFile(join(house.web, 'index.html'), '<h1>Welcome to the free network of the food court</h1>');
  const outcome = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => undefined);
    await new Promise((r) => setTimeout(r, 1500));
    return registration.waiting === null ? 'refused' : 'taken';
  });
  expect(outcome).toBe('refused');
  await context.setOffline(true);
  await page.goto(`${house.url}/about`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('About Menagerie');
});

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page at 360 px, ${scheme}`, async ({ page, house }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: scheme });
    for (const path of PAGES) {
      await page.goto(house.url + path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${path}: ${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
    }
  });
}

test('axe finds nothing while a dialog of the library is open', async ({ page, house }) => {
  await writePhotos(join(house.folder, 'zoo', 'tiger'), 2);
  await openLibrary(page, house.url);
  await importFolder(page, join(house.folder, 'zoo'), 2);
  const openers = [
    ['adding', () => page.getByRole('button', { name: /^Add/ }).first().click()],
    ['exporting', () => page.getByRole('button', { name: 'Export' }).click()],
    ['one photo', () => page.getByRole('gridcell').first().dblclick()],
  ] as const;
  for (const [what, open] of openers) {
    await open();
    await expect(page.getByRole('dialog'), what).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${what}: ${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog'), what).toBeHidden();
  }
});

const ROOMS = [
  '/library',
  '/library/label',
  '/library/second',
  '/library/duplicates',
  '/library/classes',
  '/library/plan',
  '/library/augment',
] as const;

test('axe finds nothing in any room of the library at 360 px, and none scrolls sideways', async ({
  page,
  house,
}) => {
  await writePhotos(join(house.folder, 'zoo', 'tiger'), 3);
  await writePhotos(join(house.folder, 'zoo', 'lion'), 2, 40);
  await page.setViewportSize({ width: 360, height: 740 });
  await openLibrary(page, house.url);
  await importFolder(page, join(house.folder, 'zoo'), 5);
  for (const path of ROOMS) {
    await page.goto(house.url + path);
    await expect(page.locator('.room'), path).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${path}: ${v.id}: ${v.nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
  }
});

test('no page scrolls sideways at 360 px', async ({ page, house }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of PAGES) {
    await page.goto(house.url + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
  }
});

test('the page is served with strict headers and runs under them', async ({ page, house }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Trusted/i.test(message.text()))
      complaints.push(message.text());
  });
  const answer = await page.goto(house.url);
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
  expect(answer?.headers()['x-content-type-options']).toBe('nosniff');
  await openLibrary(page, house.url);
  expect(complaints).toEqual([]);
  const injected = await page.evaluate(() => {
    try {
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>');
      return 'taken';
    } catch (error) {
      return error instanceof TypeError ? 'refused' : String(error);
    }
  });
  expect(injected).toBe('refused');
});

async function ready(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}
