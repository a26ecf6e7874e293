import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';

/** Takes the pictures under `docs/`: `cargo xtask shots`. */
export default defineConfig({
  testDir: './shots',
  outputDir: './test-results',
  timeout: 300_000,
  workers: 1,
  reporter: [['list']],
  use: { ...chromium },
});
