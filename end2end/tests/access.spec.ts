import { expect, hydrated, signIn, test, visit } from '../support/wizard';

const PAGES = [
  '/onboarding',
  '/onboarding/systems',
  '/onboarding/file',
  '/onboarding/columns',
  '/onboarding/import',
  '/onboarding/team',
];

test('the signed-out are sent to sign in, from every page', async ({ page, server }) => {
  for (const path of ['/', ...PAGES]) {
    await page.goto(server.base + path);
    expect(new URL(page.url()).pathname, path).toBe('/sign-in');
  }
});

test('a Viewer gets 403 and the reason on every page of the onboarding, and no way into it at home', async ({
  page,
  server,
}) => {
  server.addUser('vera@example.com', 'viewer');
  await signIn(page, server, 'vera@example.com');
  await expect(page.locator('#resume')).toHaveCount(0);
  for (const path of PAGES) {
    const response = await page.goto(server.base + path);
    expect(response?.status(), path).toBe(403);
    await hydrated(page);
    await expect(page.locator('h1')).toContainText('Esta parte es de los Admin');
  }
});

test('a wrong password says no more than that, and signing out ends the session', async ({
  page,
  server,
}) => {
  await visit(page, server, '/sign-in');
  await page.locator('#email').fill('ana@example.com');
  await page.locator('#password').fill('something else');
  await page.locator('main button[type=submit]').click();
  await expect(page.getByRole('alert')).toContainText('El correo o la contraseña no coinciden');
  await signIn(page, server, 'ana@example.com');
  await page.locator('header form button').click();
  await page.waitForURL('**/sign-in');
  await page.goto(`${server.base}/`);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});

test('the language chosen is kept for the user', async ({ admin: page, server, browser }) => {
  await page.locator('#reader-language').selectOption('pt-BR');
  await expect(page.locator('h1')).toContainText('Olá, Ana');
  await page.reload();
  await expect(page.locator('h1')).toContainText('Olá, Ana');
  await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
  const elsewhere = await browser.newPage();
  await signIn(elsewhere, server, 'ana@example.com');
  await expect(elsewhere.locator('h1')).toContainText('Olá, Ana');
  await elsewhere.close();
});
