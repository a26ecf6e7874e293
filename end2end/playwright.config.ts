import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';

/**
 * Each worker starts the real binary on a free port with a database of its own; see
 * `support/server.ts`.
 */
export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 2,
  retries: 1,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [['list']],
  // The file of 75 MiB is looked at alone: the long-task observer counts the time other work takes
  // from the page.
  projects: [
    { name: 'promises', testIgnore: 'large-file.spec.ts' },
    { name: 'large file', testMatch: 'large-file.spec.ts', dependencies: ['promises'] },
  ],
  use: { ...chromium, locale: 'es-MX', trace: 'on-first-retry' },
});
