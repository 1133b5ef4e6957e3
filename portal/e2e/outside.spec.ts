import { asks, clean, does, expect, seated, submitted, test } from './people'
import { fits } from './outside'

const CLERK = '2951-branch-clerk-1'
const APPLICANT = '2951-applicant-1'
const MANAGER = '2951-branch-manager-1'
const PHONE = { width: 375, height: 740 }

/** Brings a case that was handed in to the screening, by four eyes: the guarantee is asked for with it. */
async function screened(id: string) {
  await does(CLERK, `startScreening(applicationId: "${id}")`)
  const { application } = (await asks(MANAGER, `{ application(id: "${id}") { proposals { id } } }`)) as unknown as { application: { proposals: { id: string }[] } }
  await does(MANAGER, `approveProposal(applicationId: "${id}", proposalId: "${application.proposals[0]?.id}")`)
}

test('an applicant hears on the phone why a paper came back, hands it in again, and sees that it is being checked', async ({ browser }) => {
  const { id, number } = await submitted()
  await does(CLERK, `recordDefects(applicationId: "${id}", defects: [{ document: "INCOME_CERTIFICATE", partyId: "A1", problem: "年度が古いものです。最新のものをお出しください。" }])`)
  const me = await seated(browser, APPLICANT, PHONE)
  await expect(me.getByText(number)).toBeVisible()
  await clean(me, 'my applications')
  await fits(me, 'my applications')
  await me.goto(`/me/${id}`)
  await expect(me.locator('.now')).toContainText('書類の提出')
  const task = me.getByRole('link', { name: /書類の提出/ })
  await expect(task).toContainText('あなたの番です')
  await clean(me, 'status')
  await fits(me, 'status')

  await task.click()
  await expect(me.getByText('年度が古いものです。最新のものをお出しください。')).toBeVisible()
  await clean(me, 'papers')
  await fits(me, 'papers')
  await me.getByRole('button', { name: /を出し直した/ }).click()
  await clean(me, 'hand in')
  await me.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(me.getByText('を記録しました')).toBeVisible()
  await me.getByRole('button', { name: 'すべて出し直したと届け出る' }).click()
  await me.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(me.getByRole('dialog')).toHaveCount(0)
  await expect(me.locator('.standing').first()).toHaveText('確認中')
})

test('the pages of an applicant are free of faults on a phone, in three ways of speaking', async ({ browser }) => {
  const { id } = await submitted()
  const me = await seated(browser, APPLICANT, PHONE)
  for (const path of ['', '/tasks/apply', '/tasks/health', '/tasks/contract', '/tasks/nothing', '/decision', '/schedule']) {
    await me.goto(`/me/${id}${path}`)
    await expect(me.locator('footer')).toBeVisible()
    await clean(me, path)
    await fits(me, path)
  }
  await me.goto(`/me/${id}/schedule`)
  await expect(me.locator('.monthly')).toContainText('円')
  await me.locator('main details summary').click()
  await expect(me.getByRole('img', { name: /残高は約/ })).toBeVisible()
  await expect(me.getByRole('row')).toHaveCount(49)
  await me.goto(`/me/${id}`)
  await me.getByLabel('やさしい日本語で読む').check()
  await expect(me.locator('.now')).toContainText('いま：')
  await clean(me, 'easy')
  await me.goto('/me/messages')
  await expect(me.getByRole('heading', { name: 'お知らせ' })).toBeVisible()
  await clean(me, 'messages')
  await fits(me, 'messages')
  await me.goto(`/me/${id}`)
  await me.locator('.shell-person summary').click()
  await me.getByRole('button', { name: 'English' }).click()
  await expect(me.getByRole('heading', { name: 'Your tasks' })).toBeVisible()
  await clean(me, 'English')
  await fits(me, 'English')
})

test('a terms-of-art word has its reading above it, and the decision of a case under review says no more than that', async ({ browser }) => {
  const { id } = await submitted()
  const me = await seated(browser, APPLICANT, PHONE)
  await me.goto(`/me/${id}/decision`)
  await expect(me.locator('.now')).toContainText('中です。')
  await expect(me.locator('ruby', { hasText: '審査' }).first()).toContainText('しんさ')
})

