// What each page asks of the server until it shows: never more than three questions, which need the same statements of the database
// whether there are two cases or twenty.
import { readFileSync, writeFileSync } from 'node:fs'
import { asks, bank, does, expect, seated, signed, submitted, test } from './people'

const MOST = 3
const TABLE = '../docs/generated/pages.md'
const CLERK = '2951-branch-clerk-1'
const MANAGER = '2951-branch-manager-1'
/** Cases that are added before the statements are counted again. */
const MORE = 18

/** The name of an operation, as the page gave it. */
const nameOf = (query: string) => /(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1] ?? '?'

/** A case whose screening is proposed; its id. */
async function proposed(): Promise<string> {
  const { id } = await submitted()
  await does(CLERK, `passDeclaration(applicationId: "${id}", partyId: "A1", loanNo: 1)`)
  await does(CLERK, `startScreening(applicationId: "${id}")`)
  return id
}

/** A case in screening, which guarantor, insurer and member organisation are asked about; its id. */
async function screened(): Promise<string> {
  const id = await proposed()
  const { application } = (await asks(MANAGER, `{ application(id: "${id}") { proposals { id } } }`)) as unknown as { application: { proposals: { id: string }[] } }
  await does(MANAGER, `approveProposal(applicationId: "${id}", proposalId: "${application.proposals[0]?.id}")`)
  return id
}

/** Statements that all questions of the program have needed so far. */
async function needed(): Promise<number> {
  const said = await (await fetch(`${bank()}/metrics`)).text()
  return Number(/^yushi_query_statements_sum (\S+)$/m.exec(said)?.[1] ?? 0)
}

/** What a question needs of the database, and how to ask it again. */
interface Need { statements: number; again: () => Promise<number> }

/** What questions need of the database when they are asked again, and nobody else asks anything. */
async function counted(asked: ReadonlyMap<string, ReadonlySet<string>>): Promise<Map<string, Need>> {
  const found = new Map<string, Need>()
  for (const [user, bodies] of asked) {
    const headers = await signed(user)
    for (const body of bodies) {
      const again = async () => {
        const before = await needed()
        const answer = await (await fetch(`${bank()}/graphql`, { method: 'POST', headers, body })).text()
        expect(answer, body).not.toContain('"errors"')
        return await needed() - before
      }
      found.set(`${user} ${body}`, { statements: Math.min(await again(), await again(), await again()), again })
    }
  }
  return found
}

/** Fields that ask for the same case a moment apart may ask twice, on a slow machine often: the least of many tries is what the question needs. */
async function least(need: Need, most: number): Promise<number> {
  for (let tries = 0; tries < 40 && need.statements > most; tries += 1) need.statements = Math.min(need.statements, await need.again())
  return need.statements
}

