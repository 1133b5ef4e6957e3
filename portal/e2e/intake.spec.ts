import type { Page } from '@playwright/test'
import { asks, clean, expect, form, inDays, seated, test } from './people'

const CLERK = '2951-branch-clerk-1'

test('a clerk takes in an application step by step, in Japanese as it is typed', async ({ browser }) => {
  const clerk = await seated(browser, CLERK)
  await clerk.getByRole('link', { name: '新規受付' }).click()

  // Half-width kana, an era date and full-width digits are taken as they come.
  await field(clerk, 'parties[0].nameKanji').fill('﨑山 髙子')
  await field(clerk, 'parties[0].nameKana').fill('ｻｷﾔﾏ ﾀｶｺ')
  await field(clerk, 'parties[0].birthDate').fill('昭和63年4月12日')
  await clerk.keyboard.press('Tab')
  await expect(field(clerk, 'parties[0].nameKanji')).toHaveValue('﨑山　髙子')
  await expect(field(clerk, 'parties[0].nameKana')).toHaveValue('サキヤマ　タカコ')
  await clean(clerk, 'people')
  await clerk.getByRole('button', { name: '次へ' }).click()
  await clean(clerk, 'purpose')
  await clerk.getByRole('button', { name: '次へ' }).click()

  // Composing with the input method enters digits and sends nothing.
  const amount = field(clerk, 'requestedAmountYen')
  await amount.click()
  const client = await clerk.context().newCDPSession(clerk)
  await client.send('Input.imeSetComposition', { text: '２８００', selectionStart: 4, selectionEnd: 4 })
  await client.send('Input.insertText', { text: '２８００万' })
  await expect(clerk.getByText('2,800万円', { exact: true })).toBeVisible()
  await clerk.keyboard.press('Tab')
  await expect(amount).toHaveValue('28,000,000')
  const wished = field(clerk, 'requestedDisbursementDate')
  await wished.fill('平成40年1月1日')
  await expect(clerk.getByText(/元号を読み替えました/)).toBeVisible()
  await wished.fill('あした')
  await clerk.keyboard.press('Tab')
  await expect(clerk.getByText(/日付として読み取れません/)).toBeVisible()
  const [, month, day] = inDays(90).split('-').map(Number)
  await wished.fill(`${month}/${day}`)
  await expect(clerk.getByText(/次に来る日付です/)).toBeVisible()
  await clean(clerk, 'wishes')
  await clerk.getByRole('button', { name: '次へ' }).click()
  await clean(clerk, 'insurance')
  await clerk.getByRole('button', { name: '次へ' }).click()
  await clean(clerk, 'papers')
  await clerk.getByRole('button', { name: '次へ' }).click()
  await clean(clerk, 'confirm')

  // What is missing is named by the server, all at once, and each line leads to its field.
  await clerk.getByRole('button', { name: '下書きを保存する' }).click()
  const summary = clerk.locator('.summary')
  await expect(summary).toContainText('直す必要のある項目があります')
  await clean(clerk, 'problems')
  await summary.getByRole('link').first().click()

  // What was typed is kept as it was typed: leaving loses nothing and asks nothing, and the list leads back.
  await expect(clerk.getByText('自動保存しました')).toBeVisible()
  await clerk.getByRole('link', { name: '案件一覧' }).click()
  await expect(clerk).toHaveURL(/\/applications$/)
  await clerk.getByRole('link', { name: '新規受付' }).click()
  const drafts = clerk.getByRole('region', { name: /書きかけの受付/ })
  await expect(drafts).toContainText('﨑山　髙子')
  await clean(clerk, 'drafts')
  await drafts.getByRole('button', { name: '﨑山　髙子の書きかけを破棄する' }).click()
  const discard = clerk.getByRole('dialog', { name: '書きかけの破棄' })
  await clean(clerk, 'discard a draft')
  await discard.getByRole('button', { name: '破棄する' }).click()
  await expect(clerk.getByText('﨑山　髙子')).toHaveCount(0)
})

const SAVE = 'mutation($id: ID, $version: Int, $body: String!) { saveIntakeDraft(id: $id, version: $version, body: $body) { outcome id version } }'
type Saved = { saveIntakeDraft: { outcome: string; id: string; version: number } }

