import { test as base, type Page } from '@playwright/test';
import { join } from 'node:path';
import { Fakes } from '../support/fakes';
import { Server } from '../support/server';
import { codeOf } from '../support/totp';
import {
  checked,
  drop,
  expect,
  goOn,
  hydrated,
  pressRemedy,
  primary,
  visit,
} from '../support/wizard';
import { HEADER, csv, messy, windows1252 } from '../support/files';

/** Where the pictures go: `cargo xtask shots` names a directory outside the tree. */
const PICTURES = process.env.ALTA_SHOTS ?? 'target/alta-shots';
const LOOKS = [
  { name: 'desktop-light', width: 1280, height: 860, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 860, colorScheme: 'dark' },
  { name: 'phone-light', width: 360, height: 740, colorScheme: 'light' },
  { name: 'phone-dark', width: 360, height: 740, colorScheme: 'dark' },
] as const;

async function shoot(page: Page, language: string, step: string): Promise<void> {
  for (const look of LOOKS) {
    // Spanish in all looks; the other languages once, on a desktop in the light.
    if (language !== 'es' && look.name !== 'desktop-light') continue;
    await page.setViewportSize({ width: look.width, height: look.height });
    await page.emulateMedia({ colorScheme: look.colorScheme });
    // Those that end: a bar without a number moves for as long as it is there. The promise of an
    // animation in a closed `details` is never kept, so the state is asked for.
    const running = (): Promise<number> =>
      page.evaluate(
        () =>
          document
            .getAnimations()
            .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
            .filter((animation) => animation.playState === 'running').length,
      );
    await expect.poll(running).toBe(0);
    // As tall as the page, so that the bar at the bottom is at its bottom.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({
      width: look.width,
      height: Math.max(look.height, Math.min(height, 4000)),
    });
    await page.screenshot({ path: join(PICTURES, `${step}-${look.name}-${language}.png`) });
  }
}

