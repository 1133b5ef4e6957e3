import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  // A busy machine is slow, not wrong: these times end what never comes.
  timeout: 600_000,
  expect: { timeout: 90_000 },
  // One bank for all stories: they happen one after the other.
  workers: 1,
  globalSetup: './e2e/bank.ts',
  reporter: 'list',
  use: {
    // A step that finds nothing to do fails by its name, long before its story does.
    actionTimeout: 90_000,
    screenshot: 'only-on-failure',
    navigationTimeout: 90_000,
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
