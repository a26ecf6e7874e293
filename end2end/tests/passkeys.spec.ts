import AxeBuilder from '@axe-core/playwright';
import { createHash } from 'node:crypto';
import type { CDPSession, Page, Request } from '@playwright/test';
import { ADMIN, Server } from '../support/server';
import { expect, hydrated, signIn, test as base, visit } from '../support/wizard';

// Browsers make passkeys for a host with a name only.
const test = base.extend({
  server: async ({}, use) => {
    const server = await Server.startSetUp({ ALTA_PUBLIC_URL: 'http://localhost' });
    await use(server);
    await server.stop();
  },
});

/** A phone's own authenticator, as Chromium plays it, whose owner says yes. */
async function authenticator(page: Page): Promise<{ session: CDPSession; id: string }> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options });
  return { session, id: authenticatorId };
}

async function adds(page: Page, server: Server): Promise<void> {
  await visit(page, server, '/account');
  await page.locator('#add-passkey').click();
  await page.locator('#passkey-password').fill(ADMIN.password);
  await page.locator('#passkey-go-on').click();
  await expect(page.locator('#passkeys li')).toHaveCount(1);
}

async function signsOut(page: Page, server: Server): Promise<void> {
  await page.context().clearCookies();
  await visit(page, server, '/sign-in');
}

test('a passkey signs in with nothing typed, without the code of a second step, until it is removed', async ({
  admin: page,
  server,
}) => {
  const key = await authenticator(page);
  await adds(page, server);
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map((violation) => violation.id)).toEqual([]);
  server.sql(
    `INSERT INTO second_factor (user_id, secret, since, last_step, failures, failed_at) VALUES (1, '', 1, 0, 0, 0)`,
  );

  await signsOut(page, server);
  let sent: Request | undefined;
  page.on('request', (request) =>
    request.url().endsWith('/api/passkey_sign_in') ? (sent = request) : undefined,
  );
  await page.locator('#with-passkey').click();
  await page.waitForURL(`${server.base}/`);
  await hydrated(page);
  await expect(page.locator('h1')).toContainText('Hola, Ana');
  // What signed in once does not sign in again: neither by the same challenge nor by another one.
  const replayed = await page.request.post(`${server.base}/api/passkey_sign_in`, {
    data: sent?.postDataBuffer() ?? '',
    headers: { 'content-type': 'application/x-postcard' },
  });
  expect(replayed.status()).toBe(401);

  await visit(page, server, '/account');
  await expect(page.locator('#passkeys li')).toContainText('Último uso');
  // A screen left open is not enough to take the key away: its owner's password is asked for.
  await page.locator('#passkeys li button').click();
  await page.locator('#passkey-password').fill('not the password');
  await page.locator('#passkey-go-on').click();
  await expect(page.locator('#passkeys > [role=alert]')).not.toBeEmpty();
  await expect(page.locator('#passkeys li')).toHaveCount(1);
  await page.locator('#passkey-password').fill(ADMIN.password);
  await page.locator('#passkey-go-on').click();
  await expect(page.locator('#passkeys li')).toHaveCount(0);
  await signsOut(page, server);
  await page.locator('#with-passkey').click();
  await expect(page.getByRole('alert')).toContainText('No se pudo usar esa llave de acceso');
  await key.session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: key.id });
});

test('one whose owner says no opens nothing, and one of somebody shut out neither', async ({
  admin: page,
  server,
}) => {
  const key = await authenticator(page);
  await adds(page, server);
  await signsOut(page, server);
  await key.session.send('WebAuthn.setUserVerified', {
    authenticatorId: key.id,
    isUserVerified: false,
  });
  await page.locator('#with-passkey').click();
  await expect(page.getByRole('alert')).toContainText('No se pudo usar esa llave de acceso');
  await key.session.send('WebAuthn.setUserVerified', {
    authenticatorId: key.id,
    isUserVerified: true,
  });
  server.sql('UPDATE membership SET active = 0');
  await visit(page, server, '/sign-in');
  await page.locator('#with-passkey').click();
  await expect(page.getByRole('alert')).toContainText('contraseña');
  server.sql('UPDATE membership SET active = 1');
  await signIn(page, server, ADMIN.email);
});

test('a password that is set anew, by its link or on the command line, takes passkeys with it', async ({
  admin: page,
  server,
}) => {
  await authenticator(page);
  const refused = async () => {
    await signsOut(page, server);
    await page.locator('#with-passkey').click();
    await expect(page.getByRole('alert')).toContainText('No se pudo usar esa llave de acceso');
  };
  await adds(page, server);
  const hash = createHash('sha256').update('of-the-mail').digest('base64url');
  server.sql(
    `INSERT INTO password_reset (token_hash, user_id, expires_at) VALUES ('${hash}', 1, ${Date.now() + 60_000})`,
  );
  await visit(page, server, '/reset?token=of-the-mail');
  await page.locator('#password').fill(ADMIN.password);
  await page.locator('form button[type=submit]').last().click();
  await page.waitForURL(`${server.base}/`);
  await refused();

  await signIn(page, server, ADMIN.email);
  await adds(page, server);
  server.resetPassword(ADMIN.email, ADMIN.password);
  await refused();
});

test('at an address without a name there is no word of passkeys', async ({ page }) => {
  const server = await Server.startSetUp();
  await signIn(page, server, ADMIN.email);
  await visit(page, server, '/account');
  await expect(page.locator('#sessions li')).toHaveCount(1);
  await expect(page.locator('#passkeys')).toHaveCount(0);
  await signsOut(page, server);
  await expect(page.locator('#with-passkey')).toHaveCount(0);
  await server.stop();
});
