import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';

/** Each worker starts the real binary on a free port with a database of its own; see `support/server.ts`. */
export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [['list']],
  use: { ...chromium, locale: 'es-MX', trace: 'retain-on-failure' },
});
