import { defineConfig } from '@playwright/test';

import { chromium } from '../vite.config.ts';

/** Two cores: one browser at a time, so that nothing depends on luck. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: { launchOptions: chromium, trace: 'retain-on-failure', viewport: { width: 1280, height: 800 } },
});
