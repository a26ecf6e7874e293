import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Fakes } from '../support/fakes';
import { Server } from '../support/server';
import { expect, hydrated, primary, test as base, visit } from '../support/wizard';

const test = base.extend<{ fakes: Fakes }>({
  fakes: async ({}, use) => {
    const fakes = await Fakes.start();
    await use(fakes);
    await fakes.stop();
  },
  server: async ({ fakes }, use) => {
    const server = await Server.startSetUp({}, fakes.data);
    await use(server);
    await server.stop();
  },
});

const KEY = '1234567890123';
const SECRET = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';

interface Truth {
  contacts: unknown[];
  transactions: unknown[];
  products: unknown[];
}

/** Waits until the first sync has ended with exactly what the system has. */
async function arrives(page: Page, fakes: Fakes, system: string): Promise<void> {
  const truth = await fakes.control<Truth>(system, 'truth');
  await expect(page.locator('#progress')).toHaveAttribute('data-rests', 'true', {
    timeout: 60_000,
  });
  for (const [stream, records] of Object.entries(truth)) {
    await expect(page.locator(`#progress [data-stream=${stream}]`)).toHaveAttribute(
      'data-records',
      `${(records as unknown[]).length}`,
    );
  }
}

async function connectsOmie(page: Page, server: Server): Promise<void> {
  await visit(page, server, '/onboarding/connect/omie');
  await page.locator('#app_key').fill(KEY);
  await page.locator('#app_secret').fill(SECRET);
  await page.locator('#connect').click();
  await expect(page.locator('#progress')).toBeVisible();
}

test('each system that is ticked gets its page: a bad key is named, a good one brings everything, and consent is asked for and comes back', async ({
  admin: page,
  server,
  fakes,
}) => {
  await visit(page, server, '/onboarding/systems');
  for (const slug of ['omie', 'bling']) await page.locator(`input[name=${slug}]`).check();
  await primary(page).click();
  await page.waitForURL('**/onboarding/connect/omie');
  await hydrated(page);
  await expect(page.locator('h1')).toContainText('Conecta Omie');
  await page.locator('#app_key').fill(KEY);
  await page.locator('#app_secret').fill('not the secret');
  await page.locator('#connect').click();
  await expect(page.getByRole('alert').first()).toContainText('no reconoce estos datos de acceso');
  await expect(page.getByRole('alert').first()).toContainText('App Key');
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map((violation) => violation.id)).toEqual([]);
  await page.locator('#app_secret').fill(SECRET);
  await page.locator('#connect').click();
  await arrives(page, fakes, 'omie');
  expect(await page.content(), 'a secret is never shown again').not.toContain(SECRET);

  await page.locator('#next-page').click();
  await page.waitForURL('**/onboarding/connect/bling');
  await hydrated(page);
  const back = await page.locator('#back-address').innerText();
  await fakes.control('bling', 'redirect', { uri: back });
  await page.locator('#client_id').fill('bling-client');
  await page.locator('#client_secret').fill('bling-secret');
  await page.locator('#connect').click();
  await page.locator('#deny').click();
  await page.waitForURL('**/onboarding/connect/bling?refused=consent');
  await hydrated(page);
  await expect(page.getByRole('alert').first()).toContainText('Falta tu permiso');
  await page.locator('#client_id').fill('bling-client');
  await page.locator('#client_secret').fill('bling-secret');
  await page.locator('#connect').click();
  await page.locator('#approve').click();
  await page.waitForURL('**/onboarding/connect/bling');
  await hydrated(page);
  await arrives(page, fakes, 'bling');
  await page.locator('#next-page').click();
  await page.waitForURL('**/onboarding/file');
  await visit(page, server, '/');
  await expect(page.locator('#contacts')).not.toHaveAttribute('data-contacts', '0');
});

test('a connection is read again, paused, given a new key, undone and ended in the settings', async ({
  admin: page,
  server,
  fakes,
}) => {
  await connectsOmie(page, server);
  await arrives(page, fakes, 'omie');
  await fakes.control('omie', 'change', { contacts: 3, transactions: 2, products: 1 });
  await visit(page, server, '/settings/systems');
  const row = page.locator('[data-connection=omie]');
  await row.getByRole('button', { name: 'Leer ahora' }).click();
  const truth = await fakes.control<Truth>('omie', 'truth');
  await expect(async () => {
    await page.locator('#refresh').click();
    await expect(row.locator('[data-stream=contacts]')).toHaveAttribute(
      'data-records',
      `${truth.contacts.length}`,
      { timeout: 500 },
    );
    await expect(row).toHaveAttribute('data-running', 'false', { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await row.getByRole('button', { name: 'Ver las últimas lecturas' }).click();
  await expect(row.locator('li').filter({ hasText: 'Contactos:' })).toHaveCount(2);

  await row.getByRole('button', { name: 'Pausar' }).click();
  await expect(row).toHaveAttribute('data-state', 'paused');
  await row.getByRole('button', { name: 'Reanudar' }).click();
  await expect(row).toHaveAttribute('data-state', 'active');
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map((violation) => violation.id)).toEqual([]);

  // A key is changed before the old one ends.
  await row.locator('a[href*="again="]').click();
  await page.waitForURL('**/onboarding/connect/omie?again=*');
  await page.locator('#app_key').fill(KEY);
  await page.locator('#app_secret').fill(SECRET);
  await page.locator('#connect').click();
  await arrives(page, fakes, 'omie');
  await visit(page, server, '/settings/systems');
  await expect(page.locator('[data-connection]')).toHaveCount(1);

  await row.getByRole('button', { name: 'Desconectar' }).click();
  await page.locator('#remove-contacts').click();
  await expect(row).toHaveCount(0);
  await visit(page, server, '/');
  await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', '0');
});

test('a connection whose key is not known any more says so, and asks for a new one', async ({
  admin: page,
  server,
  fakes,
}) => {
  await connectsOmie(page, server);
  await arrives(page, fakes, 'omie');
  server.sql("UPDATE connection SET slug = 'wbuy'");
  await visit(page, server, '/settings/systems');
  const row = page.locator('[data-connection=wbuy]');
  await row.getByRole('button', { name: 'Leer ahora' }).click();
  await expect(async () => {
    await page.locator('#refresh').click();
    await expect(row).toHaveAttribute('data-state', 'failed', { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expect(row.getByRole('alert')).toContainText('no reconoce estos datos de acceso');
});
