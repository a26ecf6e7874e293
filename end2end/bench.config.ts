import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';

/** The page while a large file is checked: the last part of `cargo xtask bench intake`. */
export default defineConfig({
  testDir: './bench',
  outputDir: './test-results',
  timeout: 300_000,
  workers: 1,
  reporter: [['list']],
  use: { ...chromium, locale: 'es-MX' },
});
