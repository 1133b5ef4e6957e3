// What the stories of those outside the bank share: pages for phones, and a bank whose cases are on their way already.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asks, expect } from './people'
import { ended, started, token } from './program'
import type { Page } from '@playwright/test'

/** The widths of phones that the pages are made for. */
export const PHONES = [320, 375] as const

/** Nothing scrolls sideways, and what is touched is at least 44 px high. */
export async function fits(page: Page, name: string) {
  for (const width of PHONES) {
    await page.setViewportSize({ width, height: 740 })
    const found = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - window.innerWidth,
      // A box to tick is touched by its words.
      low: [...document.querySelectorAll('main button, main a, main summary, main input[type=checkbox], main select, main input:not([tabindex="-1"], [type=checkbox])')]
        .map((one) => ((one as HTMLInputElement).type === 'checkbox' ? (one as HTMLInputElement).labels?.[0] : null) ?? one)
        .filter((one) => one.getBoundingClientRect().height > 0 && one.getBoundingClientRect().height < 44)
        .map((one) => `${one.tagName} ${one.textContent?.slice(0, 20)}`),
    }))
    expect(found, `${name} at ${width} px`).toEqual({ wide: 0, low: [] })
  }
}

/**
 * A bank of its own whose simulated partners brought cases so far that `user` has a task of this kind; then they leave, and the cases
 * stay where they are. All stories until `stop` are about this bank.
 */
export async function moved(user: string, task: string): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'yushi-moved-'))
  const before = process.env.PORTAL_URL
  const first = started(data, ['--cases', '16'])
  process.env.PORTAL_URL = await first.url
  await expect
    .poll(async () => ((await asks(user, `{ tasks(first: 1, filter: { task: ${task} }) { totalCount } }`)) as unknown as { tasks: { totalCount: number } }).tasks.totalCount, { timeout: 800_000, intervals: [2_000] })
    .toBeGreaterThan(0)
  await ended(first.child)
  const second = started(data, ['--no-partners'])
  process.env.PORTAL_URL = await second.url
  return async () => {
    await ended(second.child)
    process.env.PORTAL_URL = before
    rmSync(data, { recursive: true, force: true })
  }
}

/** A bank of its own whose clock stands at an instant until it is moved. */
export interface Dated {
  /** Moves the clock forward to an instant. */
  clock: (to: string) => Promise<void>
  /** The mails that were sent to applicants, as text. */
  letters: () => string[]
  stop: () => Promise<void>
}

/** The mails to customers in a folder, as people read them. */
function mails(folder: string): string[] {
  const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).filter((mail) => /^To: .*@customer\.example\r?$/m.test(mail))
  return all.map((mail) => mail.replace(/\r/g, '').replace(/(Content-Transfer-Encoding: base64\n\n)([A-Za-z0-9+/=\n]+)/g, (_, head: string, body: string) => head + Buffer.from(body, 'base64').toString()))
}

/** A bank of its own, without partners, at an instant: everybody whom a story needs comes in by the pages. All stories until `stop` are about it. */
export async function dated(instant: string): Promise<Dated> {
  const data = mkdtempSync(join(tmpdir(), 'yushi-dated-'))
  const before = process.env.PORTAL_URL
  const { child, url } = started(data, ['--no-partners', '--clock', instant])
  process.env.PORTAL_URL = await url
  return {
    clock: async (to) => {
      const authorization = `Bearer ${token(data, '--role', 'AUDITOR', '--institution', '2963')}`
      const moved = await fetch(`${await url}/demo/clock`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify({ to }) })
      expect(await moved.text(), 'the clock').toContain(to.slice(0, 16))
    },
    letters: () => mails(join(data, 'mail')),
    stop: async () => {
      await ended(child)
      process.env.PORTAL_URL = before
      rmSync(data, { recursive: true, force: true })
    },
  }
}
