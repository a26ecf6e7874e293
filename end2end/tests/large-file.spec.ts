import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { large } from '../support/files';
import { checked, choose, expect, importFrom, ledger, test, visit } from '../support/wizard';

// The worker shares two cores with the page: it has three tries. No recording: pictures of each
// frame and of each step's page are the page's
// own work, and would be measured too.
test.describe.configure({ retries: 2 });
test.use({ trace: 'off' });

test('75 MiB: rows stand on screen before the check ends, all rows can be looked at, the import completes', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(420_000);
  server.stepsBack();
  const directory = mkdtempSync(join(tmpdir(), 'alta-75-'));
  try {
    const path = join(directory, 'grande.csv');
    const { records } = large(path, 75 * 1024 * 1024);
    await visit(page, server, '/onboarding/file');
    await page.evaluate(() => {
      const seen = window as unknown as { longest: number };
      seen.longest = 0;
      new PerformanceObserver((list) =>
        list
          .getEntries()
          .forEach((entry) => (seen.longest = Math.max(seen.longest, entry.duration))),
      ).observe({
        type: 'longtask',
      });
    });
    /** The longest task since it was asked last. */
    const longest = () =>
      page.evaluate(() => {
        const seen = window as unknown as { longest: number };
        const found = Math.round(seen.longest);
        seen.longest = 0;
        return found;
      });
    await choose(page, path);
    await expect(page.locator('.row-grid-row').first()).toBeVisible();
    expect(await page.locator('[data-checked=true]').count(), 'the check is still running').toBe(0);
    await checked(page);
    expect(await ledger(page)).toEqual({ ready: records, merged: 0, rejected: 0 });

    const whileChecking = await longest();
    const grid = page.locator('.row-grid');
    await grid.focus();
    await page.keyboard.press('Control+End');
    await expect(page.locator('#grid-reason')).toContainText('x'.repeat(18));
    await expect(page.locator(`[role=row][aria-rowindex="${records + 1}"]`)).toBeVisible();

    const whileLooking = await longest();
    const done = await importFrom(page);
    expect(done).toEqual({ new: records, updated: 0, unchanged: 0, merged: 0, rejected: 0 });
    const whileImporting = await longest();
    console.log(
      `75 MiB, ${records} records; longest task on the page in ms: check ${whileChecking}, grid ${whileLooking}, import ${whileImporting}`,
    );
    expect(
      Math.max(whileChecking, whileLooking, whileImporting),
      'the page never stands still for 100 ms',
    ).toBeLessThan(100);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
