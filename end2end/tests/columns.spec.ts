import { checked, drop, expect, goOn, importFrom, primary, test, visit } from '../support/wizard';

test('columns: suggested, left out, a new field in place, counts follow live', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/onboarding/file');
  await drop(page, 'x.csv', 'celular;correo;talla\n123;ana@example.com;M\n51999990002;;L\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await expect(page.locator('[data-column="0"]')).toHaveValue('phone');
  await expect(page.locator('[data-column="1"]')).toHaveValue('email');
  await expect(page.locator('[data-segment=ready] [data-records]')).toHaveAttribute(
    'data-records',
    '2',
  );

  await page.locator('[data-column="1"]').selectOption('');
  await expect(page.locator('[data-segment=rejected] [data-records]')).toHaveAttribute(
    'data-records',
    '1',
  );
  await page.locator('[data-column="0"]').selectOption('');
  await expect(page.locator('main')).toContainText('Falta el teléfono o el correo');
  await expect(primary(page)).toHaveAttribute('aria-disabled', 'true');
  await page.locator('[data-column="0"]').selectOption('phone');
  await page.locator('[data-column="1"]').selectOption('email');

  await page.locator('[data-column="2"]').selectOption('new');
  await expect(page.locator('#field-name-2')).toBeFocused();
  await expect(page.locator('#field-name-2')).toHaveValue('talla');
  await expect(primary(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(page.locator('#columns-need')).toHaveText(
    'Crea o cancela el campo nuevo de «talla».',
  );
  await page.getByRole('button', { name: 'Crear campo' }).click();
  await expect(page.locator('[data-column="2"]')).toHaveValue(/^field-\d+$/);
  await expect(page.locator('#left-out')).toHaveCount(0);
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();
});

test('columns that stay out are named on the step and in the summary, and found among many', async ({
  admin: page,
  server,
}) => {
  const many = Array.from({ length: 14 }, (_, at) => `dato ${at + 1}`);
  const header = ['celular', 'nombre', ...many];
  const row = ['51999990001', 'Ana', ...many.map((_, at) => `valor ${at}`)];
  await visit(page, server, '/onboarding/file');
  await drop(page, 'x.csv', `${header.join(';')}\n${row.join(';')}\n;Rui${';'.repeat(14)}\n`);
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await expect(page.locator('#left-out')).toContainText('14 columnas quedan fuera: dato 1 · dato 2');
  await expect(page.locator('#problems-left')).toContainText('1 dato tiene un problema');
  const rows = page.locator('.column-row');
  await expect(rows).toHaveCount(16);
  await page.locator('#search-columns [type=checkbox]').check();
  await expect(rows).toHaveCount(14);
  await page.locator('#search-columns [type=search]').fill('DATO 13');
  await expect(rows).toHaveCount(1);
  await page.locator('[data-column="14"]').selectOption('notes');
  await expect(page.locator('#left-out')).toContainText('13 columnas');
  await goOn(page, '/onboarding/import');
  await expect(page.locator('#left-out')).toContainText('dato 14');
  await page.goBack();
  await page.locator('#problems-left a').click();
  await page.waitForURL('**/onboarding/file');
  await expect(page.locator('[data-problem=no_identity]')).toBeVisible();
});

test('a list of before is offered with its contacts, and gets the new ones too', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/onboarding/file');
  await drop(page, 'x.csv', 'celular;nombre\n51999990001;Ana\n');
  await checked(page);
  await importFrom(page, 'VIP');
  await visit(page, server, '/onboarding/file');
  await drop(page, 'y.csv', 'celular;nombre\n51999990002;Bia\n');
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await page.locator('#list').selectOption({ label: 'VIP (1 contacto)' });
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();
  await visit(page, server, '/');
  await expect(page.locator('#lists [data-contacts]')).toHaveAttribute('data-contacts', '2');
});