/** What a clerk has typed of an application: all but the parts that are left out. */
async function typed(name: string, left: string[]): Promise<string> {
  const whole = form()
  const parties = (whole['parties'] as Record<string, unknown>[]).map((party, at) => (at === 0 ? { ...party, nameKanji: name } : party))
  const some = Object.fromEntries(Object.entries({ ...whole, parties }).filter(([key]) => !left.includes(key)))
  const body = JSON.stringify({ form: some, step: 0, receivedAt: new Date().toISOString() })
  return ((await asks(CLERK, SAVE, { body })) as unknown as Saved).saveIntakeDraft.id
}

const field = (page: Page, path: string) => page.locator(`#field-${path.replace(/[[\].]/g, (mark) => `\\${mark}`)}`)

/** Goes on with a draft, from the list at the head of a new application. */
async function goesOn(page: Page, name: string) {
  await page.goto('/applications/new')
  await page.getByRole('button', { name: `${name}の続きを入力する` }).click()
  await expect(page.getByText(/書きかけの入力から再開しています/)).toBeVisible()
}

/** Every question and answer that a page left in its browser, and its address. */
const left = (page: Page) => page.evaluate(() => JSON.stringify([{ ...window.localStorage }, { ...window.sessionStorage }, document.title, window.location.href, window.history.state]))

test('half an application is typed, the browser is closed, and another day it is handed over', async ({ browser }) => {
  const name = '途中　一郎'
  const id = await typed(name, ['requestedAmountYen', 'ownFundsYen', 'requestedDisbursementDate'])
  const first = await seated(browser, CLERK)
  await goesOn(first, name)
  await first.getByRole('button', { name: '次へ' }).click()
  await first.getByRole('button', { name: '次へ' }).click()
  const whole = form()
  await field(first, 'requestedAmountYen').fill(String(whole['requestedAmountYen']))
  await first.keyboard.press('Tab')
  const kept = async () => ((await asks(CLERK, `{ intakeDraft(id: "${id}") { body } }`)) as unknown as { intakeDraft: { body: string } }).intakeDraft.body
  await expect.poll(async () => (JSON.parse(await kept()) as { form: Record<string, unknown>; step: number }).form['requestedAmountYen']).toBe(whole['requestedAmountYen'])
  expect((JSON.parse(await kept()) as { step: number }).step).toBe(2)
  expect(await left(first), 'nothing of it stays in the browser').not.toContain('途中')
  await clean(first, 'a restored draft')
  await first.context().close()

  // Nobody else finds it.
  const other = await seated(browser, '2951-branch-clerk-2')
  await other.goto('/applications/new')
  await expect(field(other, 'parties[0].nameKanji')).toBeVisible()
  await other.waitForLoadState('networkidle')
  await expect(other.getByText(name)).toHaveCount(0)

  const again = await seated(browser, CLERK)
  await goesOn(again, name)
  await expect(field(again, 'requestedAmountYen')).not.toHaveValue('')
  await field(again, 'ownFundsYen').fill(String(whole['ownFundsYen']))
  await field(again, 'requestedDisbursementDate').fill(String(whole['requestedDisbursementDate']))
  for (let step = 3; step <= 5; step += 1) await again.getByRole('button', { name: '次へ' }).click()
  await again.getByRole('button', { name: '下書きを保存する' }).click()
  await expect(again).toHaveURL(/\/applications\/[0-9a-f-]{36}$/)
  const made = again.url().split('/').at(-1)
  const read = (await asks(CLERK, `{ application(id: "${made}") { applicantName content { requestedAmountYen ownFundsYen } } }`)) as unknown as { application: { applicantName: string; content: object } }
  expect(read.application.applicantName).toBe(name)
  expect(read.application.content).toEqual({ requestedAmountYen: whole['requestedAmountYen'], ownFundsYen: whole['ownFundsYen'] })
  const drafts = (await asks(CLERK, '{ intakeDrafts(first: 20) { edges { node { id } } } }')) as unknown as { intakeDrafts: { edges: { node: { id: string } }[] } }
  expect(drafts.intakeDrafts.edges.map((edge) => edge.node.id), 'what was handed over is erased').not.toContain(id)
})

