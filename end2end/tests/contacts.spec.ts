import type { Locator, Page } from '@playwright/test';
import type { Server } from '../support/server';
import { checked, drop, expect, importFrom, test, visit } from '../support/wizard';

const BASE = [
  'Nombre,Celular,Correo,Ciudad',
  'Lía Prado,+52 55 1234 5671,lia@example.com,Puebla',
  'Bruno Costa,+52 55 1234 5672,bruno@example.com,Toluca',
  '',
].join('\n');

/** Imports a file from its drop to its result. */
async function bring(page: Page, server: Server, name: string): Promise<void> {
  await visit(page, server, '/onboarding/file');
  await drop(page, name, BASE);
  await checked(page);
  await importFrom(page);
}

/** Opens the card of a contact from the list. */
async function openCard(page: Page, server: Server, name: string): Promise<void> {
  await visit(page, server, '/contacts');
  await page.locator('#contact-list').getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
}

/** The value of a field on the card. */
function value(page: Page, field: string): Locator {
  return page.locator(`#values [data-field="${field}"]`);
}

test.beforeEach(async ({ admin: page, server }) => {
  await bring(page, server, 'clientes.csv');
});

test('a value is corrected in place, checked as in an import, and taken back', async ({
  admin: page,
  server,
}) => {
  await openCard(page, server, 'Lía Prado');
  await expect(value(page, 'phone').first()).toContainText('+52 55 1234 5671');
  await page.getByRole('button', { name: 'Editar Ciudad' }).click();
  const input = page.getByRole('textbox', { name: 'Ciudad' });
  await expect(input).toBeFocused();
  await input.fill('Monterrey');
  await page.keyboard.press('Enter');
  await expect(value(page, 'city')).toContainText('Monterrey');
  await expect(page.locator('#card-news')).toHaveText('Guardado');
  await expect(page.getByRole('button', { name: 'Editar Ciudad' })).toBeFocused();
  const edited = page.locator('#history [data-event=edited]');
  await expect(edited).toContainText('Puebla');
  await expect(edited).toContainText('Monterrey');

  await page.getByRole('button', { name: 'Editar Teléfono celular' }).click();
  await page.getByRole('textbox', { name: 'Teléfono celular' }).fill('123');
  await page.keyboard.press('Enter');
  await expect(page.locator('#value-refusal')).toContainText('Formato de teléfono inválido');
  await page.getByRole('textbox', { name: 'Teléfono celular' }).fill('+52 55 1234 5672');
  await page.keyboard.press('Enter');
  await expect(page.locator('#value-refusal')).toContainText('Ya es de otro contacto:');
  await expect(page.locator('#value-refusal').getByRole('link')).toHaveText('Bruno Costa');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Editar Teléfono celular' })).toBeFocused();

  await edited.getByRole('button', { name: 'Deshacer este cambio' }).click();
  await expect(value(page, 'city')).toContainText('Puebla');
  await expect(page.locator('#card-news')).toHaveText('Deshecho');
  await expect(edited).toContainText('Deshecho el');
  await expect(page.locator('#history-title')).toBeFocused();
});

test('a second phone is added, made the main one, and the last key stays', async ({
  admin: page,
  server,
}) => {
  await openCard(page, server, 'Bruno Costa');
  await page.getByText('Añadir dato').click();
  await page.getByLabel('Qué dato').selectOption({ label: 'Teléfono celular' });
  await page.getByRole('textbox', { name: 'Teléfono celular' }).fill('+52 55 8765 4321');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await expect(value(page, 'phone')).toHaveCount(2);
  await page.getByRole('button', { name: 'Editar Teléfono celular' }).last().click();
  await page.getByRole('button', { name: 'Hacer principal' }).click();
  await expect(value(page, 'phone').first()).toContainText('+52 55 8765 4321');
  const remove = async (field: string): Promise<void> => {
    await page.getByRole('button', { name: `Editar ${field}` }).first().click();
    await page.getByRole('button', { name: 'Quitar este dato' }).click();
  };
  await remove('Correo electrónico');
  await expect(value(page, 'email')).toHaveCount(0);
  await remove('Teléfono celular');
  await expect(value(page, 'phone')).toHaveCount(1);
  await remove('Teléfono celular');
  await expect(page.locator('#value-refusal')).toContainText('nada identifica al contacto');
});

