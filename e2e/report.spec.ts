import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

import { hostileRun } from '../node-trainer/stages/score/testing/hostile-run.ts';
import { ROOT } from './support/menagerie.ts';

/** The engineer's page: opened from the disk, on a desk and on a phone, by day and by night. */
test.describe('report.html', () => {
  let run = '';
  test.beforeAll(async () => {
    run = await mkdtemp(join(tmpdir(), 'menagerie-report-'));
    await hostileRun(run);
    const cli = join(ROOT, 'node-trainer', 'bin', 'menagerie.mjs');
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, 'score', '--run', run, '--threshold', '0.3'],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(stderr);
  });
  test.afterAll(() => rm(run, { recursive: true, force: true }));

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [360, 'dark'],
  ] as const) {
    test(`passes axe and fits ${width} px, ${colorScheme}; nothing in it runs or asks for anything`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 800 },
        bypassCSP: true,
      });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url().slice(0, 40)));
      page.on('dialog', (dialog) => {
        throw new Error(`a name ran: ${dialog.message()}`);
      });
      await page.goto(`file://${join(run, 'report', 'report.html')}`);
      await page.evaluate(() => {
        for (const folded of document.querySelectorAll('details')) folded.open = true;
      });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
      expect(asked.filter((url) => !/^(file:|data:image\/webp)/.test(url))).toEqual([]);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 200) ?? ''}`)).toEqual([]);
      await context.close();
    });
  }
});
