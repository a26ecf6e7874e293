/**
 * How the browser is started: the system's Chromium where `ALTA_CHROMIUM` names it, Playwright's
 * own elsewhere.
 */
export const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: process.env.ALTA_CHROMIUM || undefined,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};
