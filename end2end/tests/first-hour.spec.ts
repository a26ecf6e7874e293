import {
  checked,
  drop,
  expect,
  goOn,
  hydrated,
  importFrom,
  leavesSystem,
  ledger,
  primary,
  test,
  visit,
} from '../support/wizard';
import { Server } from '../support/server';
import { HEADER, csv, messy, windows1252 } from '../support/files';
import { test as base } from '@playwright/test';

base(
  'from an empty machine to a contact base: set up, systems, file, columns, import, team, home',
  async ({ page }) => {
    const server = await Server.start();
    try {
      await page.goto(server.opened);
      await hydrated(page);
      await page.locator('#organization').fill('Comercial Andina');
      await page.locator('#name').fill('Ana Silva');
      await page.locator('#email').fill('ana@example.com');
      await page.locator('#password').fill('primeros pasos');
      await page.locator('main button[type=submit]').click();
      await page.waitForURL('**/onboarding/systems');
      await hydrated(page);

      await page.locator('input[name=omie]').check();
      await page.locator('input[name=others]').check();
      await page.locator('#system-search').fill('Sistema de mi primo');
      await page.locator('#system-search').press('Enter');
      await leavesSystem(page, 'omie');

      const { rows, expected } = messy(3000);
      await drop(page, 'clientes.csv', windows1252(csv([HEADER, ...rows], ';')));
      await expect(page.locator('.row-grid-row').first()).toBeVisible();
      await checked(page);
      await expect(page.locator('select[name=encoding]')).toHaveValue('windows-1252');
      await expect(page.locator('select[name=delimiter]')).toHaveValue(String(';'.charCodeAt(0)));
      expect(await ledger(page)).toEqual({
        ready: expected.ready,
        merged: expected.merged,
        rejected: expected.rejected,
      });

      const done = await importFrom(page, 'Clientes 2026');
      expect(done).toEqual({
        new: expected.ready,
        updated: 0,
        unchanged: 0,
        merged: expected.merged,
        rejected: expected.rejected,
      });

      await goOn(page, '/onboarding/team');
      await page.locator('#emails').fill('bia@example.com, caio@example.com');
      await expect(page.locator('.chip')).toHaveCount(2);
      await primary(page).click();
      await page.waitForURL(`${server.base}/`);
      await expect(page.locator('#contacts')).toHaveAttribute(
        'data-contacts',
        String(expected.ready),
      );
      await expect(page.locator('#lists')).toContainText('Clientes 2026');
      await expect(page.locator('#invitations')).toContainText('bia@example.com');
      await expect(page.locator('[data-state=done]')).toHaveCount(5);
    } finally {
      await server.stop();
    }
  },
);

test('the same people as UTF-8 with comma and e-mail first are all unchanged or merged', async ({
  admin: page,
  server,
}) => {
  const { rows, expected } = messy(2000);
  await visit(page, server, '/onboarding/file');
  await drop(page, 'uno.csv', windows1252(csv([HEADER, ...rows], ';')));
  await checked(page);
  await importFrom(page);
  const turned = rows.map(([phone, email, name, city, birth, note]) => [
    email,
    phone,
    name,
    city,
    birth,
    note,
  ]);
  await visit(page, server, '/onboarding/file');
  await drop(
    page,
    'dos.csv',
    csv(
      [['E-mail', 'Telefone celular', 'Nome', 'Cidade', 'Data de nascimento', 'Obs'], ...turned],
      ',',
      '\n',
    ),
  );
  await checked(page);
  const again = await importFrom(page);
  expect(again).toEqual({
    new: 0,
    updated: 0,
    unchanged: expected.ready,
    merged: expected.merged,
    rejected: expected.rejected,
  });
});

test('rejected rows come back with their reason, in the user’s columns', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/onboarding/file');
  await drop(page, 'x.csv', 'celular;nombre;extra\n123;=1+1;hola\n51999990001;Ana;x\n');
  await checked(page);
  await importFrom(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('#outcome a[download]').click(),
  ]);
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).toBe(
    "\ufeffcelular;nombre;extra;motivo;Alta\r\n123;'=1+1;hola;Formato de teléfono inválido;alta-1-1\r\n",
  );
});

test('a reload in mid-wizard returns to the step, and another visit resumes there', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/onboarding/systems');
  await page.locator('input[name=bling]').check();
  await leavesSystem(page, 'bling');
  await drop(page, 'x.csv', 'celular;nombre\n51999990001;Ana\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await page.locator('[data-column="1"]').selectOption('company');
  await goOn(page, '/onboarding/import');
  await page.reload();
  await hydrated(page);
  expect(new URL(page.url()).pathname).toBe('/onboarding/import');
  await expect(page.locator('main')).toContainText('x.csv');
  await visit(page, server, '/onboarding');
  await page.waitForURL('**/onboarding/import');
  await visit(page, server, '/onboarding/file');
  await drop(page, 'x.csv', 'celular;nombre\n51999990001;Ana\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await expect(page.locator('[data-column="1"]')).toHaveValue('company');
});