test('the form is filled in step by step on a phone, and says at the end what is missing', async ({ browser }) => {
  const me = await seated(browser, APPLICANT, PHONE)
  await me.goto('/me/apply')
  await expect(me.getByRole('heading', { name: '申込みの内容' })).toBeVisible()
  await clean(me, 'form')
  for (const step of [1, 2, 3, 4, 5]) {
    await me.getByRole('button', { name: '次へ' }).click()
    // What stands under the head of the page cannot be judged.
    await me.evaluate(() => window.scrollTo(0, 0))
    await clean(me, `form, step ${step + 1}`)
  }
  // The valuation is the bank's own.
  await expect(me.getByText('担保評価')).toHaveCount(0)
})

test('a guarantee company sees what was sent, answers with conditions, and sees what the bank sees', async ({ browser }) => {
  const { id, number } = await submitted()
  await screened(id)
  const reviewer = await seated(browser, 'GUARANTOR-1')
  await expect(reviewer.locator('h1')).toHaveText('審査キュー')
  await clean(reviewer, 'reviews')
  await reviewer.getByRole('link', { name: number }).click()
  await expect(reviewer.getByRole('heading', { name: /金庫から送られた内容/ })).toBeVisible()
  await clean(reviewer, 'review')
  await reviewer.getByRole('button', { name: '条件付で保証を承諾', exact: true }).click()
  const send = reviewer.getByRole('button', { name: /「条件付で保証を承諾」を実行する/ })
  await send.click()
  await expect(reviewer.getByRole('alert')).toContainText('「保証番号」を入力してください。')
  await clean(reviewer, 'what is missing')
  await reviewer.getByLabel('保証番号').fill('見本-1234')
  await reviewer.getByLabel(/一括保証料/).fill('３８万')
  await reviewer.getByLabel('条件 1').fill('団信の加入を確認すること')
  await expect(reviewer.getByRole('region', { name: '金庫に表示される内容' })).toContainText('団信の加入を確認すること')
  await send.click()
  await expect(reviewer.getByText('を記録しました')).toBeVisible()
  await expect(reviewer.getByRole('heading', { name: '第1版への回答' })).toBeVisible()
  await expect(reviewer.locator('.review-side')).toContainText('380,000円')
  await clean(reviewer, 'answered')
  await fits(reviewer, 'review')
  // The answer is among those of the month, and on the list of the day.
  for (const [path, title] of [['/reviews/day', '日次照合リスト'], ['/reviews/history', '審査の履歴']] as const) {
    await reviewer.goto(path)
    await expect(reviewer.locator('h1')).toHaveText(title)
    await expect(reviewer.getByRole('row', { name: new RegExp(`${number}.*条件付で保証を承諾`) })).toBeVisible()
    await clean(reviewer, path)
    await fits(reviewer, path)
  }
  await reviewer.getByRole('button', { name: '月ごとの件数と営業日数を表示する' }).click()
  await expect(reviewer.getByRole('group', { name: '月ごとの件数と営業日数' })).toContainText('条件付承諾')
  await clean(reviewer, 'answers counted')
  await reviewer.goto('/reviews/history?from=2020-01-01&until=2020-01-31')
  await expect(reviewer.getByText('この期間の回答はありません。')).toBeVisible()
})

