import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csv } from '../support/files';
import type { Page } from '@playwright/test';
import type { Server } from '../support/server';
import {
  checked,
  choose,
  drop,
  expect,
  goOn,
  importFrom,
  ledger,
  primary,
  test,
  visit,
} from '../support/wizard';

const PEOPLE = 40_000;
const ALL_NEW = { new: PEOPLE, updated: 0, unchanged: 0, merged: 0, rejected: 0 };

let directory: string;
let path: string;

test.beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'alta-trust-'));
  path = join(directory, 'clientes.csv');
  const rows = Array.from({ length: PEOPLE }, (_, n) => [
    `5551${990000000 + n}`,
    `persona${n}@example.com`,
    `Persona ${n} ${'x'.repeat(30)}`,
  ]);
  writeFileSync(path, csv([['Celular', 'Correo', 'Nombre'], ...rows], ';'));
});

test.afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A file of several batches, checked and ready to be sent. */
async function ready(page: Page, server: Server): Promise<void> {
  await visit(page, server, '/onboarding/file');
  await choose(page, path);
  await checked(page);
  await goOn(page, '/onboarding/columns');
  await goOn(page, '/onboarding/import');
}

/** Begins the import, lets one batch through, and closes the page. */
async function cutOff(page: Page, before = async () => undefined as void): Promise<void> {
  let sent = 0;
  await page.route('**/api/onboarding/send_batch', (route) => {
    sent += 1;
    return sent > 1 ? route.abort() : route.continue();
  });
  await primary(page).click();
  await before();
  await expect.poll(() => sent).toBeGreaterThan(1);
  await page.close();
}

/** Whether the browser has a copy of a file. */
function copies(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle('imports').then(
      () => 'there',
      () => 'gone',
    );
  });
}

/** Runs `what` before the second batch is sent. */
async function beforeSecondBatch(page: Page, what: () => Promise<void>): Promise<void> {
  let sent = 0;
  await page.route('**/api/onboarding/send_batch', async (route) => {
    sent += 1;
    if (sent === 2) await what();
    await route.continue().catch(() => undefined);
  });
}

test('an import is taken back, after it was shown what that does', async ({
  admin: page,
  server,
}) => {
  await visit(page, server, '/onboarding/file');
  await drop(page, 'a.csv', 'celular;nombre\n51999990001;Ana\n');
  await checked(page);
  await importFrom(page, 'Clientes');
  await visit(page, server, '/onboarding/file');
  await drop(
    page,
    'b.csv',
    'celular;nombre\n51999990001;Ana María\n51999990002;Bia\n51999990003;Caio\n',
  );
  await checked(page);
  expect(await importFrom(page)).toEqual({
    new: 2,
    updated: 1,
    unchanged: 0,
    merged: 0,
    rejected: 0,
  });

  await page.locator('#undo-import').click();
  await expect(page.locator('#outcome')).toContainText(
    'Se quitarán 2 contactos que trajo. 1 contacto recuperará sus valores anteriores.',
  );
  await page.getByRole('button', { name: 'No, dejarla' }).click();
  await page.locator('#undo-import').click();
  await page.locator('#undo-confirm').click();
  await expect(page.locator('#undone')).toContainText('Se quitaron 2 contactos');

  await visit(page, server, '/');
  await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', '1');
  await expect(page.locator('#last-import')).toContainText('deshecha');
  await expect(page.locator('#undo-import')).toHaveCount(0);
});

test('an import that was cut off goes on with the same file, and nobody is repeated', async ({
  admin: page,
  server,
  context,
}) => {
  test.setTimeout(120_000);
  await ready(page, server);
  await cutOff(page);

  const other = await context.newPage();
  await visit(other, server, '/');
  await expect(other.locator('#last-import')).toContainText(/quedó al [1-9][0-9]? %/);
  await other.locator('#go-on').click();
  await other.waitForURL('**/onboarding/file');
  await expect(other.locator('#unfinished')).toContainText(
    'La importación de clientes.csv quedó al',
  );
  await choose(other, path);
  await checked(other);
  await goOn(other, '/onboarding/columns');
  await goOn(other, '/onboarding/import');
  const behind = other.waitForRequest('**/api/onboarding/send_batch');
  await primary(other).click();
  await behind;
  await expect(other.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(other)).toEqual(ALL_NEW);
  await visit(other, server, '/');
  await expect(other.locator('#contacts')).toHaveAttribute('data-contacts', String(PEOPLE));
});

test('the browser kept the file: the import goes on from another visit without it, and then the copy is gone', async ({
  admin: page,
  server,
  context,
}) => {
  test.setTimeout(120_000);
  await ready(page, server);
  await cutOff(page, () =>
    expect(
      page.getByText('este navegador guarda una copia del archivo hasta que termine'),
    ).toBeVisible(),
  );

  const other = await context.newPage();
  await visit(other, server, '/');
  await other.locator('#go-on').click();
  await expect(other.locator('#unfinished')).toContainText(
    'Este navegador guardó una copia del archivo',
  );
  await other.locator('#go-on-with-copy').click();
  await other.waitForURL('**/onboarding/import');
  await expect(other.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(other)).toEqual(ALL_NEW);
  await expect.poll(() => copies(other)).toBe('gone');
});

