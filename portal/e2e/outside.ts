// What the stories of those outside the bank share: pages for phones, and a bank whose cases are on their way already.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asks, expect } from './people'
import type { Page } from '@playwright/test'

const program = process.env.PORTAL_PROGRAM ?? '../target/debug/yushi'

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

function started(data: string, options: string[]): { child: ChildProcess; url: Promise<string> } {
  const child = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', data, '--json', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = new Promise<string>((found, failed) => {
    let said = ''
    child.stdout?.on('data', (part: Buffer) => {
      said += part.toString()
      if (said.includes('\n')) found((JSON.parse(said) as { url: string }).url)
    })
    child.on('error', failed)
    child.on('exit', (code) => failed(new Error(`${program} ended with ${code}`)))
  })
  return { child, url }
}

async function ended(child: ChildProcess) {
  const done = new Promise((over) => child.once('exit', over))
  child.kill()
  await done
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
    .poll(async () => ((await asks(user, `{ tasks(first: 1, filter: { task: ${task} }) { totalCount } }`)) as unknown as { tasks: { totalCount: number } }).tasks.totalCount, { timeout: 400_000, intervals: [2_000] })
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
