import AxeBuilder from '@axe-core/playwright';
import { test as base, type Page } from '@playwright/test';
import { ADMIN, Server } from '../support/server';
import { codeOf } from '../support/totp';
import {
  checked,
  drop,
  expect,
  goOn,
  hydrated,
  pressRemedy,
  primary,
  signIn,
  test,
  visit,
} from '../support/wizard';
import { HEADER, csv, messy } from '../support/files';

// Many pages one after another: a slow machine takes its minutes for them.
test.describe.configure({ timeout: 360_000 });

async function clean(page: Page, where: string): Promise<void> {
  // What has just appeared has faded in by then.
  await page.evaluate(() =>
    Promise.all(
      document.getAnimations().map((animation) => animation.finished.catch(() => undefined)),
    ),
  );
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const said = found.violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`,
  );
  expect(said, where).toEqual([]);
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways, `${where}: nothing scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const language of ['es', 'pt-BR', 'en']) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`axe finds nothing on any page: ${language}, ${scheme}`, async ({
      admin: page,
      server,
      browser,
    }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.locator('#reader-language').selectOption(language);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await clean(page, 'home, empty');
      await visit(page, server, '/onboarding/systems');
      await page.locator('input[name=others]').check();
      await page.locator('input[name=omie]').check();
      await clean(page, 'systems');
      await goOn(page, '/onboarding/connect/omie');
      await hydrated(page);
      await clean(page, 'connect');
      await page.locator('#skip-system').click();
      await page.waitForURL('**/onboarding/file');
      await hydrated(page);
      await clean(page, 'file, before');
      await drop(page, 'x.pdf', '%PDF-1.7');
      await expect(page.getByRole('alert')).toBeVisible();
      await clean(page, 'file, refused');
      await drop(page, 'clientes.csv', csv([HEADER, ...messy(300).rows], ';'));
      await checked(page);
      await clean(page, 'file, checked');
      await pressRemedy(page);
      await expect(page.locator('[data-decision="0"]')).toHaveAttribute('data-records', /\d+/);
      for (const more of await page.locator('#problems details').all())
        await more.locator('summary').click();
      await page.locator('#edit-cell').click();
      await expect(page.locator('#cell-text')).toBeFocused();
      await clean(page, 'file, with a decision, other options and the editor');
      await page.keyboard.press('Escape');
      await page.setViewportSize({ width: 360, height: 740 });
      await page.locator('[data-does="rows 0"]').click();
      await clean(page, 'file, its rows over the page at 360 pixels');
      await page.locator('#all-rows').click();
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.locator('[data-does="undo 0"]').click();
      await expect(page.locator('[data-decision]')).toHaveCount(0);
      await checked(page);
      await goOn(page, '/onboarding/columns');
      await page.locator('[data-column="3"]').selectOption('new');
      await clean(page, 'columns');
      await page.setViewportSize({ width: 360, height: 740 });
      await clean(page, 'columns at 360 pixels');
      await page.locator('#list').selectOption('new');
      await page
        .locator('#list-name')
        .fill('Una lista con un nombre bastante largo para ver que nada se rompe');
      await page.locator('#field-name-3').press('Escape');
      await goOn(page, '/onboarding/import');
      await clean(page, 'import at 360 pixels');
      await primary(page).click();
      await expect(page.locator('#outcome')).toBeVisible();
      await clean(page, 'ledger at 360 pixels');
      await goOn(page, '/onboarding/team');
      await page.locator('#emails').fill('bia@example.com, nadie,');
      await clean(page, 'team at 360 pixels');
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.locator('.chip.is-invalid button').click();
      await primary(page).click();
      await page.waitForURL(`${server.base}/`);
      await expect(page.locator('#invitations')).toContainText('bia@example.com');
      await clean(page, 'home, filled');
      for (const path of [
        '/contacts',
        '/contacts?bin=1',
        '/contacts?new=1',
        '/contacts?id=1',
        '/person?id=1',
        '/imports',
        '/imports?id=1&show=rejected',
        '/imports?id=1&show=new',
        '/settings',
        '/settings/organization',
        '/settings/audit',
        '/account',
      ]) {
        await visit(page, server, path);
        await page.setViewportSize({ width: 360, height: 740 });
        await clean(page, `${path} at 360 pixels`);
        await page.setViewportSize({ width: 1280, height: 800 });
        await clean(page, path);
      }
      await visit(page, server, '/contacts?id=1');
      await page.locator('#value-edit-0').click();
      await expect(page.locator('#value-form input')).toBeFocused();
      await clean(page, 'contact, a value being edited');
      await visit(page, server, '/contacts?id=1');
      await page.locator('#erase').click();
      await expect(page.locator('#erase-confirm')).toBeFocused();
      await clean(page, 'contact, asking before it is erased');
      await visit(page, server, '/account');
      await page.locator('#turn-on').click();
      await page.locator('#factor-password').fill(ADMIN.password);
      await clean(page, 'account, asking for the password');
      await page.locator('#factor-go-on').click();
      await expect(page.locator('#app-secret')).toBeVisible();
      await clean(page, 'account, the code for the app');
      await page
        .locator('#code')
        .fill(codeOf((await page.locator('#app-secret').textContent()) ?? ''));
      await page.locator('#confirm-code').click();
      await expect(page.locator('#recovery-codes')).toBeVisible();
      await page.setViewportSize({ width: 360, height: 740 });
      await clean(page, 'account, recovery codes at 360 pixels');
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.locator('#codes-saved').click();
      await visit(page, server, '/nowhere');
      await clean(page, 'not found');
      await page.context().clearCookies({ name: 'alta' });
      await page.goto(`${server.base}/sign-in`);
      await hydrated(page);
      await clean(page, 'sign in');
      for (const path of [
        '/forgot?sent=1',
        '/second-factor',
        '/confirm-email?token=none',
        '/confirm-email?done=1',
        '/reset?token=none',
        '/invitation?token=none',
      ]) {
        await visit(page, server, path);
        await clean(page, path);
      }
      await page.goto(`${server.base}/setup?token=none`);
      await hydrated(page);
      await clean(page, 'set-up link that is no longer valid');
    });
  }
}

base(
  'axe finds nothing on the set-up form, filled and refused, and on the page of those who may not: three languages, both schemes',
  async ({ page }) => {
    const server = await Server.start();
    try {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      for (const language of ['es', 'pt-BR', 'en']) {
        await page.goto(server.opened);
        await hydrated(page);
        await page.locator('#reader-language').selectOption(language);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await page.locator('#organization').fill('Comercial Andina');
        await page.locator('#name').fill('Ana Silva');
        await page.locator('#email').fill('ana@example.com');
        await page.locator('#password').fill('corta');
        await page.locator('main button[type=submit]').click();
        await expect(page.getByRole('alert')).toBeVisible();
        await inBoth(page, `set-up form: ${language}`);
      }
      await page.locator('#password').fill('primeros pasos');
      await page.locator('main button[type=submit]').click();
      await page.waitForURL('**/onboarding/systems');
      server.addUser('vera@example.com', 'viewer');
      await page.context().clearCookies();
      await signIn(page, server, 'vera@example.com');
      for (const language of ['es', 'pt-BR', 'en']) {
        await page.locator('#reader-language').selectOption(language);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await visit(page, server, '/onboarding/team');
        await inBoth(page, `forbidden: ${language}`);
        await visit(page, server, '/');
      }
    } finally {
      await server.stop();
    }
  },
);

async function inBoth(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await clean(page, `${where}, ${colorScheme}`);
  }
}
