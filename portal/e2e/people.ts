import { AxeBuilder } from '@axe-core/playwright'
import { expect, test as base, type Browser, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'

/** Where the bank of all stories is. */
export const bank = () => process.env.PORTAL_URL ?? ''

/** A page that is signed in as a user of the demo. Whatever it writes to the console as an error ends the story. */
export async function seated(browser: Browser, user: string, options: { width?: number; height?: number; tour?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: bank(), viewport: { width: options.width ?? 1440, height: options.height ?? 900 } })
  // Whoever works here has seen the tour, but for the story of the tour itself.
  if (!options.tour) await context.addInitScript(() => window.sessionStorage.setItem('yushi.tour', 'over'))
  const page = await context.newPage()
  watched(page)
  await page.goto('/')
  await page.locator('details:has(button)').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')))
  await page.locator(`button[value="${user}"]`).click()
  await expect(page.locator('h1')).toBeVisible()
  return page
}

const faults = new Map<Page, string[]>()

function watched(page: Page) {
  const found: string[] = []
  faults.set(page, found)
  page.on('console', (message) => message.type() === 'error' && found.push(message.text()))
  page.on('pageerror', (error) => found.push(error.message))
}

/** The console has stayed clean, and the page has no fault that axe finds. */
export async function clean(page: Page, name: string) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  const said = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(' ')}`)
  expect(said, `${name}: axe`).toEqual([])
  expect(faults.get(page), `${name}: console`).toEqual([])
}

type Answer = { data?: Record<string, never>; errors?: { message: string }[] }

/** What a page of a user of the demo sends with each question. */
export async function signed(user: string): Promise<Record<string, string>> {
  const answer = await fetch(`${bank()}/auth/demo-sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, next: '/' }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const session = (await (await fetch(`${bank()}/auth/session`, { headers: { cookie } })).json()) as { csrfToken: string }
  return { cookie, origin: bank(), 'x-csrf-token': session.csrfToken, 'content-type': 'application/json' }
}

/** Asks the API as a user of the demo, the way the pages do. */
export async function asks(user: string, query: string, variables: Record<string, unknown> = {}) {
  const headers = await signed(user)
  const answer = await fetch(`${bank()}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ query, variables }),
  })
  const read = (await answer.json()) as Answer
  if (read.errors || !read.data) throw new Error(JSON.stringify(read))
  return read.data
}

/** The day so many days after today in Tokyo. */
export function inDays(days: number): string {
  return new Date(Date.now() + (days * 24 + 9) * 3_600_000).toISOString().slice(0, 10)
}

/** An application as an applicant hands it in, for a date far enough away. Names are fictitious. */
export function form(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const text = readFileSync('e2e/form.json', 'utf8')
    .replaceAll('@recently', inDays(-5))
    .replaceAll('@day', weekday(inDays(90)))
  const own = { applicationId: `E2E-${crypto.randomUUID()}`, receivedAt: new Date().toISOString() }
  return { ...(JSON.parse(text) as Record<string, unknown>), ...own, ...changes }
}

/** Days on which banks may be closed on a Tuesday: by the calendar, by the equinoxes, or between two such days. */
const CLOSED = /-(01-0[123]|02-(11|23)|03-2[01]|04-29|05-0[3-6]|08-11|09-2[234]|11-(03|23)|12-31)$/

/** The Tuesday on or before the day on which the banks are open in every year. */
function weekday(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  const back = (at.getUTCDay() + 5) % 7 || (CLOSED.test(day) ? 7 : 0)
  return back === 0 ? day : weekday(new Date(at.getTime() - back * 86_400_000).toISOString().slice(0, 10))
}

const DONE = '{ __typename ... on Done { version application { id version number } } ... on Blocked { unmet { code ja } } ... on Invalid { problems { field rule messageJa accepted } } ... on Conflict { changedAt } }'

/** Carries a verb out and fails on anything but done. */
export async function does(user: string, call: string, variables: Record<string, unknown> = {}, declared = '') {
  const data = (await asks(user, `mutation${declared} { answer: ${call} ${DONE} }`, variables)) as { answer?: { __typename: string; version: number; application: { id: string; version: number; number: string } } }
  if (data.answer?.__typename !== 'Done') throw new Error(`${call}: ${JSON.stringify(data)}`)
  return data.answer.application
}

/** The lists are still searched for people of the case: the bank will write to it by itself. */
async function isBeingSearched(id: string): Promise<boolean> {
  const { application } = (await asks('2951-compliance-1', `{ application(id: "${id}") { tracks { track state } } }`)) as unknown as { application: { tracks: { track: string; state: string }[] } }
  return application.tracks.some((one) => one.track === 'AML' && one.state === 'CHECKING')
}

/** A case that was handed in by the channel of the bank's customers, and that nobody writes to but the story. */
export async function submitted(changes: Record<string, unknown> = {}) {
  const draft = await does('2951-applicant-1', 'createDraft(form: $form)', { form: form(changes) }, '($form: FormInput!)')
  const sent = await does('2951-applicant-1', `submitApplication(applicationId: "${draft.id}")`)
  await expect.poll(() => isBeingSearched(sent.id), 'the lists are searched').toBe(false)
  return sent
}

export const test = base
export { expect }
