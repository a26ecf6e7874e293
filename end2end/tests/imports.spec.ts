import { readFileSync } from 'node:fs';
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
  signIn,
  test,
  visit,
} from '../support/wizard';

/** Imports a file from its drop to its result. */
async function bring(page: Page, server: Server, name: string, csv: string): Promise<void> {
  await visit(page, server, '/onboarding/file');
  await drop(page, name, csv);
  await checked(page);
  await importFrom(page);
}

/** The texts of the rows that a number has opened. */
function rows(page: Page): Promise<string[]> {
  return page.locator('#ledger-rows > li').allInnerTexts();
}

/** Opens the page of the import of this file from the list. */
async function open(page: Page, server: Server, name: string): Promise<void> {
  await visit(page, server, '/');
  await page.locator('#imports-link').click();
  await page.waitForURL('**/imports');
  await page.locator('#import-list li', { hasText: name }).first().locator('a').click();
  await page.waitForURL('**/imports?id=*');
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
}

test('the first of three imports is undone from the Imports page after the third', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(180_000);
  await bring(page, server, 'a.csv', 'celular;nombre\n51999990001;Ana\n51999990002;Bia\n');
  await bring(page, server, 'b.csv', 'celular;nombre\n51999990002;Bia Souza\n51999990003;Caio\n');
  await bring(page, server, 'c.csv', 'celular;nombre\n51999990004;Dani\n');
  await visit(page, server, '/');
  await expect(page.locator('#last-import')).toContainText('c.csv');
  await expect(page.locator('#earlier-imports li')).toHaveCount(2);

  await open(page, server, 'a.csv');
  await page.locator('#undo-import').click();
  await expect(page.locator('#import')).toContainText('Se quitará 1 contacto que trajo');
  await expect(page.locator('#import')).toContainText(
    '1 también vino por otra importación, por un sistema o a mano',
  );
  await page.locator('#undo-confirm').click();
  await expect(page.locator('#import')).toHaveAttribute('data-state', 'undone');
  await expect(page.locator('#undone')).toContainText('Se quitó 1 contacto');

  await visit(page, server, '/');
  await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', '3');
  await visit(page, server, '/imports');
  await expect(page.locator('#import-list li', { hasText: 'a.csv' })).toContainText('deshecha');
});

test('every number of an import opens its rows', async ({ admin: page, server }) => {
  test.setTimeout(120_000);
  await bring(page, server, 'a.csv', 'celular;nombre\n51999990001;Ana\n51999990002;Bia\n');
  await bring(
    page,
    server,
    'b.csv',
    'celular;nombre\n51999990001;Ana María\n51999990002;Bia\n51999990003;Caio\n51999990003;Caio\n;Nadie\n',
  );
  for (const [segment, found] of [
    ['new', 'Caio'],
    ['updated', 'Ana María'],
    ['unchanged', 'Bia'],
    ['merged', 'se unió a'],
    ['rejected', 'Nadie'],
  ]) {
    await open(page, server, 'b.csv');
    await page.locator(`[data-segment=${segment}] a`).click();
    await page.waitForURL(`**show=${segment}**`);
    await expect(page.locator('#rows')).toHaveAttribute('data-place', segment);
    await expect(page.locator('#ledger-rows li').first()).toContainText(found);
    expect(await rows(page)).toHaveLength(1);
  }
  // A problem opens the rejects of its kind.
  await open(page, server, 'b.csv');
  await page.locator('#import-problems a').click();
  await page.waitForURL('**problem=no_identity**');
  await expect(page.locator('#ledger-rows li').first()).toContainText('Nadie');
  // What was changed stands beside the contact, which opens its card.
  await open(page, server, 'b.csv');
  await page.locator('[data-segment=updated] a').click();
  await expect(page.locator('#ledger-rows li li')).toContainText(['Nombre']);
  await page.locator('#ledger-rows a').first().click();
  await page.waitForURL('**/contacts?id=*');
  await expect(page.locator('h1')).toContainText('Ana María');
});

test('in the check, each number shows its rows in the grid', async ({ admin: page, server }) => {
  await visit(page, server, '/onboarding/file');
  await drop(
    page,
    'a.csv',
    'celular;nombre\n51999990001;Ana\n51999990001;Ana\n;Nadie\n51999990002;Bia\n',
  );
  await checked(page);
  const grid = page.locator('.row-grid');
  await expect(grid).toHaveAttribute('aria-rowcount', '5');
  for (const [segment, count] of [
    ['ready', '3'],
    ['merged', '2'],
    ['rejected', '2'],
  ]) {
    const number = page.locator(`[data-segment=${segment}] button`);
    await number.click();
    await expect(number).toHaveAttribute('aria-pressed', 'true');
    await expect(grid).toHaveAttribute('aria-rowcount', count);
    await number.click();
    await expect(grid).toHaveAttribute('aria-rowcount', '5');
  }
});

