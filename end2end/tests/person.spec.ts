import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Server } from '../support/server';
import {
  checked,
  drop,
  expect,
  goOn,
  importFrom,
  ledger,
  primary,
  test,
  visit,
} from '../support/wizard';

const BASE = [
  'Nombre,Celular,Correo,Ciudad',
  'Lía Prado,+52 55 1234 5671,lia@example.com,Puebla',
  'Bruno Costa,+52 55 1234 5672,bruno@example.com,Toluca',
  'Ana Núñez,+52 55 1234 5673,"ana@example.com, nunez@example.com",Toluca',
  '',
].join('\n');

/** Opens the card of a contact from the list. */
async function openCard(page: Page, server: Server, name: string): Promise<void> {
  await visit(page, server, '/contacts');
  await page.locator('#contact-list').getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
}

/** Downloads the file behind a link, and returns its text. */
async function download(page: Page, link: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(link).click()]);
  return readFile(await file.path(), 'utf8');
}

test.beforeEach(async ({ admin: page, server }) => {
  await visit(page, server, '/onboarding/file');
  await drop(page, 'clientes.csv', BASE);
  await checked(page);
  await importFrom(page);
});

test('everything about a person is shown, and downloaded as JSON', async ({
  admin: page,
  server,
}) => {
  await openCard(page, server, 'Lía Prado');
  await page.locator('#person-data').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Todo sobre Lía Prado');
  await expect(page.locator('#values')).toContainText('lia@example.com');
  await expect(page.locator('#values').getByRole('button')).toHaveCount(0);
  await expect(page.locator('#history')).toContainText('clientes.csv');
  const data = JSON.parse(await download(page, '#person-file'));
  expect(data.name).toBe('Lía Prado');
  const values = data.values.map((value: { value: string }) => value.value);
  expect(values).toContain('525512345671');
  expect(data.values[0].from.name).toBe('clientes.csv');
  await visit(page, server, '/settings/audit');
  await expect(page.locator('main')).toContainText('vio o descargó los datos de una persona');
  await expect(page.locator('main')).not.toContainText('Lía Prado');
});

test('a contact is erased for good, after the question, and its no holds when it comes again', async ({
  admin: page,
  server,
}) => {
  await openCard(page, server, 'Lía Prado');
  await page.locator('#note-permission > summary').click();
  await page.locator('#note-channel').selectOption('whatsapp');
  await page.locator('#note-permission input[value=no]').check();
  await page.locator('#note-save').click();
  await expect(page.locator('[data-channel=whatsapp]')).toHaveAttribute('data-answer', 'no');

  await page.locator('#erase').click();
  await expect(page.locator('#erase-confirm')).toBeFocused();
  await expect(page.locator('#personal-data')).toContainText('¿Borrar a Lía Prado para siempre?');
  await page.getByRole('button', { name: 'Cancelar' }).click();
  await expect(page.locator('#erase')).toBeFocused();
  await page.locator('#erase').click();
  await page.locator('#erase-confirm').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Borrado para siempre');
  await expect(page.locator('#erasure')).toContainText(
    'Su «no» sigue valiendo si vuelve con el mismo teléfono o correo: WhatsApp.',
  );
  await visit(page, server, '/contacts');
  await expect(page.locator('#contact-list')).not.toContainText('Lía Prado');

  await visit(page, server, '/onboarding/file');
  await drop(page, 'otra.csv', BASE.replace('Puebla', 'Tlaxcala'));
  await checked(page);
  expect(await importFrom(page)).toMatchObject({ new: 1 });
  await openCard(page, server, 'Lía Prado');
  const whatsapp = page.locator('[data-channel=whatsapp]');
  await expect(whatsapp).toHaveAttribute('data-answer', 'no');
  await expect(whatsapp).toContainText('de un contacto borrado con el mismo teléfono o correo');
});

test('the contacts are downloaded, all or those found, and imported again change nothing', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/contacts');
  const all = await download(page, '#contact-export');
  expect(all.trim().split('\r\n')).toHaveLength(4);
  await page.locator('#contact-search').fill('Bruno');
  await expect(page.locator('#contact-export')).toHaveText('Descargar lo encontrado (CSV)');
  const found = await download(page, '#contact-export');
  expect(found.trim().split('\r\n')).toHaveLength(2);
  expect(found).toContain('Bruno Costa');

  await visit(page, server, '/onboarding/file');
  await drop(page, 'alta-contacts.csv', all);
  await checked(page);
  await goOn(page, '/onboarding/columns');
  // The file has columns of permission: who has said yes there needs a basis.
  await page.locator('#basis').selectOption('consent');
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();
  expect(await ledger(page)).toMatchObject({ new: 0, updated: 0, unchanged: 3 });
});
