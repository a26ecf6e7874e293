import { linkOf, MailServer } from '../support/mail';
import { ADMIN, Server } from '../support/server';
import { codeOf } from '../support/totp';
import { expect, hydrated, primary, signIn, test as base, visit } from '../support/wizard';
import type { Page } from '@playwright/test';

/** A server that sends its mails to a real SMTP server. */
const test = base.extend<{ mail: MailServer }>({
  mail: async ({}, use) => {
    const mail = await MailServer.start();
    await use(mail);
    await mail.down();
  },
  server: async ({ mail }, use) => {
    const server = await Server.startSetUp({
      ALTA_SMTP_URL: mail.url,
      ALTA_MAIL_FROM: 'Alta <alta@example.com>',
    });
    await use(server);
    await server.stop();
  },
});

async function invite(page: Page, server: Server, text: string): Promise<void> {
  await visit(page, server, '/onboarding/team');
  await page.locator('#emails').fill(text);
  await primary(page).click();
  await page.waitForURL(`${server.base}/`);
}

async function accept(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await hydrated(page);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill('tres palabras sueltas');
  await page.getByRole('button', { name: 'Unirme' }).click();
  await hydrated(page);
}

test('five addresses pasted from a calendar are invited by mail; one accepts, is Operator, and is shut out', async ({
  admin: page,
  server,
  mail,
  browser,
}) => {
  test.setTimeout(120_000);
  await invite(
    page,
    server,
    '"Souza, Bia" <bia@example.com>, Caio Lima <caio@example.com>; Dani <dani@example.com>\nEva <eva@example.com>\n<fabio@example.com>',
  );
  const letter = await mail.to('bia@example.com');
  expect(letter.subject).toBe('Ana Silva te invita a Comercial Andina');
  expect(letter.from?.text).toContain('alta@example.com');
  expect(letter.html).toContain('Aceptar la invitación');
  for (const name of ['caio', 'dani', 'eva', 'fabio']) await mail.to(`${name}@example.com`);

  const other = await browser.newContext({ locale: 'es' });
  const bia = await other.newPage();
  await accept(bia, linkOf(letter), 'Bia Souza');
  await expect(bia.locator('h1')).toContainText('Hola, Bia');
  await bia.goto(`${server.base}/onboarding/file`);
  await expect(bia.locator('#file')).toBeAttached();

  await visit(page, server, '/settings');
  await expect(page.locator('#pending [data-invitation]')).toHaveCount(4);
  await expect(page.locator('[data-invitation="caio@example.com"]')).toContainText('Enviada el');
  const row = page.locator('[data-member="bia@example.com"]');
  await row.locator('select').selectOption('operator');
  await expect
    .poll(async () => (await bia.goto(`${server.base}/onboarding/file`))?.status())
    .toBe(403);
  await expect(bia.locator('main')).toContainText('Esta parte es de los Admin');

  await row.getByRole('button', { name: 'Desactivar' }).click();
  await expect(row).toContainText('Desactivado');
  await bia.goto(`${server.base}/`);
  await bia.waitForURL('**/sign-in');

  await page.locator(`[data-member="${ADMIN.email}"] select`).selectOption('viewer');
  await expect(page.locator('#members')).toContainText('se quedaría sin ningún Admin activo');
  await expect(page.locator(`[data-member="${ADMIN.email}"] select`)).toHaveValue('admin');

  await row.getByRole('button', { name: 'Eliminar' }).click();
  await row.getByRole('button', { name: 'Sí, eliminar' }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('link', { name: 'Actividad' }).click();
  await expect(page.locator('#audit [data-action=deleted]')).toContainText('bia@example.com');
  await expect(page.locator('#audit [data-action=role_changed]')).toContainText('127.0.0.1');
});

test('an invitation is sent again, its old link is dead; taken back, so is the new one; a refusal is shown', async ({
  admin: page,
  server,
  mail,
  browser,
}) => {
  test.setTimeout(90_000);
  await invite(page, server, 'bia@example.com, nobody@example.com');
  const first = linkOf(await mail.to('bia@example.com'));
  await visit(page, server, '/settings');
  await expect(page.locator('[data-invitation="nobody@example.com"]')).toContainText(
    'no such user here',
  );
  const row = page.locator('[data-invitation="bia@example.com"]');
  await row.getByRole('button', { name: 'Enviar otra vez' }).click();
  const second = linkOf(await mail.to('bia@example.com', 2));
  const other = await (await browser.newContext({ locale: 'es' })).newPage();
  await other.goto(first);
  await expect(other.locator('main')).toContainText('Esta invitación ya no es válida');
  await other.goto(second);
  await expect(other.locator('main')).toContainText('Entrarás con bia@example.com');
  await row.getByRole('button', { name: 'Retirar' }).click();
  await expect(row).toHaveCount(0);
  await other.goto(second);
  await expect(other.locator('main')).toContainText('Esta invitación ya no es válida');
});

test('mails speak the organization’s language, and a link that is too old says so', async ({
  admin: page,
  server,
  mail,
  browser,
}) => {
  test.setTimeout(90_000);
  const said = {
    'pt-BR': 'Ana Silva convida você para Comercial Andina',
    en: 'Ana Silva invites you to Comercial Andina',
    es: 'Ana Silva te invita a Comercial Andina',
  };
  let link = '';
  for (const [language, subject] of Object.entries(said)) {
    await visit(page, server, '/settings/organization');
    await page.locator('#language').selectOption(language);
    await page.locator('section.panel .btn-primary').click();
    await expect(page.locator('section.panel')).toContainText('Guardado');
    await invite(page, server, `${language.toLowerCase()}@example.com`);
    const letter = await mail.to(`${language.toLowerCase()}@example.com`);
    expect(letter.subject).toBe(subject);
    link = linkOf(letter);
  }
  server.sql("UPDATE invitation SET expires_at = 1 WHERE email = 'es@example.com'");
  const other = await (await browser.newContext({ locale: 'es' })).newPage();
  await other.goto(link);
  await expect(other.locator('main')).toContainText('Esta invitación ya no es válida');
  await visit(page, server, '/settings');
  await expect(page.locator('[data-invitation="es@example.com"]')).toContainText('Venció');
});

test('a second step at sign-in: turned on, asked for, recovered, required of every Admin', async ({
  admin: page,
  server,
  browser,
}) => {
  test.setTimeout(120_000);
  await visit(page, server, '/account');
  await page.locator('#turn-on').click();
  await page.locator('#factor-password').fill(ADMIN.password);
  await page.locator('#factor-go-on').click();
  const secret = (await page.locator('#app-secret').textContent()) ?? '';
  await page.locator('#code').fill('12345');
  await page.locator('#confirm-code').click();
  await expect(page.locator('#second-factor').getByRole('alert')).toContainText(
    'Ese código no vale',
  );
  await page.locator('#code').fill(codeOf(secret));
  await page.locator('#confirm-code').click();
  const codes = await page.locator('#recovery-codes li').allTextContents();
  expect(codes.length).toBe(10);
  await page.locator('#codes-saved').click();
  await expect(page.locator('#second-factor')).toContainText(
    'Códigos de recuperación que quedan: 10',
  );

  const other = await (await browser.newContext({ locale: 'es' })).newPage();
  await visit(other, server, '/sign-in');
  await other.locator('#email').fill(ADMIN.email);
  await other.locator('#password').fill(ADMIN.password);
  await other.locator('form button[type=submit]').last().click();
  await other.waitForURL('**/second-factor');
  await hydrated(other);
  await other.locator('#code').fill('000000');
  await other.locator('form button[type=submit]').last().click();
  await expect(other.getByRole('alert')).toContainText('Ese código no vale');
  await other.locator('#code').fill(codes[0]);
  await other.locator('form button[type=submit]').last().click();
  await other.waitForURL(`${server.base}/`);
  await expect(other.locator('h1')).toContainText('Hola, Ana');

  await visit(page, server, '/settings/organization');
  await page.locator('#requires-second-factor').check();
  await page.locator('section.panel .btn-primary').click();
  await expect(page.locator('section.panel')).toContainText('Guardado');
  server.addUser('bia@example.com', 'admin');
  const bia = await (await browser.newContext({ locale: 'es' })).newPage();
  await visit(bia, server, '/sign-in');
  await bia.locator('#email').fill('bia@example.com');
  await bia.locator('#password').fill(ADMIN.password);
  await bia.locator('form button[type=submit]').last().click();
  await bia.waitForURL('**/account');
  await expect(bia.locator('#second-factor')).toContainText(
    'Tu empresa pide la verificación en dos pasos a los Admin',
  );
});

test('a new address counts once its link is followed', async ({ admin: page, server, mail }) => {
  test.setTimeout(90_000);
  await visit(page, server, '/account');
  await page.locator('#email-change #email').fill('ana.silva@example.com');
  await page.locator('#email-change #password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Enviar enlace' }).click();
  await expect(page.locator('main')).toContainText('El enlace va en camino a tu correo nuevo');
  const letter = await mail.to('ana.silva@example.com');
  expect(letter.subject).toBe('Confirma tu correo nuevo');
  const warning = await mail.to(ADMIN.email);
  expect(warning.subject).toBe('Alguien quiere cambiar el correo de tu cuenta');
  expect(warning.text).toContain('ana.silva@example.com');
  expect(linkOf(warning)).toBe(`${server.base}/forgot`);
  await page.goto(linkOf(letter));
  await hydrated(page);
  await page.getByRole('button', { name: 'Confirmar' }).click();
  await expect(page.locator('h1')).toContainText('Tu correo cambió');
  await visit(page, server, '/settings');
  await expect(page.locator('[data-member="ana.silva@example.com"]')).toBeVisible();
});

