// make tti: how long it takes until the queue can be worked with, in a browser that has never been here and in one that has, where the
// bank has 100 000 cases on PostgreSQL. ROWS and ROUNDS change how many; the figures are of this machine alone.
//
// Interactive: the first line of the queue stands there, the number of cases is that of the bank, and the page has answered nothing
// late for a second after it.
import { chromium } from '@playwright/test'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const ROWS = Number(process.env.ROWS ?? 100_000)
const ROUNDS = Number(process.env.ROUNDS ?? 7)
const CLERK = '2951-branch-clerk-1'
const bin = process.env.WORKLIST ?? '../target/release/worklist'
const program = process.env.PORTAL_PROGRAM ?? '../target/release/yushi'

const bank = spawn(bin, ['--hold', String(ROWS), '--yushi', program], { stdio: ['pipe', 'pipe', 'inherit'] })
const lines = createInterface({ input: bank.stdout })[Symbol.asyncIterator]()
const said = async () => {
  const { value, done } = await lines.next()
  if (done) throw new Error('the bank ended')
  return JSON.parse(value)
}
const { url } = await said()

/** Asks the API as a user of the demo. */
async function asks(user, query, variables = {}) {
  const signed = await fetch(`${url}/auth/demo-sign-in`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user, next: '/' }) })
  const cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { csrfToken } = await (await fetch(`${url}/auth/session`, { headers: { cookie } })).json()
  const headers = { cookie, origin: url, 'x-csrf-token': csrfToken, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  const answer = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()
  if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  return answer.data
}

// One real case, from which the others are made.
const day = (days) => new Date(Date.now() + (days * 24 + 9) * 3_600_000)
const tuesday = day(90)
tuesday.setUTCDate(tuesday.getUTCDate() - ((tuesday.getUTCDay() + 5) % 7))
const iso = (at) => at.toISOString().slice(0, 10)
const form = JSON.parse(readFileSync('e2e/form.json', 'utf8').replaceAll('@recently', iso(day(-5))).replaceAll('@day', iso(tuesday)))
const done = '{ __typename ... on Done { application { id } } ... on Invalid { problems { field messageEn } } ... on Blocked { unmet { code } } }'
const filled = { ...form, applicationId: `TTI-${crypto.randomUUID()}`, receivedAt: new Date().toISOString() }
const { answer: draft } = await asks('2951-applicant-1', `mutation($form: FormInput!) { answer: createDraft(form: $form) ${done} }`, { form: filled })
const { answer: submitted } = await asks('2951-applicant-1', `mutation { answer: submitApplication(applicationId: "${draft.application?.id}") ${done} }`)
if (submitted.__typename !== 'Done') throw new Error(JSON.stringify(submitted))
bank.stdin.write('seed\n')
console.log(`${(await said()).rows} cases on PostgreSQL`)
const { tasks } = await asks(CLERK, '{ tasks(first: 1, filter: { role: BRANCH_CLERK }) { totalCount totalIsExact } }')
console.log(`queue of ${CLERK}: ${tasks.totalCount}${tasks.totalIsExact ? '' : ' or more'}`)
if (ROWS >= 1_000 && tasks.totalCount < 100) throw new Error('the cases are not in the queue')

/** Runs before the page: notes when the first line stands there, and until when the page was busy. */
function watch() {
  window.measured = { row: 0, busy: 0, long: 0 }
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      window.measured.busy = Math.max(window.measured.busy, one.startTime + one.duration)
      window.measured.long += one.duration
    }
  }).observe({ type: 'longtask', buffered: true })
  new MutationObserver(() => {
    if (window.measured.row === 0 && document.querySelector('tbody tr')) window.measured.row = performance.now()
  }).observe(document, { childList: true, subtree: true })
}

/** From the navigation to a page that can be worked with, in milliseconds. */
async function interactive(page) {
  await page.waitForFunction(() => window.measured?.row > 0 && performance.now() - Math.max(window.measured.row, window.measured.busy) > 1_000)
  const { row, busy, long } = await page.evaluate(() => window.measured)
  return { row, interactive: Math.max(row, busy), long }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] })
const middle = (all) => all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)]
const shown = { 'never been here': [], 'been here': [] }
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext({ baseURL: url, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', viewport: { width: 1440, height: 900 } })
    await context.addInitScript(() => window.sessionStorage.setItem('yushi.tour', 'over'))
    // The session without the pages: what is loaded first is loaded by what is measured.
    await context.request.post('/auth/demo-sign-in', { data: { user: CLERK, next: '/' }, maxRedirects: 0 })
    await context.addInitScript(watch)
    const page = await context.newPage()
    await page.goto('/')
    shown['never been here'].push(await interactive(page))
    await page.goto('/')
    shown['been here'].push(await interactive(page))
    await context.close()
  }
  for (const [who, all] of Object.entries(shown)) {
    const of = (key) => all.map((one) => one[key])
    const most = Math.max(...of('interactive'))
    console.log(`${who}: first line ${Math.round(middle(of('row')))} ms, interactive ${Math.round(middle(of('interactive')))} ms (at most ${Math.round(most)}), busy for ${Math.round(middle(of('long')))} ms; middle of ${all.length}`)
  }
} finally {
  await browser.close()
  bank.stdin.end()
}
