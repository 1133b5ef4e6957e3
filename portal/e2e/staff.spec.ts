import { asks, bank, clean, does, expect, seated, submitted, test } from './people'

const CLERK = '2951-branch-clerk-1'
const OTHER = '2951-branch-clerk-2'
const MANAGER = '2951-branch-manager-1'

test('a clerk takes the next case, finds what it needs and proposes the screening; the manager approves', async ({ browser }) => {
  const { id, number } = await submitted()
  const clerk = await seated(browser, CLERK)
  await expect(clerk.locator('h1')).toHaveText('作業キュー')
  await expect(clerk.getByText('接続中')).toBeVisible()
  await expect(clerk.getByRole('link', { name: number }).first()).toBeVisible()
  await clean(clerk, 'queue')

  await clerk.getByRole('button', { name: '次の1件を引き受ける' }).click()
  await expect(clerk.locator('h1')).toContainText('見本　髙子')
  await clean(clerk, 'case')
  await clerk.goto(`/applications/${id}`)
  await clerk.getByRole('button', { name: '審査を開始' }).click()
  await expect(clerk.getByRole('dialog')).toContainText('別の人が承認すると確定します')
  await clean(clerk, 'dialog')
  await clerk.getByRole('dialog').getByRole('button', { name: '申請する' }).click()
  await expect(clerk.getByText('を記録しました')).toBeVisible()

  // Four eyes: one's own proposal is there, the decision is not.
  await expect(clerk.getByText('自分が申請したため、承認は別の人が行います。')).toBeVisible()
  await expect(clerk.getByRole('button', { name: '承認', exact: true })).toHaveCount(0)
  await clean(clerk, 'own proposal')

  const manager = await seated(browser, MANAGER)
  await manager.getByRole('link', { name: '承認待ち' }).first().click()
  await manager.getByRole('link', { name: number }).click()
  await manager.getByRole('region', { name: '承認待ちの申請' }).getByRole('button').first().click()
  await manager.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(manager.getByRole('dialog')).toHaveCount(0)
  await expect(manager.locator('.case-head')).toContainText('審査中')
  await clean(manager, 'decided')
  // The clerk's page learned of it without being asked.
  await expect(clerk.locator('.case-head')).toContainText('審査中')
})

test('two clerks write to one case: the second sees what the first changed, and nothing is lost', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}`)
  await clerk.getByText(/記録する/).click()
  await clerk.getByRole('button', { name: 'メモを追加' }).click()
  await clerk.getByRole('dialog').getByLabel('内容').fill('電話で確認した。')
  const declared = await does(OTHER, `addMemo(applicationId: "${id}", text: "先に書いたメモ")`)
  await expect(clerk.getByText('表示中に、ほかの人がこの案件を更新しました')).toBeVisible()
  await clerk.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  const conflict = clerk.getByRole('dialog', { name: 'ほかの人が先に更新しました' })
  await expect(conflict).toContainText(OTHER)
  for (const column of ['元の値', 'あなたの入力', 'いまの値']) await expect(conflict.getByRole('columnheader', { name: column })).toBeVisible()
  await clean(clerk, 'conflict')
  await conflict.getByRole('button', { name: '最新の内容に対して送信し直す' }).click()
  await expect(clerk.getByRole('dialog')).toHaveCount(0)
  const read = (await asks(CLERK, `{ memos(applicationId: "${id}") { text by } application(id: "${id}") { version } }`)) as unknown as { memos: { text: string }[]; application: { version: number } }
  expect(read.memos.map((memo) => memo.text).sort()).toEqual(['先に書いたメモ', '電話で確認した。'])
  expect(read.application.version).toBe(declared.version + 1)
  await clerk.goto(`/applications/${id}?tab=history`)
  await expect(clerk.getByRole('region', { name: 'メモ' })).toContainText('電話で確認した。')
  await clean(clerk, 'memos')
})

test('every tab of a case and every page is free of faults, in both languages', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  for (const tab of ['overview', 'documents', 'guarantee', 'credit-life', 'contract', 'registration', 'disbursement', 'history']) {
    await clerk.goto(`/applications/${id}?tab=${tab}`)
    await expect(clerk.locator('.tabs [aria-current=page]')).toBeVisible()
    await expect(clerk.locator('.case-grid .panel').first()).toBeVisible()
    await clean(clerk, tab)
  }
  for (const path of ['/', '/applications', '/approvals', '/applications/nobody', '/no/such/page']) {
    await clerk.goto(path)
    await expect(clerk.locator('h1, [role=alert]').first()).toBeVisible()
    await clean(clerk, path)
  }
  await clerk.goto(`/applications/${id}`)
  await clerk.locator('.shell-person summary').click()
  await clerk.getByRole('button', { name: 'English' }).click()
  await expect(clerk.getByRole('heading', { name: 'What was applied for' })).toBeVisible()
  await clean(clerk, 'English')
})

test('a page that is open learns of what others do, and never moves under the pointer', async ({ browser }) => {
  const clerk = await seated(browser, CLERK)
  await expect(clerk.getByText('接続中')).toBeVisible()
  await expect(clerk.locator('tbody tr').first()).toBeVisible()
  const before = await clerk.locator('tbody tr').count()
  await submitted()
  await expect(clerk.getByText(/件更新されました/)).toBeVisible()
  expect(await clerk.locator('tbody tr').count()).toBe(before)
  await clerk.getByRole('button', { name: '表示', exact: true }).click()
  await expect(clerk.locator('tbody tr')).not.toHaveCount(before)
})

test('everything can be done with the keyboard alone', async ({ browser }) => {
  const { id, number } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto('/')
  await expect(clerk.locator('h1')).toBeVisible()
  await clerk.keyboard.press('Tab')
  await expect(clerk.getByRole('link', { name: '本文へ移動' })).toBeFocused()
  await clerk.keyboard.press('Control+k')
  await clerk.keyboard.type(number)
  await clerk.keyboard.press('Enter')
  await expect(clerk.getByRole('heading', { name: '案件一覧' })).toBeFocused()
  await expect(clerk.getByText('1件中 1件を表示')).toBeVisible()
  // What was searched for is no part of the address.
  expect(clerk.url()).toBe(`${bank()}/applications`)
  await clerk.getByRole('link', { name: number }).focus()
  await clerk.keyboard.press('Enter')
  await expect(clerk).toHaveURL(new RegExp(id))
  const open = clerk.getByRole('button', { name: '審査を開始' })
  await open.focus()
  await clerk.keyboard.press('Enter')
  await expect(clerk.getByRole('dialog')).toBeVisible()
  await clerk.keyboard.press('Escape')
  await expect(clerk.getByRole('dialog')).toHaveCount(0)
  await expect(open).toBeFocused()
})

test('a field that is wrong is named, reached, and put right; a double Enter sends once', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}`)
  await clerk.getByText(/記録する/).click()
  await clerk.getByRole('button', { name: 'メモを追加' }).click()
  const dialog = clerk.getByRole('dialog')
  await dialog.getByRole('button', { name: /実行する/ }).click()
  await expect(dialog.getByRole('alert')).toContainText('「内容」を入力してください。')
  await clean(clerk, 'wrong field')
  await dialog.getByRole('alert').getByRole('link').click()
  await expect(dialog.getByLabel('内容')).toBeFocused()
  await clerk.keyboard.type('一度だけ')
  await clerk.keyboard.press('Control+Enter')
  await clerk.keyboard.press('Control+Enter')
  await expect(dialog).toHaveCount(0)
  const read = (await asks(CLERK, `{ memos(applicationId: "${id}") { text } }`)) as unknown as { memos: { text: string }[] }
  expect(read.memos).toHaveLength(1)
})

