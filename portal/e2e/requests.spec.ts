// What each page asks of the server until it shows, and that it is never more than three questions.
import { readFileSync, writeFileSync } from 'node:fs'
import { asks, does, expect, seated, submitted, test } from './people'

const MOST = 3
const TABLE = '../docs/generated/pages.md'
const CLERK = '2951-branch-clerk-1'
const MANAGER = '2951-branch-manager-1'


/** The name of an operation, as the page gave it. */
const nameOf = (query: string) => /(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1] ?? '?'

test('no page needs more than three questions to show', async ({ browser }) => {
  // Cases in two stages: a page that asks for each by itself is found.
  await submitted()
  const { id } = await submitted()
  await does(CLERK, `passDeclaration(applicationId: "${id}", partyId: "A1", loanNo: 1)`)
  await does(CLERK, `startScreening(applicationId: "${id}")`)
  const { application } = (await asks(MANAGER, `{ application(id: "${id}") { proposals { id } } }`)) as unknown as { application: { proposals: { id: string }[] } }
  await does(MANAGER, `approveProposal(applicationId: "${id}", proposalId: "${application.proposals[0]?.id}")`)
  const tabs = ['overview', 'documents', 'guarantee', 'credit-life', 'contract', 'registration', 'disbursement', 'deliveries', 'history']
  const pages: [user: string, pages: string[]][] = [
    [CLERK, ['/', '/applications', '/applications/new', ...tabs.map((tab) => `/applications/:id?tab=${tab}`), '/approvals', '/incidents']],
    [MANAGER, ['/', '/applications/:id?tab=disbursement', '/board', '/sla', '/workload', '/reports', '/admin/workflow', '/admin/workflow?case=:id', '/admin/book', '/admin/calendar', '/admin/notices', '/admin/deputies']],
    ['2951-operations-1', ['/admin/rates']],
    ['2951-user-admin-1', ['/admin/users', '/admin/webhooks']],
    ['2951-auditor-1', ['/', '/admin/audit', '/admin/audit?tab=looks']],
    ['2951-applicant-1', ['/me', '/me/:id', '/me/:id/tasks/papers', '/me/:id/decision', '/me/:id/schedule', '/me/:id/letters', '/me/messages', '/me/apply']],
    ['GUARANTOR-1', ['/', '/reviews/:id', '/office', '/messages']],
    ['SCRIVENER-1', ['/', '/jobs/all', '/jobs/calendar']],
    ['INSURER-1', ['/', '/cases', '/cases/:id', '/messages', '/office']],
    ['REGISTRY-1', ['/', '/cases']],
  ]
  const lines: string[] = []
  const over: string[] = []
  for (const [user, paths] of pages) {
    const page = await seated(browser, user)
    for (const path of paths) {
      const asked: string[] = []
      const open = new Set<object>()
      const began = (request: { url(): string; postData(): string | null }) => {
        if (!request.url().endsWith('/graphql')) return
        open.add(request)
        asked.push(nameOf((JSON.parse(request.postData() ?? '{}') as { query?: string }).query ?? ''))
      }
      const ended = (request: object) => void open.delete(request)
      page.on('request', began)
      page.on('requestfinished', ended)
      page.on('requestfailed', ended)
      await page.goto(path.replace(':id', id))
      await expect(page.locator('h1, [role=alert]').first()).toBeVisible()
      await page.waitForLoadState('networkidle')
      await expect.poll(() => open.size, path).toBe(0)
      page.off('request', began)
      page.off('requestfinished', ended)
      page.off('requestfailed', ended)
      const role = user.replace(/^\d+-|-\d+$/g, '').toLowerCase()
      asked.sort()
      lines.push(`| ${role} | \`${path}\` | ${asked.length} | ${asked.join(', ')} |`)
      if (asked.length > MOST) over.push(`${role} ${path}: ${asked.join(', ')}`)
      expect(asked, `${path} asks who is here`).toContain('Start')
    }
    await page.context().close()
  }
  expect(lines.length).toBeGreaterThan(40)
  expect(over).toEqual([])
  const table = ['<!-- Written by portal/e2e/requests.spec.ts; do not edit. -->', '# What each page asks / 画面ごとの問い合わせ', '', `A page that is opened afresh sends at most ${MOST} questions to \`/graphql\`. \`Start\` asks who is here and for the words of the API.`, '', '| role | page | questions | which |', '| --- | --- | --- | --- |', ...lines, ''].join('\n')
  if (process.env.UPDATE) writeFileSync(TABLE, table)
  expect(readFileSync(TABLE, 'utf8'), `${TABLE} is as the pages are; UPDATE=1 writes it`).toBe(table)
})
