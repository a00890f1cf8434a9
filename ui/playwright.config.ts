import type { PlaywrightTestConfig } from '@playwright/test';

/** The real UI in a headless browser over the real `serve`; it must be built before: `npm run build` and the example. */
export default {
  testDir: '../tests/e2e',
  // The tests have no packages of their own: this file's `paths` say where to find ours.
  tsconfig: './tsconfig.json',
  outputDir: './node_modules/.cache/e2e',
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  // A machine that is busy with other things may starve a browser for seconds; what fails twice has failed. The list says
  // which tests needed the second try.
  retries: 1,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    launchOptions: {
      executablePath: process.env['KEPT_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    },
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    trace: 'off',
  },
} satisfies PlaywrightTestConfig;