test('signing out leaves no copy of the file behind', async ({ admin: page, server, context }) => {
  test.setTimeout(120_000);
  await ready(page, server);
  await cutOff(page, () =>
    expect(
      page.getByText('este navegador guarda una copia del archivo hasta que termine'),
    ).toBeVisible(),
  );
  const other = await context.newPage();
  await visit(other, server, '/');
  await other.getByRole('button', { name: 'Cerrar sesión' }).click();
  await other.waitForURL('**/sign-in');
  await expect.poll(() => copies(other)).toBe('gone');
});

test('on a slow line the batches are compressed, and the result is the same', async ({
  admin: page,
  server,
  context,
}) => {
  test.setTimeout(120_000);
  await ready(page, server);
  const line = await context.newCDPSession(page);
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 5,
    downloadThroughput: -1,
    uploadThroughput: 1_000_000,
  });
  const sizes: number[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/send_batch')) sizes.push(request.postDataBuffer()?.length ?? 0);
  });
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(page)).toEqual(ALL_NEW);
  // The first two are made before the line is known.
  expect(Math.max(...sizes.slice(0, 1))).toBeGreaterThan(1_000_000);
  expect(Math.max(...sizes.slice(2))).toBeLessThan(500_000);
});

test('offline in the middle, it waits, says so and goes on by itself', async ({
  admin: page,
  server,
  context,
}) => {
  test.setTimeout(120_000);
  await ready(page, server);
  await beforeSecondBatch(page, () => context.setOffline(true));
  await primary(page).click();
  await expect(page.getByText('Sigue sola en cuanto el servidor responda')).toBeVisible();
  await expect(page.locator('#outcome')).toHaveCount(0);
  await context.setOffline(false);
  await expect(page.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(page)).toEqual(ALL_NEW);
});

test('the server is killed in the middle and comes back: the import goes on by itself', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(120_000);
  await ready(page, server);
  await beforeSecondBatch(page, () => server.kill());
  await primary(page).click();
  await expect(page.getByText('Sigue sola en cuanto el servidor responda')).toBeVisible();
  await server.serveAgain();
  await expect(page.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(page)).toEqual(ALL_NEW);
});

test('two tabs send the same file at once: one import, and nobody twice', async ({
  admin: page,
  server,
  context,
}) => {
  test.setTimeout(120_000);
  const other = await context.newPage();
  await ready(page, server);
  await ready(other, server);
  await beforeSecondBatch(page, async () => {
    await primary(other).click();
    await expect(other.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  });
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(page)).toEqual(ALL_NEW);
  expect(await ledger(other)).toEqual(ALL_NEW);
  await visit(page, server, '/');
  await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', String(PEOPLE));
});

test('a batch that the server refuses is no dead end: the import begins again where the server is', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(120_000);
  await ready(page, server);
  let sent = 0;
  let refusing = true;
  await page.route('**/api/onboarding/send_batch', async (route) => {
    sent += 1;
    // As the server answers a batch that does not begin where the import is: the code `bad_batch`,
    // a postcard.
    await (sent > 1 && refusing
      ? route.fulfill({ status: 409, body: Buffer.from([11]) })
      : route.continue());
  });
  await primary(page).click();
  const button = page.getByRole('button', { name: 'Seguir donde quedó' });
  await expect(button).toBeVisible();
  refusing = false;
  await button.click();
  await expect(page.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(page)).toEqual(ALL_NEW);
  await visit(page, server, '/');
  await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', String(PEOPLE));
});

test('the answer to the end is lost, and one to a batch says the session has ended: one import, and nobody twice', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(120_000);
  await ready(page, server);
  let [sent, signedOut, finished] = [0, true, 0];
  await page.route('**/api/onboarding/send_batch', async (route) => {
    sent += 1;
    // The code `signed_out`, a postcard.
    await (sent > 1 && signedOut
      ? route.fulfill({ status: 401, body: Buffer.from([0]) })
      : route.continue());
  });
  await page.route('**/api/onboarding/finish_import', async (route) => {
    finished += 1;
    if (finished > 1) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await primary(page).click();
  const button = page.getByRole('button', { name: 'Seguir donde quedó' });
  await expect(button).toBeVisible();
  signedOut = false;
  await button.click();
  await expect(page.locator('#outcome')).toBeVisible({ timeout: 60_000 });
  expect(await ledger(page)).toEqual(ALL_NEW);
  expect(finished).toBe(2);
  await visit(page, server, '/');
  await expect(page.locator('#contacts')).toHaveAttribute('data-contacts', String(PEOPLE));
  await expect(page.locator('#last-import')).toContainText('clientes.csv');
});
