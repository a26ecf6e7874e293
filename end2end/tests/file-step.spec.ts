import type { Page } from '@playwright/test';
import {
  checked,
  drop,
  expect,
  goOn,
  importFrom,
  ledger,
  signIn,
  test,
  visit,
} from '../support/wizard';
import type { Server } from '../support/server';

async function open(page: Page, server: Server, name: string, text: string): Promise<void> {
  await visit(page, server, '/onboarding/file');
  await drop(page, name, text);
  await checked(page);
}

/** Waits for the check that follows a decision. */
async function rejected(page: Page, records: number): Promise<void> {
  await expect(page.locator('[data-segment=rejected] [data-records]')).toHaveAttribute(
    'data-records',
    String(records),
  );
}

/** Opens a file of two people and mends its one problem: a draft of one decision. */
async function openAndMend(page: Page, server: Server): Promise<void> {
  await open(page, server, 'clientes.csv', 'nombre;celular\nAna;51999990001\nRui;12\n');
  await page.locator('#next-problem').click();
  await page.locator('#cell-text').fill('51 99999-0002');
  await page.keyboard.press('Enter');
  await rejected(page, 0);
}

test('a kind of problem stands once, with its columns inside, and nothing is taken away first', async ({
  admin: page,
  server,
}) => {
  const text = [
    'nombre;celular;teléfono;otro teléfono',
    'Ana;51999990001;5133330001;51999990021',
    'Leo;51999990002;5133330002;51999990022',
    'Rui;12;34;56',
    'Eva;78;;90',
    '',
  ].join('\n');
  await open(page, server, 'x.csv', text);
  const phones = page.locator('[data-problem=invalid_phone]');
  await expect(phones).toHaveCount(1);
  await expect(phones).toHaveAttribute('data-records', '5');
  const columns = phones.locator('.problem-column');
  await expect(columns).toHaveCount(3);
  await expect(columns.nth(0)).toContainText('2 · celular');
  await expect(columns.nth(0).locator('[data-does^="rows"]')).toBeVisible();
  await expect(columns.nth(0).locator('[data-does^="remedy"]').first()).toBeHidden();
  const other = columns.filter({ hasText: 'otro teléfono' });
  await other.locator('[data-does^="rows"]').click();
  await expect(page.locator('#rows-title')).toHaveText(
    '2 filas: Formato de teléfono inválido en «otro teléfono»',
  );
  await expect(page.locator('.row-grid-row')).toHaveCount(2);
});

test('the rows of a problem get the focus, and Escape goes back to where one was', async ({
  admin: page,
  server,
}) => {
  await open(page, server, 'x.csv', 'nombre;celular\nAna;51999990001\nRui;12\nEva;34\n');
  const button = page.locator('[data-problem=invalid_phone] [data-does^="rows"]');
  await button.press('Enter');
  await expect(page.locator('.row-grid')).toBeFocused();
  await expect(page.locator('.row-grid-row')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(page.locator('#rows-title')).toHaveText('Filas del archivo');
  await expect(button).toBeFocused();
});

test('Tab goes from one problem to the next over all rows, and Ctrl+Z takes changes back', async ({
  admin: page,
  server,
}) => {
  const lines = Array.from({ length: 400 }, (_, at) => `Ana ${at};519999${10_000 + at};`);
  lines[1] = 'Rui;12;';
  lines[2] = 'Eva;51999980001;nadie';
  lines[390] = 'Bia;34;';
  await open(page, server, 'x.csv', `nombre;celular;correo\n${lines.join('\n')}\n`);
  await rejected(page, 2);
  await page.locator('#next-problem').click();
  const cell = page.locator('#cell-text');
  await expect(cell).toHaveValue('12');
  await cell.fill('51 99998-0002');
  await page.keyboard.press('Tab');
  await expect(cell).toHaveValue('nadie');
  await page.keyboard.press('Shift+Tab');
  await expect(page.locator('#cell-editor')).toHaveCount(0);
  await rejected(page, 1);
  await page.keyboard.press('Enter');
  await expect(cell).toHaveValue('nadie');
  await page.keyboard.press('Tab');
  await expect(cell, 'a row that was not loaded').toHaveValue('34');
  await cell.fill('51 99998-0003');
  await page.keyboard.press('Tab');
  await expect(page.locator('#grid-reason')).toHaveText('No hay más problemas en esa dirección.');
  await expect(page.locator('.row-grid')).toBeFocused();
  await rejected(page, 0);
  await expect(page.locator('[data-decision]')).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await rejected(page, 1);
  await expect(page.locator('[data-decision]')).toHaveCount(1);
});

test('under a filter the rows that are mended go, and the filter stays', async ({
  admin: page,
  server,
}) => {
  await open(page, server, 'x.csv', 'nombre;celular\nAna;51999990001\nRui;12\nEva;34\n');
  await page.locator('[data-problem=invalid_phone] [data-does^="rows"]').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.locator('#cell-text').fill('51 99999-0002');
  await page.keyboard.press('Enter');
  await expect(page.locator('.row-grid-row')).toHaveCount(1);
  await expect(page.locator('#rows-title')).toContainText('1 fila: ');
  await page.keyboard.press('Enter');
  await page.locator('#cell-text').fill('51 99999-0003');
  await page.keyboard.press('Enter');
  await expect(page.locator('.rows-view')).toContainText('Ya no queda ninguna fila así.');
  await page.locator('#all-rows').click();
  await expect(page.locator('.row-grid-row')).toHaveCount(3);
});

test('on a phone the rows lie over the page until they are closed', async ({
  admin: page,
  server,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, server, 'x.csv', 'nombre;celular\nAna;51999990001\nRui;12\n');
  await page.locator('[data-problem=invalid_phone] [data-does^="rows"]').click();
  const sheet = page.locator('.rows-view');
  await expect(sheet).toHaveCSS('position', 'fixed');
  await expect(page.locator('#all-rows')).toBeInViewport();
  await expect(page.locator('#edit-cell')).toBeInViewport();
  await page.locator('#all-rows').click();
  await expect(sheet).toHaveCSS('position', 'static');
});

test('decisions outlive a reload, and end with the import', async ({
  admin: page,
  server,
}) => {
  await openAndMend(page, server);
  await visit(page, server, '/onboarding/file');
  await expect(page.locator('#draft')).toContainText('Guardamos el cambio que hiciste en clientes.csv');
  await page.locator('#go-on-with-draft').click();
  await checked(page);
  await expect(page.locator('[data-decision]')).toHaveCount(1);
  expect(await ledger(page)).toEqual({ ready: 2, merged: 0, rejected: 0 });
  expect(await importFrom(page)).toMatchObject({ new: 2, rejected: 0 });
  await visit(page, server, '/onboarding/file');
  await expect(page.locator('.drop-zone')).toBeVisible();
  await expect(page.locator('#draft')).toHaveCount(0);
});

test('another account in the same browser finds no draft, and takes it away', async ({
  admin: page,
  server,
}) => {
  await openAndMend(page, server);
  const copies = () =>
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const names: string[] = [];
      for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys())
        names.push(name);
      return names;
    });
  expect(await copies()).toEqual(['imports']);
  server.addUser('bia@example.com', 'admin');
  // The session ends without a sign-out, as when its time is over.
  await page.context().clearCookies();
  await signIn(page, server, 'bia@example.com');
  await visit(page, server, '/onboarding/file');
  await expect.poll(copies).toEqual([]);
  await expect(page.locator('#draft')).toHaveCount(0);
});

