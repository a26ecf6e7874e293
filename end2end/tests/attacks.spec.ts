import type { Page } from '@playwright/test';
import { checked, drop, expect, goOn, importFrom, test, visit } from '../support/wizard';

/** A text that would run, were it taken for a part of the page. */
const EVIL = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>"'>`;

/** Nothing of it became an element, and nothing ran. */
async function isText(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => ({
    ran: 'pwned' in window,
    images: document.querySelectorAll('img[src=x]').length,
    scripts: [...document.querySelectorAll('script')].filter((script) =>
      script.textContent?.startsWith('window.pwned'),
    ).length,
  }));
  expect(found, where).toEqual({ ran: false, images: 0, scripts: 0 });
}

test('what somebody writes is text on every page that shows it: names, lists, fields, cells, the file', async ({
  admin: page,
  server,
}) => {
  test.setTimeout(120_000);
  await visit(page, server, '/settings/organization');
  await page.locator('section.panel input[name=organization]').fill(`Acme ${EVIL}`.slice(0, 120));
  await page.locator('section.panel button').last().click();
  await expect(page.locator('section.panel')).toContainText('Guardado');

  await visit(page, server, '/onboarding/systems');
  await page.locator('input[name=others]').check();
  await page.locator('#system-search').fill(EVIL);
  await page.keyboard.press('Enter');
  await isText(page, 'systems');
  await goOn(page, '/onboarding/file');
  const quoted = `"${EVIL.replaceAll('"', '""')}"`;
  const rows = [
    `celular;nombre;${quoted}`,
    `51999990001;${quoted};${quoted}`,
    `123;${quoted};${quoted}`,
    `51999990002;Bia;x`,
  ];
  await drop(page, `${EVIL.replaceAll('/', '')}.csv`, rows.join('\n'));
  await checked(page);
  await expect(page.locator('main')).toContainText('onerror');
  await isText(page, 'file');
  await goOn(page, '/onboarding/columns');
  await page.locator('[data-column="2"]').selectOption('new');
  await isText(page, 'columns');
  await visit(page, server, '/onboarding/file');
  await drop(page, 'a.csv', rows.join('\n'));
  await checked(page);
  const done = await importFrom(page, EVIL.slice(0, 60));
  expect(done.new).toBe(2);
  await isText(page, 'import');
  await visit(page, server, '/onboarding/team');
  await page.locator('#emails').fill(`${EVIL} <bia@example.com>, ${EVIL}`);
  await isText(page, 'team');
  await goOn(page, '/');
  for (const path of [
    '/',
    '/settings',
    '/settings/organization',
    '/settings/audit',
    '/account',
    '/conflicts/1',
    '/onboarding/columns',
  ]) {
    await visit(page, server, path);
    await isText(page, path);
  }
  await page.goto(
    `${server.base}/sign-in?__err=${encodeURIComponent(EVIL)}&__path=${encodeURIComponent(EVIL)}`,
  );
  await isText(page, 'an address with an error in it');
});
