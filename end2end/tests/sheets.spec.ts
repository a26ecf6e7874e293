import XLSX from 'xlsx';
import { checked, drop, expect, importFrom, ledger, test, visit } from '../support/wizard';

/**
 * A workbook as another program writes it: an empty sheet first, the contacts second, others
 * third.
 */
function workbook(type: 'xlsx' | 'ods' | 'biff8'): Buffer {
  const book = XLSX.utils.book_new();
  const contacts = XLSX.utils.aoa_to_sheet(
    [
      ['Nombre', 'Celular', 'Correo', 'Nacimiento'],
      ['Ana, "la jefa"', 51999990001, 'ana@example.com', new Date(Date.UTC(1990, 11, 31))],
      ['José\nLuis', '(51) 99999-0002', '', ''],
      ['Zoé', 12, '', ''],
    ],
    { cellDates: true },
  );
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([]), 'Vacía');
  XLSX.utils.book_append_sheet(book, contacts, 'Clientes');
  XLSX.utils.book_append_sheet(
    book,
    XLSX.utils.aoa_to_sheet([['celular'], [51999990009]]),
    'Otros',
  );
  const written = XLSX.write(book, { type: 'buffer', bookType: type, cellDates: true }) as Buffer;
  return type === 'ods' ? compact(written) : written;
}

/**
 * LibreOffice puts no space between elements; the library that writes the file does, and calamine
 * refuses it.
 */
function compact(ods: Buffer): Buffer {
  const archive = XLSX.CFB.read(ods, { type: 'buffer' });
  const content = XLSX.CFB.find(archive, 'content.xml');
  if (!content) throw new Error('no content.xml');
  content.content = Buffer.from(
    Buffer.from(content.content as Uint8Array)
      .toString('utf8')
      .replace(/>\s+</g, '><'),
  );
  return XLSX.CFB.write(archive, { type: 'buffer', fileType: 'zip' } as never) as Buffer;
}

for (const [type, name] of [
  ['xlsx', 'clientes.xlsx'],
  ['ods', 'clientes.ods'],
  ['biff8', 'clientes.xls'],
] as const) {
  test(`${name} is read like a CSV, and its sheet can be chosen`, async ({
    admin: page,
    server,
  }) => {
    await visit(page, server, '/onboarding/file');
    await drop(page, name, workbook(type));
    await checked(page);
    expect(await ledger(page)).toEqual({ ready: 2, merged: 0, rejected: 1 });
    await expect(page.locator('select[name=sheet]')).toHaveValue('1');
    await expect(page.locator('#cell-0-0')).toContainText('Ana, "la jefa"');
    await expect(page.locator('#cell-0-1')).toContainText('51999990001');
    await expect(page.locator('#cell-0-3')).toContainText('1990-12-31');
    await page.locator('select[name=sheet]').selectOption({ label: 'Otros' });
    await expect(page.locator('#cell-0-0')).toContainText('51999990009');
    await checked(page);
    expect(await ledger(page)).toEqual({ ready: 1, merged: 0, rejected: 0 });
    await page.locator('select[name=sheet]').selectOption({ label: 'Clientes' });
    await expect(page.locator('#cell-0-3')).toContainText('1990-12-31');
    await checked(page);
    expect(await importFrom(page)).toEqual({
      new: 2,
      updated: 0,
      unchanged: 0,
      merged: 0,
      rejected: 1,
    });
  });
}

test('a workbook opens on the sheet that has people, not on the first', async ({
  admin: page,
  server,
}) => {
  const book = XLSX.utils.book_new();
  const sheet = (name: string, rows: unknown[][]) =>
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(rows), name);
  sheet('Resumen', [
    ['Mes', 'Ventas'],
    ['Enero', 1200],
    ['Febrero', 1340],
  ]);
  sheet('Clientes', [
    ['Nombre', 'Celular'],
    ['Ana', '51999990001'],
  ]);
  const bytes = XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
  await visit(page, server, '/onboarding/file');
  await drop(page, 'reporte.xlsx', bytes);
  await checked(page);
  expect(await ledger(page)).toEqual({ ready: 1, merged: 0, rejected: 0 });
  await expect(page.locator('.row-grid')).toContainText('Ana');
});
