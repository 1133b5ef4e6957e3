// npm run pictures: the main pages as pictures under docs/img, from a running demo (YUSHI_URL, http://127.0.0.1:8080 without it) with cases
// on their way. They are looked at by a person; fonts differ between machines, so nothing compares them.
import { chromium } from '@playwright/test'
import { mkdirSync } from 'node:fs'

const url = process.env.YUSHI_URL ?? 'http://127.0.0.1:8080'
const folder = '../docs/img'

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] })
mkdirSync(folder, { recursive: true })

async function seated(user, width) {
  const context = await browser.newContext({ baseURL: url, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', viewport: { width, height: 900 } })
  const page = await context.newPage()
  await page.goto('/')
  await page.locator('details:has(button)').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')))
  await page.locator(`button[value="${user}"]`).click()
  await page.locator('tbody tr').first().waitFor()
  return page
}

for (const [name, width] of [['wide', 1440], ['phone', 375]]) {
  const page = await seated('2951-branch-clerk-1', width)
  await page.screenshot({ path: `${folder}/queue-${name}.png` })
  await page.locator('tbody a').first().click()
  await page.getByText('申込内容').first().waitFor()
  await page.screenshot({ path: `${folder}/case-${name}.png` })
  await page.context().close()
}
await browser.close()
