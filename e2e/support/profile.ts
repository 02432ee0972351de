import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { chromium as browsers, type BrowserContext, type Page } from '@playwright/test';

import { chromium } from '../../vite.config.ts';

/** A browser whose data outlives it. */
export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
}

export async function start(profile: string): Promise<Browser> {
  const context = await browsers.launchPersistentContext(profile, { ...chromium });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

/** SIGKILL, as a battery that ran out would. Resolves when the browser is gone and its profile is free. */
export async function kill({ context }: Browser, profile: string): Promise<void> {
  const closed = context.waitForEvent('close');
  execFileSync('pkill', ['-KILL', '-f', '--', `--user-data-dir=${profile}`]);
  await closed;
  await sleep(100);
}
