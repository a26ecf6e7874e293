import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csv } from '../support/files';
import { checked, choose, drop, expect, goOn, importFrom, ledger, primary, test, visit } from '../support/wizard';

test('an import is taken back, after it was shown what that does', async ({ admin: page, server }) => {
  await visit(page, server, '/onboarding/file');
  await drop(page, 'a.csv', 'celular;nombre\n51999990001;Ana\n');
  await checked(page);
  await importFrom(page, 'Clientes');
  await visit(page, server, '/onboarding/file');
  await drop(page, 'b.csv', 'celular;nombre\n51999990001;Ana María\n51999990002;Bia\n51999990003;Caio\n');
  await checked(page);
  expect(await importFrom(page)).toEqual({ new: 2, updated: 1, unchanged: 0, merged: 0, rejected: 0 });

  await page.locator('#undo-import').click();
  await expect(page.locator('#outcome')).toContainText('Se quitarán 2 contactos que trajo y 1 recuperarán sus valores anteriores');
  await page.getByRole('button', { name: 'No, dejarla' }).click();
  await page.locator('#undo-import').click();
  await page.locator('#undo-confirm').click();
  await expect(page.locator('#undone')).toContainText('Se quitaron 2 contactos');

  await visit(page, server, '/');
  await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', '1');
  await expect(page.locator('#last-import')).toContainText('deshecha');
  await expect(page.locator('#undo-import')).toHaveCount(0);
});

test('an import that was cut off goes on with the same file, and nobody is repeated', async ({ admin: page, server, context }) => {
  test.setTimeout(120_000);
  const directory = mkdtempSync(join(tmpdir(), 'alta-cut-'));
  try {
    const path = join(directory, 'clientes.csv');
    const people = 40_000;
    const rows = Array.from({ length: people }, (_, n) => [`5551${990000000 + n}`, `persona${n}@example.com`, `Persona ${n} ${'x'.repeat(30)}`]);
    writeFileSync(path, csv([['Celular', 'Correo', 'Nombre'], ...rows], ';'));
    await visit(page, server, '/onboarding/file');
    await choose(page, path);
    await checked(page);
    await goOn(page, '/onboarding/columns');
    await goOn(page, '/onboarding/import');
    let sent = 0;
    await page.route('**/api/onboarding/send_batch', (route) => {
      sent += 1;
      return sent > 1 ? route.abort() : route.continue();
    });
    await primary(page).click();
    await expect.poll(() => sent).toBeGreaterThan(1);
    await page.close();

    const other = await context.newPage();
    await visit(other, server, '/');
    await expect(other.locator('#last-import')).toContainText(/quedó al [1-9][0-9]? %/);
    await other.locator('#go-on').click();
    await other.waitForURL('**/onboarding/file');
    await expect(other.locator('#unfinished')).toContainText('La importación de clientes.csv quedó al');
    await choose(other, path);
    await checked(other);
    await goOn(other, '/onboarding/columns');
    await goOn(other, '/onboarding/import');
    const behind = other.waitForRequest('**/api/onboarding/send_batch');
    await primary(other).click();
    await behind;
    await expect(other.locator('#outcome')).toBeVisible({ timeout: 60_000 });
    expect(await ledger(other)).toEqual({ new: people, updated: 0, unchanged: 0, merged: 0, rejected: 0 });
    await visit(other, server, '/');
    await expect(other.locator('#contacts')).toHaveAttribute('data-contacts', String(people));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