test('a file with another header carries nothing over; one with the same is asked, unticked', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(120_000);
  const permitted = page.locator('input[name=channel]:checked');
  await visit(page, server, '/onboarding/file');
  await drop(page, 'a.csv', 'celular;nombre\n51999990001;Ana\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await page.locator('input[value=whatsapp]').check();
  await page.locator('#basis').selectOption('consent');
  await page.locator('#consent-source').fill('formulario');
  await page.locator('#list').selectOption('new');
  await page.locator('#list-name').fill('Clientes');
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();

  await visit(page, server, '/onboarding/file');
  await drop(page, 'b.csv', 'correo;nombre\nbia@example.com;Bia\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await expect(page.locator('#list')).toHaveValue('');
  await expect(permitted).toHaveCount(0);
  await expect(page.locator('#last-time')).toHaveCount(0);

  await visit(page, server, '/onboarding/file');
  await drop(page, 'c.csv', 'celular;nombre\n51999990003;Caio\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await expect(page.locator('#last-time')).toContainText('La última vez, con a.csv');
  await expect(page.locator('#list')).toHaveValue('');
  await expect(permitted).toHaveCount(0);
  await page.locator('#last-destination').click();
  await expect(page.locator('#list option:checked')).toContainText('Clientes');
  await expect(permitted).toHaveCount(0);
  await page.locator('#last-consent').click();
  await expect(permitted).toHaveValue('whatsapp');
  await expect(page.locator('#consent-source')).toHaveValue('formulario');
});

test('rejects fetched in another browser, their marks re-typed, join their import', async ({
  admin: page,
  server,
  browser,
}) => {
  test.setTimeout(120_000);
  await bring(page, server, 'a.csv', 'celular;nombre\n51999990001;Ana\n;Nadie\n123;Corto\n');
  const elsewhere = await browser.newPage();
  await signIn(elsewhere, server, 'ana@example.com');
  await open(elsewhere, server, 'a.csv');
  await expect(elsewhere.locator('#import-problems')).toBeVisible();
  const download = elsewhere.waitForEvent('download');
  await elsewhere.getByRole('link', { name: /Descargar/ }).click();
  const list = readFileSync(await (await download).path(), 'utf8');
  // As a spreadsheet writes it: capital letters of somebody's, spaces, other line ends.
  const mended = list
    .replace(/(^|\n)(["']?);/g, '$1"51999990002";')
    .replace(/123;/, '51999990003;')
    .replace(/alta-(\d+-\d+)/g, ' ALTA-$1 ')
    .replace(/\r\n/g, '\n');
  await visit(elsewhere, server, '/onboarding/file');
  await drop(elsewhere, 'rotas.csv', mended.replace(/ALTA-\d+-\d+/g, '01/feb'));
  await expect(elsewhere.locator('#damaged-marks')).toContainText('lista de filas rechazadas');
  await drop(elsewhere, 'rechazadas.csv', mended);
  await checked(elsewhere);
  await expect(elsewhere.getByText('Son las filas rechazadas de tu importación')).toBeVisible();
  await importFrom(elsewhere);
  await open(elsewhere, server, 'a.csv');
  expect(await ledger(elsewhere)).toMatchObject({ new: 3, rejected: 0 });
  await elsewhere.close();
});

test('a reload after the end shows that import, and another file can follow the same way', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(120_000);
  await bring(page, server, 'a.csv', 'celular;nombre\n51999990001;Ana\n');
  await page.reload();
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
  await expect(page.locator('#outcome')).toContainText('a.csv');
  await expect(primary(page)).toHaveText('Continuar');

  await open(page, server, 'a.csv');
  await page.locator('#import-again').click();
  await page.waitForURL('**/onboarding/file');
  await expect(page.locator('main')).toContainText('a.csv');
});

test('an answer noted by hand holds over that of the file, with its evidence', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(120_000);
  await visit(page, server, '/onboarding/file');
  await drop(page, 'a.csv', 'celular;nombre;acepta whatsapp\n51999990001;Ana;no\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await page.locator('[data-column="2"]').selectOption({ label: 'Acepta WhatsApp (sí o no)' });
  await page.locator('#basis').selectOption('consent');
  await checked(page).catch(() => undefined);
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();

  await visit(page, server, '/contacts');
  await page.locator('#contact-list a').first().click();
  await page.waitForURL('**/contacts?id=*');
  const whatsapp = page.locator('[data-channel=whatsapp]');
  await expect(whatsapp).toHaveAttribute('data-answer', 'no');
  await expect(whatsapp).toContainText('a.csv');
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
  await page.locator('#note-permission summary').click();
  await page.locator('#note-channel').selectOption('whatsapp');
  await page.locator('input[name=note-answer][value=yes]').check();
  await expect(page.locator('#note-save')).toHaveAttribute('aria-disabled', 'true');
  await page.locator('#note-basis').selectOption('consent');
  await page.locator('#note-source').fill('por teléfono');
  await page.locator('#note-save').click();
  await expect(whatsapp).toHaveAttribute('data-answer', 'yes');
  await expect(whatsapp).toContainText('por teléfono');
  await expect(whatsapp).toContainText('anotado a mano');
});

test('the Imports page is reached and searched by keyboard alone', async ({
  admin: page,
  server,
}) => {
  await bring(page, server, 'a.csv', 'celular;nombre\n51999990001;Ana\n');
  await visit(page, server, '/');
  await page.locator('#imports-link').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/imports');
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
  await page.locator('#import-search').focus();
  await page.keyboard.type('otro');
  await expect(page.locator('#import-list li')).toHaveCount(0);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('a.c');
  await expect(page.locator('#import-list li')).toHaveCount(1);
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press('Tab');
    const href = await page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
    if (href.startsWith('/imports?id=')) break;
  }
  await page.keyboard.press('Enter');
  await page.waitForURL('**/imports?id=*');
});