test('the mail server is down for a while: the invitation is sent when it is back', async ({
  admin: page,
  server,
  mail,
}) => {
  test.setTimeout(90_000);
  await mail.down();
  await invite(page, server, 'bia@example.com');
  await visit(page, server, '/settings');
  await expect(page.locator('[data-invitation="bia@example.com"]')).toContainText('Por enviar');
  await page.waitForTimeout(2500);
  await mail.up();
  await mail.to('bia@example.com');
  await expect
    .poll(async () => {
      await page.reload();
      return page.locator('[data-invitation="bia@example.com"]').textContent();
    })
    .toContain('Enviada el');
});

test('a forgotten password is set by a link that works once, and the mail speaks the reader’s language', async ({
  page,
  server,
  mail,
}) => {
  test.setTimeout(90_000);
  await visit(page, server, '/sign-in');
  await page.getByRole('link', { name: 'Olvidé mi contraseña' }).click();
  await page.waitForURL('**/forgot');
  await hydrated(page);
  await page.locator('#email').fill('nadie@example.com');
  await page.getByRole('button', { name: 'Enviar enlace' }).click();
  await expect(page.locator('main')).toContainText('Si ese correo tiene una cuenta');
  await hydrated(page);
  await page.locator('#email').fill(ADMIN.email);
  await page.getByRole('button', { name: 'Enviar enlace' }).click();
  const letter = await mail.to(ADMIN.email);
  expect(letter.subject).toBe('Elige una contraseña nueva');
  const link = linkOf(letter);
  await page.goto(link);
  await hydrated(page);
  await page.locator('#password').fill('contraseña123');
  await page.getByRole('button', { name: 'Guardar y entrar' }).click();
  await expect(page.locator('main')).toContainText('Muchas personas usan esa contraseña');
  await page.locator('#password').fill('otras tres palabras');
  await page.getByRole('button', { name: 'Guardar y entrar' }).click();
  await page.waitForURL(`${server.base}/`);
  await expect(page.locator('h1')).toContainText('Hola, Ana');
  await page.goto(link);
  await hydrated(page);
  await page.locator('#password').fill('otras tres palabras');
  await page.getByRole('button', { name: 'Guardar y entrar' }).click();
  await expect(page.locator('main')).toContainText('Este enlace ya se usó');
});

