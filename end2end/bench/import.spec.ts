import { readFileSync } from 'node:fs';
import { checked, choose, expect, goOn, ledger, primary, test, visit } from '../support/wizard';

const ROUNDS = 3;

/** From the button to the ledger, browser to database; the check came before. */
for (let round = 1; round <= ROUNDS; round += 1) {
  test(`the import from the browser, ${round}`, async ({ admin: page, server }) => {
    test.setTimeout(300_000);
    const path = process.env.ALTA_BENCH_FILE;
    if (!path) throw new Error('ALTA_BENCH_FILE names no file');
    await visit(page, server, '/onboarding/file');
    await choose(page, path);
    await checked(page);
    await goOn(page, '/onboarding/columns');
    await goOn(page, '/onboarding/import');
    const began = performance.now();
    await primary(page).click();
    await expect(page.locator('#outcome')).toBeVisible({ timeout: 250_000 });
    const seconds = (performance.now() - began) / 1000;
    const records = Object.values(await ledger(page)).reduce((sum, part) => sum + part, 0);
    const memory = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
    console.log(
      `from the browser: ${seconds.toFixed(2)} s, ${Math.round(records / seconds)} rows/s; the server's memory at most ${Math.round(Number(memory) / 1024)} MiB`,
    );
  });
}