test('without the server the page says so, and goes on when it is back', async ({ browser }) => {
  const clerk = await seated(browser, CLERK)
  await clerk.route('**/graphql', (route) => route.abort())
  await clerk.getByRole('link', { name: '案件一覧' }).click()
  await expect(clerk.getByText('サーバーに接続できません')).toBeVisible()
  await expect(clerk.getByRole('button', { name: 'もう一度読み込む' }), 'one button for everything that is missing').toHaveCount(1)
  const views = clerk.waitForRequest((request) => request.url().endsWith('/graphql') && (request.postData() ?? '').includes('savedViews'))
  await clerk.unroute('**/graphql')
  await clerk.getByRole('alert').getByRole('button', { name: 'もう一度読み込む' }).click()
  await expect(clerk.getByRole('heading', { name: '案件一覧' })).toBeVisible()
  await views
})

test('where a session has ended, the way back leads to the same page', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}?tab=documents`)
  await expect(clerk.getByRole('heading', { name: /書類（受領/ })).toBeVisible()
  await clerk.getByText(/記録する/).click()
  await clerk.getByRole('button', { name: 'メモを追加' }).click()
  await clerk.getByRole('dialog').getByLabel('内容').fill('失われない')
  await clerk.context().clearCookies()
  await clerk.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(clerk.getByRole('dialog', { name: 'サインインの有効期間が終わりました' })).toBeVisible()
  await expect(clerk.locator('#field-text')).toHaveValue('失われない')
  await clerk.getByRole('dialog', { name: 'サインインの有効期間が終わりました' }).getByRole('link', { name: 'サインインする' }).click()
  await clerk.locator('details').first().evaluate((one) => one.setAttribute('open', ''))
  await clerk.locator(`button[value="${CLERK}"]`).click()
  await expect(clerk).toHaveURL(`${bank()}/applications/${id}?tab=documents`)
})

test('the auditor reads, and has no button that changes anything', async ({ browser }) => {
  const { id } = await submitted()
  const auditor = await seated(browser, '2951-auditor-1')
  await auditor.goto(`/applications/${id}`)
  await expect(auditor.locator('.case-head')).toBeVisible()
  await expect(auditor.getByRole('heading', { name: 'できる操作' })).toHaveCount(0)
  await clean(auditor, 'auditor')
})
