// One loan from the applicant's hand-in to the money, by the pages of everybody who has a part in it.
import { readFileSync } from 'node:fs'
import type { Browser, Locator, Page } from '@playwright/test'
import { asks, clean, does, expect, seated, test } from './people'
import { dated, fits, type Dated } from './outside'

const BANK = '2963'
const [CLERK, MANAGER, SCREENING, FIRST, SECOND] = ['branch-clerk-1', 'branch-manager-1', 'screening-officer-1', 'operations-1', 'operations-2'].map((one) => `${BANK}-${one}`) as [string, string, string, string, string]
const APPLICANT = `${BANK}-applicant-1`
const PHONE = { width: 375, height: 740 }


let outside: Dated | undefined
test.beforeAll(async () => {
  outside = await dated('2026-04-06T01:00:00Z')
})
test.afterAll(async () => outside?.stop())

/** The same form as the walk through the API. */
async function draft(): Promise<string> {
  const form = JSON.parse(readFileSync('../docs/walk/form.json', 'utf8')) as Record<string, unknown>
  return (await does(APPLICANT, 'createDraft(form: $form)', { form: { ...form, applicationId: `PATH-${crypto.randomUUID()}` } }, '($form: FormInput!)')).id
}

/** Presses the button of an action wherever it stands, fills its form in, and sends it. Fails unless it is recorded. */
async function acts(page: Page, name: string | RegExp, fill?: (dialog: Locator) => Promise<unknown>) {
  const button = page.getByRole('button', { name: typeof name === 'string' ? new RegExp(`^${name}(（.*）)?$`) : name })
  // What puts something on record lies folded beside the steps of the case.
  await expect(async () => {
    if (!(await button.first().isVisible())) await page.getByText(/^記録する（/).click({ timeout: 5_000 })
    await expect(button.first()).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 120_000 })
  await button.first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await fill?.(dialog)
  await dialog.getByRole('button', { name: /を実行する|申請する/ }).click()
  // The server may have acted on the case in this moment: whoever reads that sends again.
  const again = page.getByRole('button', { name: '最新の内容に対して送信し直す' })
  const open = async () => ((await again.isVisible()) ? [] : page.getByRole('dialog').allInnerTexts())
  await expect.poll(open, `${name} is recorded`).toEqual([])
  if (await again.isVisible()) await again.click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

const field = (dialog: Locator, path: string) => dialog.locator(`#field-${path.replace(/[[\].]/g, (mark) => `\\${mark}`)}`)

async function accountIn(form: Locator, path: string, number: string) {
  await field(form, `${path}.bankCode`).fill('2963')
  await field(form, `${path}.bankName`).fill('ﾁﾕｳｵｳﾛｳｷﾝ')
  await field(form, `${path}.branchCode`).fill('269')
  await field(form, `${path}.branchName`).fill('ｲﾁﾊﾗ')
  await field(form, `${path}.kind`).selectOption('ORDINARY')
  await field(form, `${path}.number`).fill(number)
}

/** One proposes, and may not decide it; another decides. */
async function fourEyes(maker: Page, checker: Page, name: string, fill?: (dialog: Locator) => Promise<unknown>) {
  await acts(maker, name, fill)
  await expect(maker.getByText('自分が申請したため、承認は別の人が行います。')).toBeVisible()
  const proposals = maker.getByRole('region', { name: '承認待ちの申請' })
  await expect(proposals.getByRole('button', { name: '承認', exact: true })).toHaveCount(0)
  await checker.reload()
  await checker.getByRole('region', { name: '承認待ちの申請' }).getByRole('button').first().click()
  await checker.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(checker.getByRole('dialog')).toHaveCount(0)
}

/** Opens the case as one of the bank's staff. */
async function at(browser: Browser, user: string, id: string): Promise<Page> {
  const page = await seated(browser, user)
  await page.goto(`/applications/${id}`)
  await expect(page.locator('.case-head')).toBeVisible()
  return page
}

const stage = (page: Page) => page.locator('.case-head .tag-now')

/** What must never reach an applicant's page. */
const INTERNAL = /審査メモ|信用情報|個人信用情報|反社会的|謝絶事由|保証料率|担保評価|33,000,000|screening|branch-clerk|operations-/

/** What a page says, without the readings above its words. */
const said = (page: Page) => page.locator('#main').evaluate((main) => {
  const copy = main.cloneNode(true) as HTMLElement
  copy.querySelectorAll('rt').forEach((reading) => reading.remove())
  return copy.textContent ?? ''
})

/** Hands an application in by the pages of the applicant, and opens it as a clerk. */
async function handedIn(browser: Browser): Promise<{ id: string; me: Page; clerk: Page }> {
  const id = await draft()
  const me = await seated(browser, APPLICANT, PHONE)
  await me.goto(`/me/${id}/tasks/apply`)
  await acts(me, '申込みを提出する')
  return { id, me, clerk: await at(browser, CLERK, id) }
}

/** Core banking's list of the day, with so much booked for the one order. */
const ledger = (key: string, yen: number) => ({
  name: 'ledger.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`posting_key,loan_no,entry,amount_yen,booked_on,reference\n${key},,POSTING,${yen},2026-06-15,LEDGER-1\nTOTAL,1,${yen}\n`),
})

/** Two people close the day once order, outcome and ledger agree; what the transfer channel has not answered yet goes on with a reason. */
async function closed(first: Page, second: Page, order: { key: string; amountYen: number }) {
  await first.goto('/admin/day-end?date=2026-06-15')
  const differences = first.getByRole('region', { name: '不一致' })
  await expect(differences.getByText('元帳明細が未登録').first()).toBeVisible()
  const dialog = first.getByRole('dialog')
  const propose = async () => {
    await first.getByRole('button', { name: 'この日を締める' }).click()
    for (const reason of await dialog.getByRole('textbox').all()) await reason.fill('振込結果は翌営業日に受領する予定です。')
    await dialog.getByRole('button', { name: '申請する' }).click()
  }
  // A day whose ledger nobody has seen is not closed, whatever the reason.
  await propose()
  await expect(dialog.getByText('NO_LEDGER')).toBeVisible()
  await dialog.getByRole('button', { name: 'キャンセル' }).click()
  const list = first.getByRole('region', { name: '明細・結果の登録' }).locator('input[type=file]').first()
  await list.setInputFiles(ledger(order.key, order.amountYen - 1))
  await expect(differences.getByText('金額相違').first()).toBeVisible()
  await clean(first, 'a day that does not agree')
  await list.setInputFiles(ledger(order.key, order.amountYen))
  await expect(differences.getByText('金額相違')).toHaveCount(0)
  await propose()
  await expect(first.getByText('自分の申請は承認できません')).toBeVisible()
  await second.goto('/admin/day-end?date=2026-06-15')
  await second.getByRole('button', { name: /を承認$/ }).click()
  await expect(second.getByText('最後に締めた日')).toBeVisible()
  await clean(second, 'a closed day')
}

test('a paper comes back, is handed in again on the phone, and the case goes on', async ({ browser }) => {
  const { id, me, clerk } = await handedIn(browser)
  await acts(clerk, '書類不備を記録', async (dialog) => {
    await field(dialog, 'defects[0].document').selectOption('INCOME_CERTIFICATE')
    await field(dialog, 'defects[0].partyId').selectOption('A1')
    await field(dialog, 'defects[0].problem').fill('年度が古いものです。最新のものをお出しください。')
  })
  await expect(stage(clerk)).toHaveText('書類不備')
  await expect(clerk.getByRole('button', { name: '審査を開始' })).toHaveCount(0)
  await clean(clerk, 'defect')

  await me.goto(`/me/${id}/tasks/papers`)
  await expect(me.getByText('年度が古いものです。最新のものをお出しください。')).toBeVisible()
  await acts(me, /を出し直した/)
  await acts(me, 'すべて出し直したと届け出る')
  await expect(me.locator('.standing').first()).toHaveText('確認中')
  await clean(me, 'handed in again')

  // The clerk's page has learned of it; two people start the screening.
  await expect(stage(clerk)).toHaveText('申込受付')
  await fourEyes(clerk, await at(browser, MANAGER, id), '審査を開始')
  await expect(stage(clerk)).toHaveText('審査中')
})

test('the guarantor declines, the bank declines, and no letter or page says why', async ({ browser }) => {
  const { id, me, clerk } = await handedIn(browser)
  const manager = await at(browser, MANAGER, id)
  await fourEyes(clerk, manager, '審査を開始')
  const reviewer = await seated(browser, 'GUARANTOR-1')
  await reviewer.goto(`/reviews/${id}`)
  await acts(reviewer, '保証を謝絶')
  const screening = await at(browser, SCREENING, id)
  await fourEyes(screening, manager, '謝絶', async (dialog) => field(dialog, 'ground').selectOption('GUARANTOR_DECLINED'))
  await expect(stage(manager)).toHaveText('謝絶')
  await expect(manager.getByText('いまできる操作はありません。')).toBeVisible()
  await clean(manager, 'declined')

  // What the bank knows stands on its own pages: the words below could be found.
  const WHY = /保証機関|保証を謝絶|GUARANTOR|担保|信用情報|返済比率|事由/
  expect(await said(manager)).toMatch(WHY)
  await me.goto(`/me/${id}/decision`)
  await expect.poll(() => said(me)).toContain('今回はご希望に沿うことができませんでした')
  expect(await said(me)).not.toMatch(WHY)
  await clean(me, 'refusal')
  await fits(me, 'refusal')
  await me.goto(`/me/${id}`)
  await expect.poll(() => said(me)).toContain('で終わりました')
  expect(await said(me)).not.toMatch(WHY)
  await me.goto('/me/messages')
  await expect(me.getByText(/審査結果/).first()).toBeVisible()
  expect(await said(me)).not.toMatch(WHY)
  await expect.poll(() => outside?.letters().join() ?? '').toContain('お知らせがあります')
  expect(outside?.letters().join()).not.toMatch(WHY)
})

test('from the hand-in to the money, each by their own pages', async ({ browser }) => {
  // The applicant hands in, on the phone.
  const { id, me, clerk } = await handedIn(browser)
  await me.goto(`/me/${id}`)
  await expect.poll(() => said(me)).toContain('いまは「申込受付」です。')

  // The bank: valuation, and screening by two.
  const manager = await at(browser, MANAGER, id)
  await acts(clerk, '担保評価を依頼')
  await fourEyes(clerk, manager, '審査を開始')
  await expect(stage(clerk)).toHaveText('審査中')

  // Those outside answer.
  const member = await seated(browser, 'MEMBER_ORG-1')
  await member.goto(`/cases/${id}`)
  await acts(member, /所属を確認/, async (dialog) => field(dialog, 'certifiedOn').fill('2026-04-06'))
  const reviewer = await seated(browser, 'GUARANTOR-1')
  await reviewer.goto(`/reviews/${id}`)
  await reviewer.getByRole('button', { name: '保証を承諾', exact: true }).click()
  await reviewer.getByLabel('保証番号').fill('保証-1')
  await reviewer.getByLabel(/保証料率/).fill('0.180')
  await reviewer.getByRole('button', { name: /「保証を承諾」を実行する/ }).click()
  await expect(reviewer.getByText('を記録しました')).toBeVisible()
  await acts(clerk, /告知書を回付/)
  const insurer = await seated(browser, 'INSURER-1')
  await insurer.goto(`/cases/${id}`)
  await acts(insurer, /加入を承諾/, async (dialog) => field(dialog, 'sumYen').fill('3000万'))

  // Screening decides by two, with what the server looked up itself.
  const screening = await at(browser, SCREENING, id)
  await acts(screening, '担保評価を登録', async (dialog) => {
    await field(dialog, 'amountYen').fill('3300万')
    await field(dialog, 'lendableYen').fill('3300万')
  })
  await expect.poll(async () => (await asks(SCREENING, `{ allowedActions(applicationId: "${id}") { verb enabled } }`) as unknown as { allowedActions: { verb: string; enabled: boolean }[] }).allowedActions.some((one) => one.verb === 'approveLoan' && one.enabled)).toBe(true)
  await screening.reload()
  await me.reload()
  expect(await said(me)).not.toMatch(INTERNAL)
  await fourEyes(screening, manager, '承認')
  await expect(stage(manager)).toHaveText('承認')
  await me.goto(`/me/${id}/decision`)
  await expect.poll(() => said(me)).toContain('ご融資を承認しました')
  expect(await said(me)).not.toMatch(INTERNAL)

  // The contract.
  await clerk.reload()
  await acts(clerk, '契約手続を開始', async (dialog) => {
    await field(dialog, 'appointment').fill('2026-04-06')
    // What may be morning or afternoon is asked, not guessed.
    await field(dialog, 'appointmentTime').fill('６時半')
    await field(dialog, 'appointmentPlace').fill('市原支店 相談室')
    await expect(dialog.getByText(/午前か午後か分かりません/)).toBeVisible()
    await field(dialog, 'appointmentTime').fill('午後６時半')
  })
  await me.goto(`/me/${id}`)
  const meetings = me.getByRole('region', { name: 'お越しいただく日時と場所' })
  await expect(meetings).toContainText('午後6時30分')
  await expect(meetings).toContainText('市原支店 相談室')
  // It is moved by telephone: the form begins with what stands, and the customer reads what it became.
  await acts(clerk, '契約手続の日時・場所を変更', async (dialog) => {
    await expect(field(dialog, 'appointment')).toHaveValue(/4月6日/)
    await expect(field(dialog, 'appointmentPlace')).toHaveValue('市原支店 相談室')
    await field(dialog, 'appointmentTime').fill('午後７時')
  })
  await me.goto(`/me/${id}`)
  await expect(meetings).toContainText('午後7時')
  await expect(meetings).toContainText('市原支店 相談室')
  await acts(clerk, /重要事項説明を記録/, async (dialog) => field(dialog, 'bookletVersion').fill('2024-04'))
  await acts(clerk, /本人確認を記録/, async (dialog) => field(dialog, 'method').fill('CHIP'))
  await me.goto(`/me/${id}/tasks/contract`)
  await acts(me, '契約書に署名したことを登録する')
  await acts(me, '契約書を差し入れる')
  await clerk.reload()
  await fourEyes(clerk, manager, '契約を受諾', async (dialog) => field(dialog, 'contractDate').fill('2026-04-06'))
  await expect(stage(manager)).toHaveText('契約成立')
  await acts(clerk, /司法書士へ依頼/)

  // Where the money goes is seen by two.
  for (const [kind, name, account] of [['SELLER', 'ﾐﾎﾝﾌﾄﾞｳｻﾝ', '7654321'], ['BORROWER', 'ｻｸﾗｲ ﾊﾙｶ', '1200345']] as const) {
    await fourEyes(clerk, manager, '支払先口座を登録', async (dialog) => {
      await field(dialog, 'kind').selectOption(kind)
      await field(dialog, 'number').fill('1')
      if (kind === 'SELLER') await field(dialog, 'amountYen').fill('3320万')
      await field(dialog, 'to.name').fill(name)
      await accountIn(dialog, 'to.account', account)
    })
  }

  // The scrivener, on the phone.
  const scrivener = await seated(browser, 'SCRIVENER-1', PHONE)
  await scrivener.goto(`/jobs/${id}`)
  await expect(scrivener.locator('body')).not.toContainText(/年収|告知|審査/)
  // Nothing is done in a job before it is taken, so its first panel asks for that; nobody takes it without the check of conflicts.
  const panel = scrivener.getByRole('region', { name: 'いまできること' })
  await expect(panel.getByRole('button', { name: '辞退する' })).toBeVisible()
  await clean(scrivener, 'a job to be taken')
  await fits(scrivener, 'a job to be taken')
  await panel.getByRole('button', { name: '受任する' }).click()
  const answer = scrivener.getByRole('dialog')
  await answer.getByRole('button', { name: '受任する' }).click()
  await expect(answer.getByText('利益相反がないことを確認してください。')).toBeVisible()
  await answer.getByText('いずれにも当たりません（利益相反なし）').click()
  await answer.getByRole('button', { name: '受任する' }).click()
  await expect(scrivener.getByRole('heading', { name: '原本の管理' })).toBeVisible()
  await expect(scrivener.getByRole('button', { name: '受任する' })).toHaveCount(0)

  // What the office estimates stands on the page of the customer, line by line, and nothing of it before.
  await me.goto(`/me/${id}`)
  await expect(me.locator('h1')).toBeVisible()
  await expect(me.getByRole('region', { name: '登記の費用（見積り）' })).toHaveCount(0)
  await scrivener.getByRole('button', { name: '見積りを出す' }).click()
  const estimate = scrivener.getByRole('dialog')
  for (const [name, amount] of [['feeYen', '８万'], ['consumptionTaxYen', '8000'], ['registrationTaxYen', '33000'], ['disbursementsYen', '5,000']] as const) {
    await field(estimate, name).click()
    await scrivener.keyboard.press('Control+A')
    await field(estimate, name).pressSequentially(amount)
  }
  await clean(scrivener, 'estimate')
  await estimate.getByRole('button', { name: '記録する' }).click()
  await expect(scrivener.getByRole('dialog')).toHaveCount(0)
  await me.reload()
  const told = me.getByRole('region', { name: '登記の費用（見積り）' })
  for (const words of ['80,000円', '8,000円', '33,000円', '5,000円', '126,000円', '司法書士の見積りです']) await expect(told).toContainText(words)
  expect(await said(me)).not.toMatch(INTERNAL)
  await clean(me, 'the estimate of the scrivener')
  await fits(me, 'the estimate of the scrivener')

  await acts(scrivener, /設定者の本人確認を完了/, async (dialog) => field(dialog, 'method').selectOption({ index: 1 }))
  await acts(scrivener, /登記書類の完備を通知/, async (dialog) => field(dialog, 'sealCertificateOn').fill('2026-04-01'))

  await me.goto(`/me/${id}/tasks/fire`)
  await acts(me, '火災保険の書類を出したことを登録する')
  await clerk.reload()
  await acts(clerk, /火災保険を確認/, async (dialog) => {
    await field(dialog, 'coversFrom').fill('2026-06-01')
    await field(dialog, 'coversUntil').fill('2036-06-01')
  })
  await acts(clerk, '諸費用を登録', async (dialog) => {
    await field(dialog, 'scrivenerBillYen').fill('12万')
    await field(dialog, 'fundsAvailableYen').fill('500万')
  })
  await acts(clerk, '実行日を確定', async (dialog) => {
    await field(dialog, 'date').fill('2026-06-15')
    await field(dialog, 'settlementTime').fill('1100')
    await field(dialog, 'settlementPlace').fill('見本不動産 本店')
  })
  await expect(stage(clerk)).toHaveText('実行予定')
  // The time moves, the place stays; whoever comes sees it.
  await acts(clerk, '決済の時刻・場所を登録', async (dialog) => {
    await expect(field(dialog, 'settlementPlace')).toHaveValue('見本不動産 本店')
    await field(dialog, 'settlementTime').fill('10時半')
  })
  await me.goto(`/me/${id}`)
  await expect(meetings).toContainText('午前10時30分')
  await expect(meetings).toContainText('見本不動産 本店')
  await clean(me, 'meetings of a customer')
  await scrivener.goto('/jobs/calendar')
  await expect(scrivener.getByRole('listitem').filter({ hasText: '見本不動産 本店' })).toContainText('午前10時30分')
  await scrivener.goto('/')
  await expect(scrivener.getByText('本日の決済はありません')).toBeVisible()

  // The day comes: the server judges by itself, two people of operations order the money, core banking answers.
  await outside?.clock('2026-06-15T00:30:00Z')
  await scrivener.goto('/')
  const today = scrivener.getByRole('region', { name: '本日の決済' })
  await expect(today).toContainText('午前10時30分')
  await expect(today).toContainText('見本不動産 本店')
  await clean(scrivener, 'settlements of today')
  await fits(scrivener, 'settlements of today')
  const first = await at(browser, FIRST, id)
  await expect(stage(first)).toHaveText('実行可', { timeout: 180_000 })
  // The file of the transfers, made by those who order them.
  await first.goto(`/applications/${id}?tab=disbursement`)
  await first.getByRole('button', { name: '振込データを作成する' }).click()
  await expect(first.getByText('「振込依頼人コード（10桁）」を入力してください。')).toBeVisible()
  const transfer = first.getByRole('region', { name: '総合振込データ' })
  await field(transfer, 'sender.code').fill('1234567890')
  await field(transfer, 'sender.name').fill('ﾁﾕｳｵｳﾛｳｷﾝ')
  await accountIn(transfer, 'sender.account', '1000001')
  await first.getByRole('button', { name: '振込データを作成する' }).click()
  await expect(transfer.getByText('振込合計')).toBeVisible()
  await transfer.getByText('データの内容').click()
  await expect(transfer.locator('pre')).toContainText(/^12101234567890/)
  await clean(first, 'transfer file')
  const saved = first.waitForEvent('download')
  await transfer.getByRole('button', { name: 'ファイルに保存する' }).click()
  const bytes = readFileSync(await (await saved).path())
  expect(bytes.length % 120, 'records of 120 bytes').toBe(0)
  expect(bytes.toString('latin1')).toMatch(/^1210.*9 *$/s)

  const second = await at(browser, SECOND, id)
  await fourEyes(first, second, '実行を指図')
  await expect(stage(second)).toHaveText('実行処理中')
  const { application } = (await asks(`CORE-${BANK}`, `{ application(id: "${id}") { postings { key amountYen } } }`)) as unknown as { application: { postings: { key: string; amountYen: number }[] } }
  const [order] = application.postings
  if (!order) throw new Error('nothing is ordered')
  await does(`CORE-${BANK}`, `confirmPosting(applicationId: "${id}", postingKey: "${order.key}", reference: "LEDGER-1")`)
  await expect(stage(second)).toHaveText('実行済')
  await clean(second, 'disbursed')
  await second.goto(`/applications/${id}?tab=deliveries`)
  await expect(second.getByRole('region', { name: '書面', exact: true }).getByRole('listitem').first()).toBeVisible()
  await expect(second.getByText('この環境では書面（PDF）の作成を行っていません')).toBeVisible()
  await clean(second, 'letters of a disbursed case')

  await closed(first, second, order)

  // The applicant sees what is paid back.
  await me.goto(`/me/${id}`)
  await expect.poll(() => said(me)).toContain('融資の実行が終わりました')
  await me.goto(`/me/${id}/schedule`)
  await expect(me.locator('.monthly')).toContainText('円')
  await me.locator('main details summary').click()
  await expect(me.getByRole('row')).toHaveCount(49)
  expect(await said(me)).not.toMatch(INTERNAL)
  await clean(me, 'schedule after the money')
  await fits(me, 'schedule after the money')
})
