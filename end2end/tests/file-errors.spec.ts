import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN, Server } from '../support/server';
import { checked, choose, drop, expect, signIn, test, visit } from '../support/wizard';

test.beforeEach(async ({ admin, server }) => visit(admin, server, '/onboarding/file'));

for (const [name, content, words] of [
  [
    'clientes.xlsx',
    'PK\x03\x04\x14\x00\x06\x00[Content_Types].xml xl/workbook.xml',
    'un libro de Excel',
  ],
  ['lista.pdf', '%PDF-1.7\n%âãÏÓ', 'un documento PDF'],
] as const) {
  test(`invalid format: ${name} is named for what it is, with the way out`, async ({
    admin: page,
  }) => {
    await drop(page, name, Buffer.from(content, 'latin1'));
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('Formato inválido');
    await expect(alert).toContainText(words);
    await alert.getByRole('button', { name: 'Elegir otro archivo' }).click();
    await expect(page.locator('.drop-zone')).toBeVisible();
  });
}

test('an empty file says so', async ({ admin: page }) => {
  await drop(page, 'vacio.csv', '');
  await expect(page.getByRole('alert')).toContainText('El archivo está vacío');
  await drop(page, 'solo-encabezado.csv', 'celular;nombre\n');
  await expect(page.getByRole('alert')).toContainText('El archivo está vacío');
});

test('file too large: 76 MiB are refused before a byte is read, with both sizes', async ({
  admin: page,
}) => {
  const directory = mkdtempSync(join(tmpdir(), 'alta-large-'));
  try {
    const path = join(directory, 'grande.csv');
    writeFileSync(path, Buffer.alloc(76 * 1024 * 1024, 'a'));
    await choose(page, path);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('Archivo muy grande');
    await expect(alert).toContainText('76 MB');
    await expect(alert).toContainText('75 MB');
    expect(page.workers(), 'no worker was started to read it').toHaveLength(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('file too large: more rows than the limit are refused while they are read', async ({
  browser,
}) => {
  const server = await Server.startSetUp({ ALTA_MAX_FILE_RECORDS: '2' });
  const page = await browser.newPage();
  try {
    await signIn(page, server, ADMIN.email);
    await visit(page, server, '/onboarding/file');
    await drop(page, 'largo.csv', 'celular\n51999990001\n51999990002\n51999990003\n');
    await expect(page.getByRole('alert')).toContainText('Tiene más de 2 filas');
    await page.getByRole('button', { name: 'Elegir otro archivo' }).click();
    await drop(page, 'corto.csv', 'celular\n51999990001\n51999990002\n');
    await checked(page);
  } finally {
    await page.close();
    await server.stop();
  }
});

test('file without header: recognised, usable, and the header can be pointed at', async ({
  admin: page,
}) => {
  await drop(page, 'sin.csv', '51999990001;Ana\n51999990002;Bia\n');
  await checked(page);
  await expect(page.locator('main')).toContainText('Archivo sin encabezado');
  await expect(page.locator('select[name=header]')).toHaveValue('none');
  await expect(page.locator('[data-segment=ready] [data-records]')).toHaveAttribute(
    'data-records',
    '2',
  );
  await page.getByRole('button', { name: 'La línea 1 es el encabezado' }).click();
  await expect(page.locator('select[name=header]')).toHaveValue('1');
  await expect(page.locator('[data-segment=ready] [data-records]')).toHaveAttribute(
    'data-records',
    '1',
  );
});

test('repeated contacts: named, counted, and their rows shown', async ({ admin: page }) => {
  await drop(
    page,
    'rep.csv',
    'celular;nombre\n51999990001;Ana\n(51) 99999-0001;Ana S\n51999990002;Bia\n',
  );
  await checked(page);
  // The first is the number by which they are one person; the name that gives way stands apart.
  const problem = page.locator('[data-problem=duplicate]').first();
  await expect(problem).toContainText('Datos de contactos repetidos');
  await expect(problem).toHaveAttribute('data-records', '1');
  await problem.getByRole('button', { name: 'Ver filas' }).click();
  await expect(page.locator('.row-grid-row')).toHaveCount(1);
  await page.locator('.row-grid').focus();
  await expect(page.locator('#grid-reason')).toContainText('Misma persona que la línea 2');
});

test('invalid phone: named with its lines and cause, lost digits apart', async ({
  admin: page,
}) => {
  await drop(page, 'mal.csv', 'celular;nombre\n123456;Ana\n5,55E+12;Bia\n51999990002;Caio\n');
  await checked(page);
  await expect(page.locator('[data-problem=invalid_phone]')).toContainText(
    'Formato de teléfono inválido',
  );
  await expect(page.locator('[data-problem=invalid_phone]')).toContainText('Línea 2');
  await expect(page.locator('[data-problem=lost_digits]')).toContainText('5,55E+12');
  await page.locator('.row-grid').focus();
  await expect(page.locator('#grid-reason')).toContainText('Formato de teléfono inválido');
});

test('dates that nothing decides are asked once', async ({ admin: page }) => {
  await drop(page, 'f.csv', 'celular;nacimiento\n51999990001;03/04/1990\n51999990002;05/06/1991\n');
  await checked(page);
  await page
    .locator('[data-problem=ambiguous_date]')
    .getByRole('button', { name: 'Leer como día/mes' })
    .click();
  await checked(page);
  await expect(page.locator('[data-problem=ambiguous_date]')).toHaveCount(0);
});

test('while a file is being read: its name, a number that moves, and Stop', async ({
  admin: page,
}) => {
  // The worker that reads does not come: as long as that, reading can take.
  const script = await page.locator('meta[name=alta-worker]').getAttribute('content');
  await page.route(`**${script}`, () => undefined);
  await drop(page, 'lento.csv', 'celular;nombre\n51999990001;Ana\n');
  const reading = page.locator('#reading');
  await expect(reading).toContainText('lento.csv');
  await expect(reading).toContainText('Leyendo el archivo: 2 s');
  await expect(reading).toContainText('Leyendo el archivo: 3 s');
  await reading.getByRole('button', { name: 'Detener' }).click();
  await expect(reading).toHaveCount(0);
  await page.unroute(`**${script}`);
  await drop(page, 'otro.csv', 'celular;nombre\n51999990001;Ana\n');
  await checked(page);
});
