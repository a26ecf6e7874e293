import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { checked, expect, hydrated, test, visit } from '../support/wizard';

/** Presses Tab until the focus is on what is asked for; every stop on the way must be visible. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (
      await page.evaluate(
        (selector) => document.activeElement?.matches(selector) ?? false,
        selector,
      )
    )
      return;
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const box = document.activeElement?.getBoundingClientRect();
      return (
        document.activeElement === document.body ||
        (box !== undefined && box.width > 0 && box.height > 0)
      );
    });
    expect(seen, `the focus is visible on the way to ${selector}`).toBe(true);
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

test('the whole path by keyboard alone', async ({ admin: page, server }) => {
  const directory = mkdtempSync(join(tmpdir(), 'alta-keys-'));
  try {
    const path = join(directory, 'clientes.csv');
    writeFileSync(path, 'celular;nombre\n51999990001;Ana\n51999990002;Bia\n');
    await visit(page, server, '/');
    await tabTo(page, '#resume');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/systems');
    await hydrated(page);
    await tabTo(page, 'input[name=omie]');
    await page.keyboard.press('Space');
    await expect(page.locator('input[name=omie]')).toBeChecked();
    await tabTo(page, '.action-bar .btn-primary');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/connect/omie');
    await hydrated(page);
    await tabTo(page, '#skip-system');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/file');
    await hydrated(page);

    await tabTo(page, '.drop-zone button');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.keyboard.press('Enter'),
    ]);
    await chooser.setFiles(path);
    await checked(page);
    await tabTo(page, '.row-grid');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('#grid-reason')).toContainText('Bia');
    await tabTo(page, '.action-bar .btn-primary');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/columns');
    await expect(page.locator('h1')).toBeFocused();
    await tabTo(page, '[data-column="1"]');
    await tabTo(page, '.action-bar .btn-primary');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/import');
    await tabTo(page, '.action-bar .btn-primary');
    await page.keyboard.press('Enter');
    await expect(page.locator('#outcome')).toBeVisible();
    await tabTo(page, '.action-bar .btn-primary');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/team');
    await tabTo(page, '#emails');
    await page.keyboard.type('bia@example.com');
    await page.keyboard.press('Enter');
    await expect(page.locator('.chip')).toHaveCount(1);
    await tabTo(page, '.action-bar .btn-primary');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.base}/`);
    await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', '2');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