test('a draft that is discarded is gone', async ({ admin: page, server }) => {
  await openAndMend(page, server);
  await visit(page, server, '/onboarding/file');
  await page.getByRole('button', { name: 'Descartarlo' }).click();
  await expect(page.locator('#draft')).toHaveCount(0);
  await visit(page, server, '/onboarding/file');
  await expect(page.locator('.drop-zone')).toBeVisible();
  await expect(page.locator('#draft')).toHaveCount(0);
});

test('cells that were copied from a spreadsheet are pasted as a file', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/onboarding/file');
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'Nombre\tCelular\nAna\t51999990001\nRui\t51999990002\n');
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  await checked(page);
  await expect(page.locator('main')).toContainText('Celdas pegadas.txt');
  expect(await ledger(page)).toEqual({ ready: 2, merged: 0, rejected: 0 });
  await goOn(page, '/onboarding/columns');
});

test('all rows are searched, and a part of the cells of a column is replaced and put back', async ({
  admin: page,
  server,
}) => {
  const lines = Array.from({ length: 300 }, (_, at) => `Ana ${at};51999${910_000 + at};Lima`);
  lines[250] = 'José Luís;51999980001;Bogotá';
  lines[270] = 'Rui;519-99980-002X;Bogotá';
  await open(page, server, 'x.csv', `nombre;celular;ciudad\n${lines.join('\n')}\n`);
  await page.locator('#search-rows').fill('jose luis');
  await page.keyboard.press('Enter');
  await expect(page.locator('#rows-title')).toHaveText('1 fila: Resultados de tu búsqueda');
  await expect(page.locator('.row-grid-row')).toHaveCount(1);
  await expect(page.locator('.row-grid-row')).toContainText('José Luís');
  await page.locator('#search-rows').fill('bogota');
  await page.keyboard.press('Enter');
  await expect(page.locator('.row-grid-row')).toHaveCount(2);
  await page.locator('#all-rows').click();
  await page.locator('#replace summary').click();
  await page.locator('#replace-column').selectOption({ label: 'ciudad' });
  await page.locator('#replace-find').fill('Bogotá');
  await page.locator('#replace-to').fill('Medellín');
  await page.keyboard.press('Enter');
  const decision = page.locator('[data-decision="0"]');
  await expect(decision).toHaveAttribute('data-records', '2');
  await expect(decision).toContainText('Reemplazar «Bogotá» por «Medellín» dentro del texto');
  await page.locator('[data-does="undo 0"]').click();
  await expect(page.locator('[data-decision]')).toHaveCount(0);
});