for (const language of ['es', 'pt-BR', 'en']) {
  base(`every step, ${language}`, async ({ page }) => {
    const fakes = await Fakes.start();
    const settings = {
      ALTA_OIDC_ISSUER: 'http://127.0.0.1:9',
      ALTA_OIDC_CLIENT_ID: 'alta',
      ALTA_OIDC_NAME: 'Google',
      ALTA_PUBLIC_URL: 'http://localhost',
    };
    const server = await Server.start(settings, fakes.data);
    try {
      await page.goto(server.opened);
      await hydrated(page);
      await page.locator('#reader-language').first().selectOption(language);
      await shoot(page, language, '0-setup');
      await page.setViewportSize({ width: 1280, height: 860 });
      await page.locator('#organization').fill('Comercial Andina');
      await page.locator('#name').fill('Ana Silva');
      await page.locator('#email').fill('ana@example.com');
      await page.locator('#password').fill('primeros pasos');
      await page.locator('main select[name=language]').selectOption(language);
      await page.locator('main button[type=submit]').click();
      await page.waitForURL('**/onboarding/systems');
      await hydrated(page);
      await page.locator('input[name=omie]').check();
      await page.locator('input[name=others]').check();
      await shoot(page, language, '1-systems');
      await goOn(page, '/onboarding/connect/omie');
      await hydrated(page);
      await shoot(page, language, '1-connect');
      await page.locator('#skip-system').click();
      await page.waitForURL('**/onboarding/file');
      await hydrated(page);
      await shoot(page, language, '2-file-before');
      const worker = await page.locator('meta[name=alta-worker]').getAttribute('content');
      await page.route(`**${worker}`, () => undefined);
      await drop(page, 'clientes 2026.csv', csv([HEADER, ...messy(4000).rows], ';'));
      await expect(page.locator('#reading')).toBeVisible();
      await shoot(page, language, '2-file-reading');
      await page.locator('#reading button').click();
      await page.unroute(`**${worker}`);
      await drop(page, 'lista de clientes.xlsx', Buffer.from('PK\x03\x04 xl/workbook.xml'));
      await expect(page.getByRole('alert')).toBeVisible();
      await shoot(page, language, '2-file-refused');
      await drop(page, 'clientes 2026.csv', windows1252(csv([HEADER, ...messy(4000).rows], ';')));
      await checked(page);
      await shoot(page, language, '2-file-checked');
      await pressRemedy(page);
      await expect(page.locator('[data-decision="0"]')).toHaveAttribute('data-records', /\d+/);
      await shoot(page, language, '2-file-mended');
      await page.locator('[data-does="rows 0"]').click();
      await page.locator('#edit-cell').click();
      await shoot(page, language, '2-file-rows');
      await page.keyboard.press('Escape');
      await page.locator('#all-rows').click();
      await page.setViewportSize({ width: 1280, height: 860 });
      await goOn(page, '/onboarding/columns');
      await page.locator('#list').selectOption('new');
      await page.locator('#list-name').fill('Clientes 2026');
      await shoot(page, language, '3-columns');
      await goOn(page, '/onboarding/import');
      await shoot(page, language, '4-import');
      await primary(page).click();
      await expect(page.locator('#outcome')).toBeVisible();
      await shoot(page, language, '4-ledger');
      await goOn(page, '/onboarding/team');
      await page.locator('#emails').fill('bia@example.com, caio@example.com, dani,');
      await shoot(page, language, '5-team');
      await page.locator('.chip.is-invalid button').click();
      await primary(page).click();
      await page.waitForURL(`${server.base}/`);
      await expect(page.locator('#invitations')).toContainText('bia@example.com');
      await shoot(page, language, '6-home');
      const next = messy(4000)
        .rows.slice(0, 300)
        .map((row, at) =>
          row.map((cell, column) => (at % 3 === 0 && column === 2 ? `${cell} Lima` : cell)),
        );
      const both = [...HEADER.map(() => '')];
      // Two people of the first file who are not in this one.
      both[0] = '5551990001001';
      both[1] = 'persona1003@example.com';
      both[2] = 'María Souza';
      await page.setViewportSize({ width: 1280, height: 860 });
      await visit(page, server, '/onboarding/file');
      await drop(page, 'clientes nuevos.csv', csv([HEADER, ...next, both], ';'));
      await checked(page);
      await goOn(page, '/onboarding/columns');
      await page.locator('[name=channel][value=email]').check();
      await page.locator('#basis').selectOption('consent');
      await goOn(page, '/onboarding/import');
      await expect(page.locator('#effect')).toHaveAttribute('data-done', 'true');
      await shoot(page, language, '4-effect');
      await primary(page).click();
      await expect(page.locator('#outcome')).toBeVisible();
      for (const [path, name] of [
        ['/conflicts/2', '6-conflicts'],
        ['/imports', '6-imports'],
        ['/imports?id=2&show=rejected', '6-import'],
        ['/imports?id=2&show=updated', '6-import-updated'],
        ['/settings', '8-settings'],
        ['/settings/organization', '8-organization'],
        ['/settings/audit', '8-audit'],
        ['/account', '8-account'],
      ]) {
        await visit(page, server, path);
        await shoot(page, language, name);
      }
      await visit(page, server, '/onboarding/connect/omie');
      await page.locator('#app_key').fill('1234567890123');
      await page.locator('#app_secret').fill('0a1b2c3d4e5f60718293a4b5c6d7e8f9');
      await page.locator('#connect').click();
      await expect(page.locator('#progress')).toHaveAttribute('data-rests', 'true', {
        timeout: 60_000,
      });
      await shoot(page, language, '1-connected');
      await visit(page, server, '/settings/systems');
      const buttons = page.locator('#connections li button');
      await buttons.nth((await buttons.count()) - 2).click();
      await expect(page.locator('[data-notices]')).toBeVisible();
      await buttons.last().click();
      // The step of its notices, one run and three kinds of records.
      await expect(page.locator('#connections li li')).toHaveCount(5);
      await shoot(page, language, '8-systems');
      await visit(page, server, '/contacts');
      await shoot(page, language, '9-contacts');
      await page.locator('#contact-list a').first().click();
      await hydrated(page);
      await shoot(page, language, '9-contact');
      await page.locator('#erase').click();
      await expect(page.locator('#erase-confirm')).toBeFocused();
      await shoot(page, language, '9-contact-erase');
      await page.locator('#person-data').click();
      await page.waitForURL('**/person?id=*');
      await hydrated(page);
      await expect(page.locator('#values')).toBeVisible();
      await shoot(page, language, '9-person');
      await visit(page, server, '/contacts?new=1');
      await shoot(page, language, '9-contact-new');
      await visit(page, server, '/account');
      await page.locator('#turn-on').click();
      await page.locator('#factor-password').fill('primeros pasos');
      await page.locator('#factor-go-on').click();
      await expect(page.locator('#app-secret')).toBeVisible();
      await shoot(page, language, '8-second-factor');
      await page
        .locator('#code')
        .fill(codeOf((await page.locator('#app-secret').textContent()) ?? ''));
      await page.locator('#confirm-code').click();
      await expect(page.locator('#recovery-codes')).toBeVisible();
      await shoot(page, language, '8-recovery-codes');
      await page.context().clearCookies({ name: 'alta' });
      await visit(page, server, '/sign-in');
      await shoot(page, language, '7-sign-in');
      await page.locator('#email').fill('ana@example.com');
      await page.locator('#password').fill('primeros pasos');
      await page.locator('form button[type=submit]').last().click();
      await page.waitForURL('**/second-factor');
      await hydrated(page);
      await shoot(page, language, '7-second-factor');
    } finally {
      await server.stop();
      await fakes.stop();
    }
  });
}
