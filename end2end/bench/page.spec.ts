import { checked, choose, expect, test, visit } from '../support/wizard';

/** How often the file is dropped. */
const ROUNDS = 7;

const middle = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

test('the file step with 75 MiB', async ({ admin: page, server }) => {
  test.setTimeout(300_000);
  const path = process.env.ALTA_BENCH_FILE;
  if (!path) throw new Error('ALTA_BENCH_FILE names no file');
  const rows: number[] = [];
  const tasks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await visit(page, server, '/onboarding/file');
    await page.evaluate(() => {
      const seen = window as unknown as { rows: number; longest: number };
      seen.longest = 0;
      new PerformanceObserver((list) =>
        list
          .getEntries()
          .forEach((entry) => (seen.longest = Math.max(seen.longest, entry.duration))),
      ).observe({ type: 'longtask' });
      document.querySelector('#file')?.addEventListener(
        'change',
        () => {
          const start = performance.now();
          const drawn = new MutationObserver(() => {
            if (!document.querySelector('.row-grid-row')) return;
            drawn.disconnect();
            requestAnimationFrame(() => (seen.rows = performance.now() - start));
          });
          drawn.observe(document.body, { childList: true, subtree: true });
        },
        { capture: true },
      );
    });
    await choose(page, path);
    await checked(page);
    const seen = await page.evaluate(() => {
      const { rows, longest } = window as unknown as { rows: number; longest: number };
      return { rows, longest };
    });
    expect(seen.rows).toBeGreaterThan(0);
    rows.push(Math.round(seen.rows));
    tasks.push(Math.round(seen.longest));
  }
  console.log(
    `the page: first rows on screen after ${middle(rows)} ms (${rows.join(' ')}); longest task while checking ${middle(tasks)} ms (${tasks.join(' ')})`,
  );
});
