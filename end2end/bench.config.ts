import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';

/** What the benchmarks `intake` and `import` measure in the whole product. */
export default defineConfig({
  testDir: './bench',
  outputDir: './test-results',
  timeout: 300_000,
  workers: 1,
  reporter: [['list']],
  use: { ...chromium, locale: 'es-MX' },
});
