import { expect, hydrated, test, visit } from '../support/wizard';

test('sign-in loads the main module alone, and the desk’s pages follow without a document', async ({
  page,
  server,
}) => {
  const modules: string[] = [];
  page.on('request', (request) => {
    const name = /\/assets\/([a-z]+-[a-z0-9]+)[^/]*\.wasm$/.exec(request.url())?.[1];
    // What the browser fetches in advance is not part of the page.
    if (name && request.headers()['sec-purpose'] === undefined) modules.push(name);
  });
  await visit(page, server, '/sign-in');
  expect(modules.filter((name) => !name.startsWith('app-'))).toEqual([]);
  expect(modules.length).toBeGreaterThan(0);
});

test('the pages of the desk follow one another without a document', async ({ admin, server }) => {
  let documents = 0;
  admin.on('request', (request) => {
    if (request.isNavigationRequest()) documents += 1;
  });
  await admin.locator('#imports-link').click();
  await expect(admin).toHaveURL(`${server.base}/imports`);
  await admin.locator('#settings-link').click();
  await expect(admin).toHaveURL(`${server.base}/settings`);
  await expect(admin.locator('h1')).toBeFocused();
  await admin.goBack();
  await expect(admin).toHaveURL(`${server.base}/imports`);
  await expect(admin.locator('h1')).toBeVisible();
  expect(documents).toBe(0);
});

test('a part that can’t be loaded says so, and a second try loads it', async ({
  admin,
  server,
}) => {
  const part = '**/assets/part-settings-*.wasm';
  await admin.route(part, (route) => route.abort());
  // Without the copy that the browser fetched in advance.
  const session = await admin.context().newCDPSession(admin);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await admin.locator('#settings-link').click();
  const failure = admin.getByRole('alert');
  await expect(failure).toBeVisible();
  await expect(admin).toHaveURL(`${server.base}/settings`);
  await admin.unroute(part);
  await failure.getByRole('button').click();
  await hydrated(admin);
  await expect(admin.locator('h1')).toBeVisible();
  await expect(failure).toHaveCount(0);
});
