import { asks, clean, expect, seated, test } from './people'
import { fits, moved } from './outside'

// Cases that are ready to be filed take the partners a while.
test.describe.configure({ mode: 'serial' })

let stop: (() => Promise<void>) | undefined
test.beforeAll(async () => {
  test.setTimeout(900_000)
  stop = await moved('SCRIVENER-1', 'FILE_REGISTRATION')
})
test.afterAll(async () => stop?.())

const PHONE = { width: 375, height: 740 }
let filed = ''

async function idOf(number: string): Promise<string> {
  const { applications } = (await asks('SCRIVENER-1', `{ applications(first: 1, filter: { text: "${number}" }) { edges { node { id } } } }`)) as unknown as { applications: { edges: { node: { id: string } }[] } }
  return applications.edges[0]?.node.id ?? ''
}

test('a scrivener files today’s registration on a phone, in at most five actions', async ({ browser }) => {
  const scrivener = await seated(browser, 'SCRIVENER-1', PHONE)
  await expect(scrivener.locator('h1')).toHaveText('登記ジョブ')
  await clean(scrivener, 'jobs')
  await fits(scrivener, 'jobs')
  let actions = 0
  const acts = async (action: Promise<unknown>) => {
    actions += 1
    await action
  }
  const job = scrivener.getByRole('link', { name: /登記申請/ }).first()
  filed = /\d{4}-\d{4}-[0-9A-F]+/.exec(await job.innerText())?.[0] ?? ''
  await acts(job.click())
  await expect(scrivener.getByRole('heading', { name: filed })).toBeVisible()
  await clean(scrivener, 'job')
  await fits(scrivener, 'job')
  await acts(scrivener.getByRole('button', { name: '登記を申請' }).click())
  await acts(scrivener.getByRole('dialog').getByRole('button', { name: /実行する/ }).click())
  await expect(scrivener.getByText('「登記を申請」を記録しました。')).toBeVisible()
  await expect(scrivener.locator('.way-now')).toContainText('申請済')
  expect(actions).toBeLessThanOrEqual(5)
  // What an identification information says is nowhere.
  await expect(scrivener.locator('body')).not.toContainText(/登記識別情報[：:]/)

  await scrivener.goto('/jobs/calendar')
  await expect(scrivener.getByRole('heading', { name: '予定' })).toBeVisible()
  await clean(scrivener, 'calendar')
  await fits(scrivener, 'calendar')
  await scrivener.goto('/jobs/all')
  await expect(scrivener.getByRole('link', { name: filed })).toBeVisible()
  await clean(scrivener, 'all jobs')
  await fits(scrivener, 'all jobs')
})

test('a job that the office has taken shows its answer and the originals, on a phone', async ({ browser }) => {
  const scrivener = await seated(browser, 'SCRIVENER-1', PHONE)
  await scrivener.goto(`/jobs/${await idOf(filed)}`)
  await expect(scrivener.getByRole('heading', { name: '司法書士の受任' })).toBeVisible()
  await expect(scrivener.getByRole('heading', { name: '原本の管理' })).toBeVisible()
  await expect(scrivener.getByRole('button', { name: '受任する' })).toHaveCount(0)
  await clean(scrivener, 'taken')
  await fits(scrivener, 'taken')
})

test('today’s receipt number is registered on a phone in at most five actions, and the bank sees it at once', async ({ browser }) => {
  const id = await idOf(filed)
  const clerk = await seated(browser, `${filed.slice(0, 4)}-branch-clerk-1`)
  await clerk.goto(`/applications/${id}?tab=registration`)
  const scrivener = await seated(browser, 'SCRIVENER-1', PHONE)
  await scrivener.goto('/jobs/all')
  let actions = 0
  const acts = async (action: Promise<unknown>) => {
    actions += 1
    await action
  }
  await acts(scrivener.getByRole('link', { name: filed }).click())
  await expect(scrivener.getByText('受付のお知らせが届いたら登録してください')).toBeVisible()
  await acts(scrivener.getByRole('button', { name: /登記を受付/ }).click())
  const dialog = scrivener.getByRole('dialog')
  // A number that is none is not taken.
  await dialog.getByLabel('番号').fill('第十二号')
  await expect(dialog.getByText('数字で入力してください。')).toBeVisible()
  await acts(dialog.getByLabel('番号').fill('１２３４５'))
  // The day is there already: today, by the clock of the bank. So is the office, where the filing names it.
  await expect(dialog.getByLabel('受領日')).not.toHaveValue('')
  if ((await dialog.getByLabel('登記所・事務所').inputValue()) === '') await acts(dialog.getByLabel('登記所・事務所').fill('見本法務局'))
  await clean(scrivener, 'receipt')
  await acts(dialog.getByRole('button', { name: /実行する/ }).click())
  expect(actions).toBeLessThanOrEqual(5)
  await expect(scrivener.getByText('第12345号')).toBeVisible()
  await clean(scrivener, 'received')
  await expect(clerk.getByText('第12345号')).toBeVisible()
})