test('two people who edit one value are shown both', async ({ admin: page, server, context }) => {
  await openCard(page, server, 'Lía Prado');
  const other = await context.newPage();
  await openCard(other, server, 'Lía Prado');
  await page.getByRole('button', { name: 'Editar Ciudad' }).click();
  await page.getByRole('textbox', { name: 'Ciudad' }).fill('Monterrey');
  await page.keyboard.press('Enter');
  await expect(value(page, 'city')).toContainText('Monterrey');
  await other.getByRole('button', { name: 'Editar Ciudad' }).click();
  await other.getByRole('textbox', { name: 'Ciudad' }).fill('Mérida');
  await other.keyboard.press('Enter');
  await expect(other.locator('#value-refusal')).toContainText('lo cambió mientras tanto a «Monterrey»');
  await expect(other.getByRole('textbox', { name: 'Ciudad' })).toHaveValue('Mérida');
  await other.keyboard.press('Enter');
  await expect(value(other, 'city')).toContainText('Mérida');
});

test('a contact is added by hand, and one who is there already is named', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/contacts');
  await page.locator('#contact-add').click();
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
  await page.getByLabel('Nombre completo').fill('Carla Núñez');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.locator('#new-problem')).toContainText('Escribe al menos un teléfono');
  await page.getByLabel('Teléfono celular').fill('+52 55 1234 5672');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.locator('#new-problem')).toContainText('Bruno Costa');
  await page.getByLabel('Teléfono celular').fill('+52 55 1234 5679');
  await page.getByLabel('Fecha de nacimiento').fill('31/02/1990');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.locator('#new-birth_date-problem')).not.toBeEmpty();
  await page.getByLabel('Fecha de nacimiento').fill('28/02/1990');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Carla Núñez' })).toBeVisible();
  await expect(page.locator('#history [data-event=added]')).toContainText('Añadido a mano');
});

test('a deleted contact goes to the bin, and comes back by hand or with an import', async ({
  admin: page,
  server,
}) => {
  await openCard(page, server, 'Lía Prado');
  await page.getByRole('button', { name: 'Mover a la papelera' }).click();
  await expect(page.getByText('En la papelera desde el')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Editar Ciudad' })).toHaveCount(0);
  await visit(page, server, '/contacts');
  await expect(page.getByText('1 contacto', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Lía Prado' })).toHaveCount(0);
  await page.locator('#contact-bin').click();
  await page.getByRole('link', { name: 'Lía Prado' }).click();
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sacar de la papelera' }).click();
  await expect(page.getByRole('button', { name: 'Mover a la papelera' })).toBeFocused();
  await page.getByRole('button', { name: 'Mover a la papelera' }).click();
  await expect(page.getByText('En la papelera desde el')).toBeVisible();
  await bring(page, server, 'otra-vez.csv');
  await openCard(page, server, 'Lía Prado');
  await expect(page.locator('#history')).toContainText('Fuera de la papelera');
});

test('the navigation leads to the main pages and says where the reader is', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/');
  const nav = page.getByRole('navigation', { name: 'Principal' });
  await expect(nav.getByRole('link')).toHaveText(['Inicio', 'Contactos', 'Importaciones', 'Ajustes']);
  await expect(nav.locator('[aria-current=page]')).toHaveText('Inicio');
  await nav.getByRole('link', { name: 'Contactos' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contactos');
  await expect(nav.locator('[aria-current=page]')).toHaveText('Contactos');
  await page.setViewportSize({ width: 360, height: 640 });
  const box = await nav.boundingBox();
  expect(box && Math.round(box.y + box.height)).toBe(640);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});
