import { IdentityProvider } from '../support/identity';
import { ADMIN, freePort, Server } from '../support/server';
import { expect, hydrated, test as base, visit } from '../support/wizard';
import type { Page } from '@playwright/test';

const test = base.extend<{ identity: IdentityProvider; port: number }>({
  port: async ({}, use) => use(await freePort()),
  server: async ({ port }, use) => {
    const server = await Server.startSetUp({
      ALTA_OIDC_ISSUER: `http://127.0.0.1:${port}`,
      ALTA_OIDC_CLIENT_ID: 'alta',
      ALTA_OIDC_CLIENT_SECRET: 'the secret of alta',
      ALTA_OIDC_NAME: 'Acme ID',
    });
    await use(server);
    await server.stop();
  },
  identity: [
    async ({ port, server }, use) => {
      const identity = await IdentityProvider.start(port, server.base);
      await use(identity);
      await identity.stop().catch(() => undefined);
    },
    { auto: true },
  ],
});

async function signsInThere(page: Page, server: Server, address: string): Promise<void> {
  await visit(page, server, '/sign-in');
  await page.getByRole('link', { name: 'Entrar con Acme ID' }).click();
  await page.locator('[name=login]').fill(address);
  await page.locator('[name=password]').fill('any');
  await page.locator('[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('the company’s own account signs in, and the session is one like any other', async ({
  page,
  server,
}) => {
  await signsInThere(page, server, ADMIN.email);
  await page.waitForURL(`${server.base}/`);
  await expect(page.locator('h1')).toContainText('Hola, Ana');
  await visit(page, server, '/account');
  await expect(page.locator('#sessions')).toContainText('127.0.0.1');
});

test('an address without account, one that is not verified, and an answer nobody asked for open nothing', async ({
  page,
  server,
  browser,
  identity,
}) => {
  await signsInThere(page, server, 'nobody@example.com');
  await expect(page.getByRole('alert')).toContainText('Esa dirección no tiene una cuenta aquí');

  const second = await (await browser.newContext({ locale: 'es' })).newPage();
  await signsInThere(second, server, `unverified-${ADMIN.email}`);
  await expect(second.getByRole('alert')).toContainText(
    'No pudimos entrar con la cuenta de tu empresa',
  );

  const third = await (await browser.newContext({ locale: 'es' })).newPage();
  await third.goto(`${server.base}/api/single-sign-on/return?code=planted&state=planted`);
  await expect(third.getByRole('alert')).toContainText(
    'No pudimos entrar con la cuenta de tu empresa',
  );
  await third.goto(`${server.base}/`);
  await third.waitForURL('**/sign-in');

  await identity.stop();
  await visit(third, server, '/sign-in');
  await third.getByRole('link', { name: 'Entrar con Acme ID' }).click();
  await hydrated(third);
  await expect(third.getByRole('alert')).toContainText(
    'No pudimos entrar con la cuenta de tu empresa',
  );
});

test('a second step that is on is asked for after it, too', async ({ page, server }) => {
  server.sql(
    `INSERT INTO second_factor (user_id, secret, since, last_step, failures, failed_at) VALUES (1, '', 1, 0, 0, 0)`,
  );
  await signsInThere(page, server, ADMIN.email);
  await page.waitForURL('**/second-factor');
});