test('a guarantee company asks the bank, a clerk answers on the case, and the company reads the answer before it decides', async ({ browser }) => {
  const { id } = await submitted()
  await screened(id)
  const reviewer = await seated(browser, 'GUARANTOR-1')
  await reviewer.goto(`/reviews/${id}`)
  await reviewer.getByRole('button', { name: '金庫へ照会' }).click()
  const asking = reviewer.getByRole('dialog')
  await asking.getByLabel('照会内容').fill('勤続の中断の理由')
  await asking.getByRole('button', { name: /実行する/ }).click()
  const asked = reviewer.getByRole('region', { name: '金庫への照会' })
  await expect(asked).toContainText('回答待ち')
  await clean(reviewer, 'asked')

  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}?tab=guarantee`)
  await expect(clerk.getByRole('region', { name: '金庫への照会' })).toContainText('勤続の中断の理由')
  await clerk.getByRole('button', { name: '照会に回答（Q1）' }).click()
  await clerk.getByRole('dialog').getByLabel('回答').fill('転職のため')
  await clerk.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(clerk.getByRole('region', { name: '金庫への照会' })).toContainText('転職のため')
  await clean(clerk, 'answered')

  await reviewer.reload()
  await expect(asked).toContainText('転職のため')
  // The request waits as before: it can still be decided.
  await expect(reviewer.getByRole('button', { name: '保証を承諾', exact: true })).toBeEnabled()
})

test('a memo of a guarantee company is its own: a colleague reads it, the bank does not, and what is not saved is not lost unasked', async ({ browser }) => {
  const { id } = await submitted()
  await screened(id)
  const reviewer = await seated(browser, 'GUARANTOR-1')
  await reviewer.goto(`/reviews/${id}`)
  const memos = reviewer.getByRole('region', { name: '社内メモ' })
  await expect(memos).toContainText('メモはまだありません。')
  await memos.getByRole('button', { name: 'メモを保存する' }).click()
  await expect(memos).toContainText('「新しいメモ」を入力してください。')
  await memos.getByLabel('新しいメモ').fill('差額を勤務先へ確認済み')
  await reviewer.getByRole('link', { name: '審査キュー' }).click()
  await reviewer.getByRole('dialog').getByRole('button', { name: 'キャンセル' }).click()
  await memos.getByLabel('新しいメモ').press('Control+Enter')
  await expect(memos.getByRole('list')).toContainText('差額を勤務先へ確認済み')
  await expect(memos.getByLabel('新しいメモ')).toHaveValue('')
  await clean(reviewer, 'memos')
  await reviewer.reload()
  await expect(memos.getByRole('list')).toContainText('差額を勤務先へ確認済み')

  const clerk = await seated(browser, CLERK)
  for (const tab of ['guarantee', 'history']) {
    await clerk.goto(`/applications/${id}?tab=${tab}`)
    await expect(clerk.getByRole('region').first()).toBeVisible()
    await expect(clerk.getByText('差額を勤務先へ確認済み')).toHaveCount(0)
  }
})

test('a member organisation certifies, and an insurer accepts what was declared', async ({ browser }) => {
  const { id, number } = await submitted()
  await does(CLERK, `passDeclaration(applicationId: "${id}", partyId: "A1", loanNo: 1)`)
  const insurer = await seated(browser, 'INSURER-1', PHONE)
  await expect(insurer.locator('h1')).toHaveText('作業一覧')
  await clean(insurer, 'work')
  await fits(insurer, 'work')
  await insurer.getByRole('button', { name: `${number}を引き受ける` }).click()
  await expect(insurer.getByRole('button', { name: `${number}を手放す` })).toBeVisible()
  await insurer.getByRole('link', { name: number }).click()
  await clean(insurer, 'case')
  await fits(insurer, 'case')
  await insurer.getByRole('button', { name: /加入を承諾/ }).click()
  await insurer.getByRole('dialog').getByLabel('引受金額').fill('3500万')
  await insurer.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(insurer.getByText('を記録しました')).toBeVisible()
  await insurer.goto('/cases')
  await expect(insurer.getByRole('link', { name: number })).toBeVisible()
  await clean(insurer, 'cases')
  await fits(insurer, 'cases')
})

test('somebody outside who was overtaken is told so, and loses nothing of the bank’s', async ({ browser }) => {
  const { id, number } = await submitted()
  await does(CLERK, `passDeclaration(applicationId: "${id}", partyId: "A1", loanNo: 1)`)
  const insurer = await seated(browser, 'INSURER-1')
  await insurer.getByRole('link', { name: number }).click()
  await insurer.getByRole('button', { name: /加入を承諾/ }).click()
  await insurer.getByRole('dialog').getByLabel('引受金額').fill('3500万')
  await does(CLERK, `addMemo(applicationId: "${id}", text: "先に書いたメモ")`)
  await insurer.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(insurer.getByRole('dialog', { name: 'ほかの人が先に更新しました' })).toBeVisible()
  await expect(insurer.getByText('先に書いたメモ')).toHaveCount(0)
  await clean(insurer, 'conflict')
})

test('a case of somebody else is nowhere to be seen', async ({ browser }) => {
  const { id } = await submitted()
  for (const [user, path] of [['SCRIVENER-1', `/jobs/${id}`], ['GUARANTOR-1', `/reviews/${id}`], ['REGISTRY-1', `/cases/${id}`]] as const) {
    const page = await seated(browser, user, PHONE)
    await page.goto(path)
    await expect(page.getByText(/表示できません|見つかりません/)).toBeVisible()
    await fits(page, path)
  }
})
