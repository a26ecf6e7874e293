import { expect, test as base, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { ADMIN, Server } from './server';

/** A test with a server of its own, whose Admin exists, and a page signed in as that Admin. */
export const test = base.extend<{ server: Server; admin: Page }>({
  server: async ({}, use) => {
    const server = await Server.startSetUp();
    await use(server);
    await server.stop();
  },
  admin: async ({ page, server }, use) => {
    await signIn(page, server, ADMIN.email);
    await use(page);
  },
});

export { expect };

/** Waits until the page answers: the mark goes when it is hydrated. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('html.pre-hydration')).toHaveCount(0);
}

export async function visit(page: Page, server: Server, path: string): Promise<void> {
  await page.goto(server.base + path);
  await hydrated(page);
}

export async function signIn(page: Page, server: Server, email: string): Promise<void> {
  await visit(page, server, '/sign-in');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(ADMIN.password);
  await page.locator('form button[type=submit]').last().click();
  await page.waitForURL(`${server.base}/`);
  await hydrated(page);
}

/** Drops a file by real drag and drop events. */
export async function drop(page: Page, name: string, content: Buffer | string): Promise<void> {
  const bytes = Buffer.isBuffer(content)
    ? content.toString('base64')
    : Buffer.from(content).toString('base64');
  const transfer = await page.evaluateHandle(
    ([name, base64]) => {
      const binary = atob(base64);
      const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type: 'text/csv' }));
      return transfer;
    },
    [name, bytes],
  );
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

export async function choose(page: Page, path: string): Promise<void> {
  await page.locator('#file').setInputFiles(path);
}

/** Waits for the end of the check. */
export async function checked(page: Page): Promise<void> {
  await expect(page.locator('[data-checked=true]')).toBeVisible({ timeout: 60_000 });
}

/** Presses the first remedy of a problem, or of all; opens the other options when it is there. */
export async function pressRemedy(page: Page, problem = '#problems'): Promise<void> {
  const remedy = page.locator(`${problem} [data-does^="remedy"]`).first();
  for (const closed of await remedy.locator('xpath=ancestor::details[not(@open)]').all())
    await closed.locator('> summary').click();
  await remedy.click();
}

/** The numbers of a ledger bar, by segment. */
export async function ledger(page: Page): Promise<Record<string, number>> {
  const bar = page.locator('figure').first();
  await expect(bar).toBeVisible();
  return bar.evaluate((figure) =>
    Object.fromEntries(
      [...figure.querySelectorAll<HTMLElement>('[data-segment]')].map((part) => [
        part.dataset.segment ?? '',
        Number(part.querySelector<HTMLElement>('[data-records]')?.dataset.records),
      ]),
    ),
  );
}

/** The one action of a step. */
export function primary(page: Page) {
  return page.locator('.action-bar .btn-primary');
}

export async function goOn(page: Page, path: string): Promise<void> {
  await primary(page).click();
  await page.waitForURL(`**${path}`);
}

/**
 * From the systems that were ticked to the file step: the one that could be connected is left for
 * later.
 */
export async function leavesSystem(page: Page, slug: string): Promise<void> {
  await goOn(page, `/onboarding/connect/${slug}`);
  await hydrated(page);
  await page.locator('#skip-system').click();
  await page.waitForURL('**/onboarding/file');
  await hydrated(page);
}

/** From the file step, with a checked file, to the ledger of the import. */
export async function importFrom(page: Page, list?: string): Promise<Record<string, number>> {
  await goOn(page, '/onboarding/columns');
  if (list) {
    await page.locator('#list').selectOption('new');
    await page.locator('#list-name').fill(list);
  }
  await goOn(page, '/onboarding/import');
  await primary(page).click();
  await expect(page.locator('#outcome')).toBeVisible({ timeout: 110_000 });
  return ledger(page);
}

export const read = (path: string): string => readFileSync(path, 'utf8');
