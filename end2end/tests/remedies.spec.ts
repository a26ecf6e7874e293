import type { Page } from '@playwright/test';
import {
  checked,
  drop,
  expect,
  goOn,
  importFrom,
  ledger,
  pressRemedy,
  primary,
  read,
  test,
  visit,
} from '../support/wizard';

/**
 * Every record of it can be used once its slips are mended: no area code, a Mexican number, a mail
 * domain, dates that nothing decides.
 */
const MESSY = [
  'Nome,Celular,E-mail,Nascimento',
  'Ana,51 99999-0001,ana@example.com,03/04/1990',
  'Rui,99999-0002,,01/02/1980',
  'Eva,99999-0003,,02/02/1980',
  'Leo,55 1234 5678,,02/01/1980',
  'Lia,,lia@hotmail,03/01/1980',
  'Bia,51 99999-0004,bia@gmial.com,03/01/1980',
  '',
].join('\n');

async function opened(page: Page, base: string, name: string, content: string): Promise<void> {
  await page.goto(`${base}/onboarding/file`);
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
  await drop(page, name, content);
  await checked(page);
}

/** Presses the first remedy of a problem and waits for the check that follows. */
async function remedy(page: Page, problem: string): Promise<void> {
  const decisions = await page.locator('[data-decision]').count();
  await pressRemedy(page, `[data-problem=${problem}]`);
  await expect(page.locator('[data-decision]')).toHaveCount(decisions + 1);
  await expect(page.locator(`[data-decision="${decisions}"]`)).toHaveAttribute(
    'data-records',
    /\d+/,
  );
}

test('a messy file mended only by remedies ends with nobody rejected', async ({
  admin: page,
  server,
}) => {
  await opened(page, server.base, 'x.csv', MESSY);
  expect(await ledger(page)).toEqual({ ready: 2, merged: 0, rejected: 4 });
  await expect(page.locator('[data-problem=invalid_phone]')).toContainText(
    '99999-0002 → +55 51 99999-0002',
  );
  await remedy(page, 'invalid_phone');
  await expect(page.locator('[data-decision="0"]')).toHaveAttribute('data-records', '2');
  await expect(page.locator('[data-does="undo 0"]')).toBeFocused();
  await expect(page.locator('[data-problem=invalid_phone]')).toContainText('México');
  await remedy(page, 'invalid_phone');
  await remedy(page, 'invalid_email');
  await remedy(page, 'suspect_domain');
  await remedy(page, 'ambiguous_date');
  expect(await ledger(page)).toEqual({ ready: 6, merged: 0, rejected: 0 });
  expect(await importFrom(page)).toEqual({
    new: 6,
    updated: 0,
    unchanged: 0,
    merged: 0,
    rejected: 0,
  });
});

test('a remedy is undone, and the counts are what they were', async ({ admin: page, server }) => {
  await opened(page, server.base, 'x.csv', MESSY);
  const before = await ledger(page);
  await remedy(page, 'invalid_phone');
  expect(await ledger(page)).not.toEqual(before);
  await page.locator('[data-does="undo 0"]').click();
  await expect(page.locator('[data-decision]')).toHaveCount(0);
  await expect(page.locator('[data-segment=rejected] [data-records]')).toHaveAttribute(
    'data-records',
    '4',
  );
  expect(await ledger(page)).toEqual(before);
});

test('columns and decisions are kept for a second file with the same header', async ({
  admin: page,
  server,
}) => {
  await opened(page, server.base, 'x.csv', MESSY);
  await remedy(page, 'invalid_phone');
  await goOn(page, '/onboarding/columns');
  await page.locator('[data-column="0"]').selectOption('company');
  await goOn(page, '/onboarding/import');
  await opened(page, server.base, 'y.csv', 'Nome,Celular,E-mail,Nascimento\nZé,98888-0001,,\n');
  await expect(page.locator('[data-decision]')).toHaveCount(1);
  expect(await ledger(page)).toEqual({ ready: 1, merged: 0, rejected: 0 });
  await goOn(page, '/onboarding/columns');
  await expect(page.locator('[data-column="0"]')).toHaveValue('company');
});

