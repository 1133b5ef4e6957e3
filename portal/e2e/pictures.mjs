// make pictures: the ten main pages as pictures under docs/img, from the program itself with cases on their way. They are looked at by a
// person before they are committed; fonts differ between machines, so nothing compares them. YUSHI_URL takes a demo that runs already;
// ALL=folder writes every page at every width there, for looking; ONLY='queue case' takes these alone.
import { chromium } from '@playwright/test'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LARGEST = 200 * 1024
const WIDTHS = { wide: 1440, small: 1280, phone: 375 }

const folder = process.env.ALL ?? '../docs/img'
mkdirSync(folder, { recursive: true })

const program = process.env.PORTAL_PROGRAM ?? '../target/debug/yushi'

/** The program with its data in this folder. */
async function opened(data, options) {
  const child = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', data, '--json', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await new Promise((found, failed) => {
    let text = ''
    child.stdout.on('data', (part) => {
      text += part
      if (text.includes('\n')) found(text)
    })
    child.on('error', failed)
    child.on('exit', (code) => failed(new Error(`${program} ended with ${code}`)))
  })
  const stop = async () => {
    const over = new Promise((done) => child.once('exit', done))
    child.kill()
    await over
  }
  return { url: JSON.parse(said).url, stop }
}

/** A demo whose partners brought cases on their way and then left, so that they stand still. */
async function started() {
  const data = mkdtempSync(join(tmpdir(), 'yushi-pictures-'))
  const moving = await opened(data, ['--cases', '120'])
  const watching = await seatedAt(moving.url, 'SCRIVENER-1', WIDTHS.small)
  for (let tries = 0; ((await asks(watching, '{ tasks(first: 1) { totalCount } }'))?.tasks.totalCount ?? 0) === 0; tries += 1) {
    if (tries > 300) throw new Error('the partners bring no case to a scrivener')
    await watching.waitForTimeout(2_000)
  }
  await watching.context().close()
  await moving.stop()
  const still = await opened(data, ['--no-partners'])
  return { url: still.url, stop: async () => still.stop().then(() => rmSync(data, { recursive: true, force: true })) }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] })

async function seatedAt(url, user, width) {
  const context = await browser.newContext({ baseURL: url, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', viewport: { width, height: width < 500 ? 812 : 720 } })
  await context.addInitScript(() => window.sessionStorage.setItem('yushi.tour', 'over'))
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto('/')
  await page.locator('details:has(button)').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')))
  await page.locator(`button[value="${user}"]`).click()
  await page.locator('h1').waitFor()
  return page
}

/** Asks the API as the page does. */
const asks = (page, query) => page.evaluate(async (query) => {
  const session = await (await fetch('/auth/session')).json()
  const headers = { 'x-csrf-token': session.csrfToken, 'content-type': 'application/json' }
  return (await (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })).json()).data
}, query)

/** The case that this user sees and that a filter leaves. */
async function caseOf(page, filter) {
  const found = (await asks(page, `{ applications(first: 1, filter: ${filter}) { edges { node { id } } } }`))?.applications?.edges[0]?.node.id
  if (found) return found
  throw new Error(`no case: ${filter}`)
}

/** The case of the first task of somebody outside the bank, or any of theirs. */
async function theirs(page) {
  const found = (await asks(page, '{ tasks(first: 1) { edges { node { applicationId } } } }'))?.tasks?.edges[0]?.node.applicationId
  return found ?? caseOf(page, '{}')
}

const CLERK = '2951-branch-clerk-1'
const MANAGER = '2951-branch-manager-1'
const APPLICANT = '2951-applicant-1'
const ON_ITS_WAY = '{ stages: [SCREENING, APPROVED, CONTRACTING, CONTRACTED] }'
const LATE = '{ stages: [CONTRACTED, SCHEDULED, READY, DISBURSED, HANDED_OVER] }'

/** Each page: its name, whose it is, at which width it is kept, where it is, and what has to stand on it. */
const PAGES = [
  ['queue', CLERK, 'wide', async () => '/', 'tbody tr'],
  ['case', CLERK, 'wide', async (page) => `/applications/${await caseOf(page, ON_ITS_WAY)}`, '.case-grid .panel h2'],
  ['disbursement', CLERK, 'small', async (page) => `/applications/${await caseOf(page, LATE)}?tab=disbursement`, '.case-grid table'],
  ['board', MANAGER, 'wide', async () => '/board', '.lane, section'],
  ['ageing', MANAGER, 'small', async () => '/sla', 'table'],
  ['workflow', MANAGER, 'small', async () => '/admin/workflow', 'svg'],
  ['review', 'GUARANTOR-1', 'small', async (page) => `/reviews/${await theirs(page)}`, '.review-side'],
  ['job', 'SCRIVENER-1', 'phone', async (page) => `/jobs/${await theirs(page)}`, '.way-now'],
  ['status', APPLICANT, 'phone', async (page) => `/me/${await caseOf(page, ON_ITS_WAY)}`, '.task-list'],
  ['schedule', APPLICANT, 'phone', async (page) => `/me/${await caseOf(page, ON_ITS_WAY)}/schedule`, '.monthly'],
]

const demo = process.env.YUSHI_URL ? { url: process.env.YUSHI_URL, stop: async () => undefined } : await started()
let largest = 0
const only = process.env.ONLY?.split(' ')
for (const [name, user, kept, where, ready] of PAGES.filter(([name]) => !only || only.includes(name))) {
  for (const [word, width] of Object.entries(WIDTHS)) {
    if (!process.env.ALL && word !== kept) continue
    const page = await seatedAt(demo.url, user, width)
    await page.goto(await where(page))
    await page.locator(ready).first().waitFor()
    await page.waitForLoadState('networkidle').catch(() => undefined)
    const path = join(folder, process.env.ALL ? `${name}-${width}.png` : `${name}.png`)
    await page.screenshot({ path })
    const { size } = statSync(path)
    largest = Math.max(largest, size)
    console.log(`${path} ${width} px, ${Math.ceil(size / 1024)} KB`)
    await page.context().close()
  }
}
await browser.close()
await demo.stop()
if (largest > LARGEST) throw new Error(`a picture has ${largest} bytes, ${LARGEST} allowed`)