test('two pages with one draft never overwrite each other unseen', async ({ browser }) => {
  const name = '二画面　花子'
  const id = await typed(name, ['ownFundsYen'])
  const one = await seated(browser, CLERK)
  await goesOn(one, name)
  const two = await one.context().newPage()
  await goesOn(two, name)
  const phone = (page: Page) => field(page, 'parties[0].phone')
  const stored = async () => ((await asks(CLERK, `{ intakeDraft(id: "${id}") { body } }`)) as unknown as { intakeDraft: { body: string } }).intakeDraft.body
  await phone(two).fill('090-1111-2222')
  await expect.poll(stored).toContain('090-1111-2222')
  await phone(one).fill('090-3333-4444')
  await expect(one.getByText(/別の画面で、同じ書きかけが更新されています/)).toBeVisible()
  expect(await stored()).toContain('090-1111-2222')
  await clean(one, 'changed by another page')
  await one.getByRole('button', { name: 'この画面の内容で上書きする' }).click()
  await expect.poll(stored).toContain('090-3333-4444')
  await expect(one.getByText('自動保存しました')).toBeVisible()
  // The other way round: what the other page has is loaded.
  await phone(two).fill('090-5555-6666')
  await two.getByRole('button', { name: '別の画面の内容を読み込む' }).click()
  await expect(phone(two)).toHaveValue('090-3333-4444')
  // Handed over or discarded elsewhere: said, and nothing is brought back unasked.
  await asks(CLERK, `mutation { discardIntakeDraft(id: "${id}") }`)
  await phone(two).fill('090-7777-8888')
  await expect(two.getByText(/提出または破棄されたか/)).toBeVisible()
  await two.getByRole('button', { name: '新しい下書きとして保存する' }).click()
  await expect(two.getByText('自動保存しました')).toBeVisible()
})

test('without a connection the page says that nothing is saved, asks before it is left, and saves once there is one', async ({ browser }) => {
  const name = '圏外　次郎'
  const id = await typed(name, ['ownFundsYen'])
  const clerk = await seated(browser, CLERK)
  await goesOn(clerk, name)
  await clerk.context().setOffline(true)
  await field(clerk, 'parties[0].phone').fill('090-9999-0000')
  await expect(clerk.getByText(/通信できないため、入力内容を自動保存できていません/)).toBeVisible()
  await clerk.getByRole('link', { name: '案件一覧' }).click()
  const leave = clerk.getByRole('dialog', { name: '保存していない入力があります。' })
  await leave.getByRole('button', { name: 'キャンセル' }).click()
  await expect(field(clerk, 'parties[0].phone')).toHaveValue('090-9999-0000')
  await clerk.context().setOffline(false)
  await expect(clerk.getByText('自動保存しました')).toBeVisible()
  const { intakeDraft } = (await asks(CLERK, `{ intakeDraft(id: "${id}") { body } }`)) as unknown as { intakeDraft: { body: string } }
  expect(intakeDraft.body).toContain('090-9999-0000')
  const { intakeDrafts } = (await asks(CLERK, '{ intakeDrafts(first: 20) { edges { node { applicantName } } } }')) as unknown as { intakeDrafts: { edges: { node: { applicantName: string } }[] } }
  expect(intakeDrafts.edges.filter((edge) => edge.node.applicantName === name), 'trying again begins no second draft').toHaveLength(1)
})

test('a draft is edited, and a change of somebody else is shown before anything is overwritten', async ({ browser }) => {
  const created = (await asks(CLERK, 'mutation($form: FormInput!) { createDraft(form: $form) { ... on Done { application { id version } } } }', { form: form() })) as unknown as { createDraft: { application: { id: string; version: number } } }
  const { id } = created.createDraft.application
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}`)
  await clerk.getByRole('link', { name: '申込内容を編集する' }).click()
  await clerk.getByRole('button', { name: '次へ' }).click()
  await clerk.getByRole('button', { name: '次へ' }).click()
  const own = clerk.locator('#field-ownFundsYen')
  await own.fill('2000000')
  await clerk.locator('#field-requestedAmountYen').click()
  await asks('2951-branch-clerk-2', 'mutation($id: ID!, $form: FormInput!) { editDraft(applicationId: $id, form: $form) { __typename } }', { id, form: form({ ownFundsYen: 3_000_000, siteSurveyPlanned: false }) })
  await clerk.getByRole('button', { name: '下書きを保存する' }).click()
  const conflict = clerk.getByRole('dialog', { name: 'ほかの人が先に更新しました' })
  await expect(conflict).toContainText('どちらを使うか')
  await clean(clerk, 'draft in conflict')
  await conflict.getByLabel('2,000,000円').check()
  await conflict.getByRole('button', { name: '最新の内容に対して送信し直す' }).click()
  await expect(clerk).toHaveURL(new RegExp(`/applications/${id}$`))
  const read = (await asks(CLERK, `{ application(id: "${id}") { content { ownFundsYen siteSurveyPlanned } } }`)) as unknown as { application: { content: object } }
  // Mine where both had changed it, theirs where only they had.
  expect(read.application.content).toEqual({ ownFundsYen: 2_000_000, siteSurveyPlanned: false })
})
