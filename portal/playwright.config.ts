import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  timeout: 150_000,
  // A busy machine is slow, not wrong.
  expect: { timeout: 60_000 },
  // One bank for all stories: they happen one after the other.
  workers: 1,
  globalSetup: './e2e/bank.ts',
  reporter: 'list',
  use: {
    // A step that finds nothing to do fails by its name, long before its story does.
    actionTimeout: 60_000,
    screenshot: 'only-on-failure',
    navigationTimeout: 60_000,
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