test('no page needs more than three questions to show, nor more statements for more cases', async ({ browser }) => {
  // Cases in two stages: a page that asks for each by itself is found.
  await submitted()
  const id = await screened()
  const tabs = ['overview', 'documents', 'guarantee', 'credit-life', 'contract', 'registration', 'disbursement', 'deliveries', 'history']
  const pages: [user: string, pages: string[]][] = [
    [CLERK, ['/', '/applications', '/applications/new', ...tabs.map((tab) => `/applications/:id?tab=${tab}`), '/approvals', '/incidents', '/registrations', '/letters-to-post']],
    [MANAGER, ['/', '/applications/:id?tab=disbursement', '/board', '/sla', '/workload', '/reports', '/admin/workflow', '/admin/workflow?case=:id', '/admin/book', '/admin/calendar', '/admin/notices', '/admin/deputies']],
    ['2951-operations-1', ['/admin/rates', '/admin/day-end']],
    ['2951-user-admin-1', ['/admin/users', '/admin/webhooks']],
    ['2951-auditor-1', ['/', '/admin/audit', '/admin/audit?tab=looks', '/registers?tab=contractors']],
    ['2951-applicant-1', ['/me', '/me/:id', '/me/:id/tasks/papers', '/me/:id/decision', '/me/:id/schedule', '/me/:id/letters', '/me/messages', '/me/apply']],
    ['GUARANTOR-1', ['/', '/reviews/:id', '/reviews/all', '/reviews/day', '/reviews/history', '/office', '/messages']],
    ['SCRIVENER-1', ['/', '/jobs/all', '/jobs/calendar']],
    ['INSURER-1', ['/', '/cases', '/cases/:id', '/messages', '/office']],
    ['REGISTRY-1', ['/', '/cases']],
  ]
  const lines: { user: string; path: string; names: string[]; bodies: string[] }[] = []
  const over: string[] = []
  for (const [user, paths] of pages) {
    const page = await seated(browser, user)
    for (const path of paths) {
      const names: string[] = []
      const bodies: string[] = []
      const open = new Set<object>()
      const began = (request: { url(): string; postData(): string | null }) => {
        if (!request.url().endsWith('/graphql')) return
        open.add(request)
        bodies.push(request.postData() ?? '{}')
        names.push(nameOf((JSON.parse(request.postData() ?? '{}') as { query?: string }).query ?? ''))
      }
      const ended = (request: object) => void open.delete(request)
      page.on('request', began)
      page.on('requestfinished', ended)
      page.on('requestfailed', ended)
      await page.goto(path.replace(':id', id))
      await expect(page.locator('h1, [role=alert]').first()).toBeVisible()
      await page.waitForLoadState('networkidle')
      await expect(page.getByText('画面を表示できません'), path).toHaveCount(0)
      // A page that has shown may have a question on its way: two looks, one after the other, find the same.
      let seen = -1
      const isStill = () => {
        const still = open.size === 0 && names.length === seen
        seen = names.length
        return still
      }
      await expect.poll(isStill, { message: path, intervals: [300] }).toBe(true)
      page.off('request', began)
      page.off('requestfinished', ended)
      page.off('requestfailed', ended)
      names.sort()
      lines.push({ user, path, names, bodies })
      if (names.length > MOST) over.push(`${user} ${path}: ${names.join(', ')}`)
      expect(names, `${path} asks who is here`).toContain('Start')
    }
    await page.context().close()
  }
  expect(lines.length).toBeGreaterThan(40)
  expect(over).toEqual([])

  const asked = new Map<string, Set<string>>()
  for (const { user, bodies } of lines) asked.set(user, new Set([...(asked.get(user) ?? []), ...bodies]))
  const few = await counted(asked)
  const written = readFileSync(TABLE, 'utf8')
  const rows: string[] = []
  for (const { user, path, names, bodies } of lines) {
    const start = `| ${user.replace(/^\d+-|-\d+$/g, '').toLowerCase()} | \`${path}\` | ${names.length} | `
    const known = Number(written.split('\n').find((row) => row.startsWith(start))?.slice(start.length).split(' ')[0] ?? 0)
    const needs = bodies.map((body) => few.get(`${user} ${body}`)).filter((need) => need !== undefined)
    const sum = () => needs.reduce((all, need) => all + need.statements, 0)
    for (const need of needs) await least(need, known - (sum() - need.statements))
    rows.push(`${start}${sum()} | ${names.join(', ')} |`)
  }
  for (let more = 0; more < MORE; more += 1) await (more % 3 === 0 ? proposed() : screened())
  const grown: string[] = []
  for (const [question, need] of await counted(asked)) {
    const before = few.get(question)?.statements ?? 0
    const now = await least(need, before)
    if (now > before) grown.push(`${question}: ${before} statements, ${now} with ${MORE} more cases`)
  }
  expect(grown).toEqual([])
  expect(Math.max(...[...few.values()].map((need) => need.statements)), 'the program counts').toBeGreaterThan(1)

  const table = [
    '<!-- Written by portal/e2e/requests.spec.ts; do not edit. -->',
    '# What each page asks / 画面ごとの問い合わせ',
    '',
    `A page that is opened afresh sends at most ${MOST} questions to \`/graphql\`. \`Start\` asks who is here and for the words of the API.`,
    '',
    'Statements are those of the embedded database for all questions of a page by somebody who is signed in, the program warm; they are the same with twenty cases as with two.',
    'The session, which is remembered, and the line of the read log, which requests share, are not among them. `yushi_query_statements` at `/metrics` tells them of every question.',
    '',
    '| role | page | questions | statements | which |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
  if (process.env.UPDATE) writeFileSync(TABLE, table)
  expect(process.env.UPDATE ? table : written, `${TABLE} is as the pages are; UPDATE=1 writes it`).toBe(table)
})