test('rows with a problem are left out, and the ledger says so to the end', async ({
  admin: page,
  server,
}) => {
  await opened(page, server.base, 'x.csv', 'nome,celular\nAna,51 99999-0001\nRui,12\nEva,\n');
  await remedy(page, 'invalid_phone');
  await remedy(page, 'no_identity');
  expect(await ledger(page)).toEqual({ ready: 1, merged: 0, rejected: 0, dropped: 2 });
  expect(await importFrom(page)).toEqual({
    new: 1,
    updated: 0,
    unchanged: 0,
    merged: 0,
    rejected: 0,
    dropped: 2,
  });
});

test('a cell is changed in the grid by keyboard, and its equals with it', async ({
  admin: page,
  server,
}) => {
  await opened(
    page,
    server.base,
    'x.csv',
    'nome,celular\nAna,1\nRui,51 99999-0002\nEva,2\nLia,2\n',
  );
  const grid = page.locator('.row-grid');
  await grid.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.locator('#cell-text')).toBeFocused();
  await expect(page.locator('#cell-text')).toHaveValue('1');
  await page.keyboard.type('51 99999-0001');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-segment=rejected] [data-records]')).toHaveAttribute(
    'data-records',
    '2',
  );
  await expect(grid).toBeFocused();
  await page.locator('#cell-2-1').click();
  await page.locator('#edit-cell').click();
  await page.locator('#cell-text').fill('51 99999-0003');
  await page.keyboard.press('Enter');
  await page.locator('#last-change').getByRole('button', { name: 'Cambiar todas' }).click();
  await expect(page.locator('[data-segment=merged] [data-records]')).toHaveAttribute(
    'data-records',
    '1',
  );
  expect(await ledger(page)).toEqual({ ready: 3, merged: 1, rejected: 0 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.locator('#cell-editor')).toHaveCount(0);
  await expect(grid).toBeFocused();
});

test('rejected rows, corrected in the file that came back, join the same import', async ({
  admin: page,
  server,
}) => {
  await opened(page, server.base, 'x.csv', 'celular;nome\n51999990001;Ana\n123;=Rui\n456;Eva\n');
  expect(await importFrom(page, 'Clientes')).toEqual({
    new: 1,
    updated: 0,
    unchanged: 0,
    merged: 0,
    rejected: 2,
  });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('#outcome a[download]').click(),
  ]);
  const rejects = read(await download.path());
  await opened(page, server.base, 'alta-1.csv', rejects.replace('\n123;', '\n51999990002;'));
  await expect(page.locator('main')).toContainText('Son las filas rechazadas de tu importación');
  expect(await ledger(page)).toEqual({ ready: 1, merged: 0, rejected: 1 });
  await goOn(page, '/onboarding/columns');
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible();
  expect(await ledger(page)).toEqual({ new: 2, updated: 0, unchanged: 0, merged: 0, rejected: 1 });
  await visit(page, server, '/');
  await expect(page.locator('#lists [data-contacts]')).toHaveAttribute('data-contacts', '2');
});

test('two people who share a number are shown side by side, and can be made one', async ({
  admin: page,
  server,
}) => {
  const couple = [
    'Nome,Celular,E-mail',
    'Ana Silva,(51) 99999-9999,ana@example.com',
    'Bruno Costa,51 99999-9999,bruno@example.com',
    '',
  ].join('\n');
  await opened(page, server.base, 'x.csv', couple);
  expect(await ledger(page)).toEqual({ ready: 2, merged: 0, rejected: 0 });
  const people = page.locator('.shared-person');
  await expect(people).toHaveCount(2);
  await expect(people.first()).toContainText('Ana Silva');
  await expect(people.first()).toContainText('+55 51 99999-9999');
  await expect(people.last()).toContainText('Línea 3');
  await expect(people.last()).toContainText('bruno@example.com');
  await page.getByRole('button', { name: 'Son la misma persona: Línea 2, Línea 3' }).click();
  await expect(page.locator('[data-decision="0"]')).toHaveAttribute('data-records', /\d+/);
  await expect(page.locator('[data-does="undo 0"]')).toBeFocused();
  expect(await ledger(page)).toEqual({ ready: 1, merged: 1, rejected: 0 });
});
