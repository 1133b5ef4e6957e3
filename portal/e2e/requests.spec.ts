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
/** Fields that ask for the same case a moment apart may ask together or each for itself. One statement for each added case is more than that. */
const LUCK = 5

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

/** What questions need of the database when they are asked again, and nobody else asks anything. */
async function counted(asked: ReadonlyMap<string, ReadonlySet<string>>): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const [user, bodies] of asked) {
    const headers = await signed(user)
    for (const body of bodies) {
      const needs: number[] = []
      let before = await needed()
      for (let tries = 0; tries < 4; tries += 1) {
        const answer = await (await fetch(`${bank()}/graphql`, { method: 'POST', headers, body })).text()
        expect(answer, body).not.toContain('"errors"')
        const after = await needed()
        needs.push(after - before)
        before = after
      }
      found.set(`${user} ${body}`, Math.min(...needs))
    }
  }
  return found
}

test('no page needs more than three questions to show, nor more statements for more cases', async ({ browser }) => {
  // Cases in two stages: a page that asks for each by itself is found.
  await submitted()
  const id = await screened()
  const tabs = ['overview', 'documents', 'guarantee', 'credit-life', 'contract', 'registration', 'disbursement', 'deliveries', 'history']
  const pages: [user: string, pages: string[]][] = [
    [CLERK, ['/', '/applications', '/applications/new', ...tabs.map((tab) => `/applications/:id?tab=${tab}`), '/approvals', '/incidents', '/registrations', '/letters-to-post', '/notices']],
    [MANAGER, ['/', '/applications/:id?tab=disbursement', '/board', '/sla', '/workload', '/reports', '/admin/workflow', '/admin/workflow?case=:id', '/admin/book', '/admin/calendar', '/admin/notices', '/admin/deputies']],
    ['2951-operations-1', ['/admin/rates', '/admin/day-end']],
    ['2951-user-admin-1', ['/admin/users', '/admin/webhooks']],
    ['2951-auditor-1', ['/', '/admin/audit', '/admin/audit?tab=looks', '/registers?tab=contractors', '/notices']],
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
  for (let more = 0; more < MORE; more += 1) await (more % 3 === 0 ? proposed() : screened())
  const many = await counted(asked)
  const grown = [...many].filter(([question, statements]) => statements > (few.get(question) ?? 0) + LUCK)
  expect(grown.map(([question, statements]) => `${question}: ${few.get(question)} statements, ${statements} with ${MORE} more cases`)).toEqual([])
  expect(Math.max(...few.values()), 'the program counts').toBeGreaterThan(1)

  const written = readFileSync(TABLE, 'utf8')
  const rows = lines.map(({ user, path, names, bodies }) => {
    const start = `| ${user.replace(/^\d+-|-\d+$/g, '').toLowerCase()} | \`${path}\` | ${names.length} | `
    const statements = bodies.reduce((sum, body) => sum + (few.get(`${user} ${body}`) ?? NaN), 0)
    const known = parseInt(written.split('\n').find((row) => row.startsWith(start))?.slice(start.length) ?? '', 10)
    const stands = !process.env.UPDATE && statements <= known + LUCK
    return `${start}${stands ? known : statements} | ${names.join(', ')} |`
  })
  const table = [
    '<!-- Written by portal/e2e/requests.spec.ts; do not edit. -->',
    '# What each page asks / 画面ごとの問い合わせ',
    '',
    `A page that is opened afresh sends at most ${MOST} questions to \`/graphql\`. \`Start\` asks who is here and for the words of the API.`,
    '',
    'Statements are those of the embedded database for all questions of a page by somebody who is signed in, the program warm; they do not grow with the cases, of which',
    `there are two or twenty. Fields that ask for the same case a moment apart may ask twice: up to ${LUCK} more are within that.`,
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
