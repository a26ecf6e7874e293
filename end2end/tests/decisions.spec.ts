import {
  checked,
  drop,
  expect,
  goOn,
  hydrated,
  importFrom,
  ledger,
  primary,
  test,
  visit,
} from '../support/wizard';
import type { Page } from '@playwright/test';
import type { Server } from '../support/server';

const BEFORE =
  'celular;correo;nombre;etiquetas\n51999990001;ana@example.com;Ana;vip\n51999990002;bia@example.com;Bia;\n;caio@example.com;Caio;\n';

async function bring(page: Page, server: Server, name: string, text: string): Promise<void> {
  await visit(page, server, '/onboarding/file');
  await drop(page, name, text);
  await checked(page);
}

async function effect(page: Page): Promise<Record<string, number>> {
  await expect(page.locator('#effect')).toHaveAttribute('data-done', 'true');
  return ledger(page);
}

test('what the import will do is said before the button, field by field, and it does that', async ({
  admin: page,
  server,
}) => {
  await bring(page, server, 'a.csv', BEFORE);
  await goOn(page, '/onboarding/columns');
  await goOn(page, '/onboarding/import');
  expect(await effect(page), 'an empty base').toMatchObject({ new: 3, updated: 0 });
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();

  const again =
    'celular;correo;nombre;etiquetas\n51999990001;ana@example.com;Ana María;Lima\n51999990002;;Bia;\n51999990004;;Dani;\n51999990001;;Ana;\n51999990002;;;\n12;;Eva;\n';
  await bring(page, server, 'b.csv', again);
  await goOn(page, '/onboarding/columns');
  await goOn(page, '/onboarding/import');
  const promised = await effect(page);
  expect(promised).toMatchObject({ new: 1, updated: 1, unchanged: 1, merged: 2, rejected: 1 });
  await expect(page.locator('#effect')).toContainText('Nombre completo: 1');
  await expect(page.locator('#effect')).toContainText('Etiquetas: 1');
  await expect(page.locator('#effect-samples')).toContainText(
    /Línea 2\s*Nombre completo\s*Ana\s*→\s*Ana María/,
  );

  await page.goBack();
  await page.getByText('Otra regla para algunos campos').click();
  await page.locator('#policy-2').selectOption('keep');
  await page.locator('#policy-3').selectOption('keep');
  await goOn(page, '/onboarding/import');
  expect(await effect(page)).toMatchObject({ new: 1, updated: 0, unchanged: 2 });
  await page.goBack();
  await page.locator('#policy-3').selectOption('');
  await goOn(page, '/onboarding/import');
  const last = await effect(page);
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();
  expect(await ledger(page)).toEqual(last);
});

test('a row that points at two contacts waits for the admin, who says whose it is', async ({
  admin: page,
  server,
}) => {
  await bring(page, server, 'a.csv', BEFORE);
  await importFrom(page);
  await bring(
    page,
    server,
    'b.csv',
    'celular;correo;nombre\n51999990001;caio@example.com;Ana Souza\n51999990002;caio@example.com;Bia\n',
  );
  await goOn(page, '/onboarding/columns');
  await goOn(page, '/onboarding/import');
  await effect(page);
  await expect(page.locator('#effect')).toContainText(
    '1 de las rechazadas apunta a dos contactos distintos',
  );
  await primary(page).click();
  await page.getByRole('link', { name: /Decidir 1 fila/ }).click();
  await page.waitForURL('**/conflicts/*');
  await hydrated(page);
  const row = page.locator('#conflicts > li');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Coincide en: Teléfono celular');
  await expect(row).toContainText('Coincide en: Correo electrónico');
  await row.getByRole('button', { name: 'Es de Ana' }).click();
  await expect(page.locator('main')).toContainText('No queda ninguna por decidir');
  await visit(page, server, '/');
  await expect(page.locator('#last-import [data-segment=rejected] [data-records]')).toHaveAttribute(
    'data-records',
    '0',
  );
  await expect(page.locator('#last-import [data-segment=updated] [data-records]')).toHaveAttribute(
    'data-records',
    '1',
  );
});

test('permission needs its ground, and who said no stays out whatever a later file says', async ({
  admin: page,
  server,
}) => {
  await bring(
    page,
    server,
    'a.csv',
    'celular;nombre;acepta\n51999990001;Ana;sí\n51999990002;Bia;no\n',
  );
  await goOn(page, '/onboarding/columns');
  await page.locator('[data-column="2"]').selectOption('consent-whatsapp');
  await expect(primary(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(page.locator('#permission')).toContainText('Indica la base legal para continuar');
  await page.locator('#basis').selectOption('consent');
  await page.locator('#consent-source').fill('formulario en la tienda');
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();

  await bring(page, server, 'b.csv', 'celular;nombre\n51999990001;Ana\n51999990002;Bia\n');
  await goOn(page, '/onboarding/columns');
  await page.locator('[name=channel][value=whatsapp]').check();
  await page.locator('#basis').selectOption('contract');
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#kept-out')).toContainText(
    '1 contacto había dicho que no a un canal',
  );
});