test('without a mail server the link is handed over, and the account page ends other sessions', async ({
  browser,
}) => {
  test.setTimeout(90_000);
  const server = await Server.startSetUp();
  const context = await browser.newContext({ locale: 'es' });
  const page = await context.newPage();
  await signIn(page, server, ADMIN.email);
  await invite(page, server, 'bia@example.com');
  await visit(page, server, '/settings');
  await expect(page.locator('#pending')).toContainText('No hay servidor de correo configurado');
  await page
    .locator('[data-invitation="bia@example.com"]')
    .getByRole('button', { name: 'Crear enlace' })
    .click();
  const link = await page.locator('[data-link]').inputValue();
  const other = await (await browser.newContext({ locale: 'es' })).newPage();
  await accept(other, link, 'Bia Souza');
  await expect(other.locator('h1')).toContainText('Hola, Bia');

  const forgetful = await (await browser.newContext({ locale: 'es' })).newPage();
  await visit(forgetful, server, '/forgot');
  await forgetful.locator('#email').fill(ADMIN.email);
  await forgetful.getByRole('button', { name: 'Enviar enlace' }).click();
  await expect(forgetful.getByRole('alert')).toContainText('Este servidor no envía correos');

  const elsewhere = await (await browser.newContext({ locale: 'es' })).newPage();
  await signIn(elsewhere, server, ADMIN.email);
  await visit(page, server, '/account');
  await expect(page.locator('#sessions')).toContainText('2 abiertas');
  await page.getByRole('button', { name: 'Cerrar las demás' }).click();
  await expect(page.locator('#sessions')).toContainText('1 abierta');
  await elsewhere.goto(`${server.base}/`);
  await elsewhere.waitForURL('**/sign-in');
  await server.stop();
});
