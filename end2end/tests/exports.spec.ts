import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '../support/server';
import { drop, expect, ledger, test, visit } from '../support/wizard';

const EXPORTS = 'crates/intake/tests/exports';

/** Every fifth file when a change lands; all of them with `ALTA_EXPORTS=all`. */
const STEP = process.env.ALTA_EXPORTS === 'all' ? 1 : 5;

test('the browser reads the exports of other programs as `alta check` does', async ({
  admin: page,
  server,
}) => {
  const files = readdirSync(EXPORTS)
    .sort()
    .filter((_, index) => index % STEP === 0);
  test.setTimeout(files.length * 10_000);
  expect(files.length).toBeGreaterThan(80 / STEP);
  const differences: string[] = [];
  for (const file of files) {
    const path = join(EXPORTS, file);
    const { said } = Server.check(path);
    await visit(page, server, '/onboarding/file');
    await drop(page, file, readFileSync(path));
    const isChecked = page.locator('[data-checked=true]');
    const isRefused = page.locator('main').getByRole('alert');
    await expect(isChecked.or(isRefused).first()).toBeVisible({ timeout: 60_000 });
    const expected = said.ledger
      ? JSON.stringify([said.ledger.ready, said.ledger.merged, said.ledger.rejected])
      : said.error?.code;
    let seen = 'not_csv';
    if ((await isChecked.count()) > 0) {
      const { ready, merged, rejected } = await ledger(page);
      seen = JSON.stringify([ready, merged, rejected]);
      // Here a person can still say which column is the phone: nobody is ready until then.
      if (expected === 'no_identity_column' && ready === 0) seen = expected;
    }
    if (seen !== expected) differences.push(`${file}: ${seen}, alta check: ${expected}`);
  }
  expect(differences).toEqual([]);
});
