import { asks, clean, does, expect, seated, submitted, test } from './people'

const CLERK = '2951-branch-clerk-1'
const MANAGER = '2951-branch-manager-1'
const AUDITOR = '2951-auditor-1'
const ADMIN = '2951-user-admin-1'
const OTHER_ADMIN = '2951-user-admin-2'
const OPERATIONS = '2951-operations-1'

test('a manager sees how the cases stand, and goes from the board to a case', async ({ browser }) => {
  const { number } = await submitted()
  const manager = await seated(browser, MANAGER)
  await manager.getByRole('link', { name: '進捗ボード' }).click()
  const lane = manager.getByRole('region', { name: '申込受付' })
  await expect(lane).toContainText('件')
  await expect(lane.getByRole('listitem').first()).toBeVisible()
  await clean(manager, 'board')
  await manager.getByRole('link', { name: '表で見る' }).click()
  await expect(manager.getByRole('row', { name: /申込受付/ })).toBeVisible()
  await clean(manager, 'board as a table')
  await manager.getByRole('row', { name: /申込受付/ }).getByRole('link').click()
  await expect(manager).toHaveURL(/\/applications\?stage=SUBMITTED/)
  await manager.getByRole('link', { name: number }).click()
  await expect(manager.locator('.case-head')).toContainText('申込受付')
})

test('ageing, workload and reports count the same cases, and their pictures have words', async ({ browser }) => {
  await submitted()
  const manager = await seated(browser, MANAGER)
  await manager.goto('/sla')
  await expect(manager.getByRole('img', { name: /営業日以上同じ工程にあります/ })).toBeVisible()
  await expect(manager.getByRole('region', { name: '工程ごとの滞留' }).getByRole('row', { name: /申込受付/ })).toBeVisible()
  await clean(manager, 'ageing')
  await manager.goto('/workload')
  await expect(manager.getByRole('row', { name: /未割当/ }).first()).toBeVisible()
  await clean(manager, 'workload')
  await manager.goto('/reports')
  await expect(manager.getByRole('row', { name: /合計/ })).toBeVisible()
  const told = (await asks(MANAGER, '{ stageFigures { stages { cases } } }')) as unknown as { stageFigures: { stages: { cases: number }[] } }
  const cases = told.stageFigures.stages.reduce((sum, stage) => sum + stage.cases, 0)
  expect(cases).toBeGreaterThan(0)
  await clean(manager, 'reports')
  const saved = manager.waitForEvent('download')
  await manager.getByRole('button', { name: 'CSVで保存' }).click()
  expect((await saved).suggestedFilename()).toBe('yushi-month.csv')
})

test('filters are saved under a name, found again, and deleted', async ({ browser }) => {
  await submitted()
  const manager = await seated(browser, MANAGER)
  await manager.goto('/reports?tab=product')
  await manager.getByRole('button', { name: 'いまの条件を保存' }).click()
  const dialog = manager.getByRole('dialog')
  await dialog.getByRole('button', { name: '保存する' }).click()
  await expect(dialog.getByText('名前を入力してください。')).toBeVisible()
  await clean(manager, 'save dialog')
  await dialog.getByLabel('名前').fill('商品ごと')
  await dialog.getByRole('button', { name: '保存する' }).click()
  await expect(manager.getByRole('dialog')).toHaveCount(0)
  await manager.goto('/reports')
  await manager.getByRole('link', { name: '商品ごと' }).click()
  await expect(manager).toHaveURL(/tab=product/)
  await clean(manager, 'saved view')
  await manager.getByRole('button', { name: 'この条件を変更' }).click()
  await manager.getByRole('button', { name: 'この条件を削除する' }).click()
  await expect(manager.getByRole('link', { name: '商品ごと' })).toHaveCount(0)
})

test('the diagram shows the way of a case, and is used with the keyboard', async ({ browser }) => {
  const { id } = await submitted()
  const manager = await seated(browser, MANAGER)
  await manager.goto(`/applications/${id}`)
  await manager.getByRole('link', { name: '工程の図で見る' }).click()
  await expect(manager.getByRole('button', { name: /^申込受付（現在）/ })).toBeVisible()
  await expect(manager.getByRole('button', { name: /^下書き（通過）/ })).toBeVisible()
  await expect(manager.locator('.way-taken')).toHaveCount(1)
  await clean(manager, 'workflow of a case')
  await manager.getByRole('button', { name: /^審査中/ }).focus()
  await manager.keyboard.press('Enter')
  await expect(manager.getByRole('heading', { name: 'この工程から進む道' })).toBeVisible()
  await expect(manager).toHaveURL(/stage=SCREENING/)
  await clean(manager, 'a stage')
})

test('one administrator proposes an account, another approves it', async ({ browser }) => {
  const admin = await seated(browser, ADMIN)
  await expect(admin.locator('h1')).toHaveText('利用者と役割')
  await expect(admin.getByRole('row').nth(1)).toBeVisible()
  await clean(admin, 'accounts')
  await admin.getByRole('button', { name: '利用者を追加' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('button', { name: '申請する' }).click()
  await expect(dialog.getByText('「氏名」を入力してください。')).toBeVisible()
  await clean(admin, 'account dialog')
  await dialog.getByLabel('ログイン名').fill('shiken-hanako')
  await dialog.getByLabel('氏名').fill('試験 花子')
  await dialog.getByLabel('営業店担当').check()
  await dialog.getByRole('button', { name: '申請する' }).click()
  await expect(admin.getByText('申請しました。')).toBeVisible()
  await admin.goto('/?tab=open')
  await expect(admin.getByText('自分の申請は承認できません')).toBeVisible()
  const other = await seated(browser, OTHER_ADMIN)
  await other.goto('/?tab=open')
  await clean(other, 'to decide')
  await other.getByRole('button', { name: /試験 花子.*を承認/ }).click()
  await expect(other.getByText('承認待ちの申請はありません')).toBeVisible()
  for (const path of ['/admin/workflow', '/admin/book', '/admin/calendar', '/admin/audit', '/admin/rates', '/admin/deputies']) {
    await other.goto(path)
    await expect(other.locator('h1')).toBeVisible()
    await clean(other, path)
  }
})

test('the auditor searches the audit and the read log, and changes nothing', async ({ browser }) => {
  const { id, number } = await submitted()
  await asks(CLERK, `{ application(id: "${id}") { applicantName } }`)
  const auditor = await seated(browser, AUDITOR)
  await auditor.goto('/admin/audit')
  await expect(auditor.getByRole('region', { name: '監査記録' }).getByRole('row').nth(1)).toBeVisible()
  await clean(auditor, 'audit')
  await auditor.goto(`/admin/audit?tab=looks&number=${number}`)
  await expect(auditor.getByRole('cell', { name: new RegExp(CLERK) }).first()).toBeVisible()
  await clean(auditor, 'read log')
  for (const path of ['/admin/users', '/admin/rates', '/admin/deputies', '/board', '/sla', '/workload', '/reports', '/admin/book']) {
    await auditor.goto(path)
    await expect(auditor.locator('h1')).toBeVisible()
    await expect(auditor.getByRole('button', { name: /追加|申請|承認|保存を|指定|終了/ })).toHaveCount(0)
    await clean(auditor, path)
  }
})

test('a rate is proposed by one and approved by another; a refused one says what is accepted', async ({ browser }) => {
  const operations = await seated(browser, OPERATIONS)
  await operations.goto('/admin/rates')
  await operations.getByRole('button', { name: '金利を申請' }).click()
  const dialog = operations.getByRole('dialog')
  await dialog.getByLabel('種類').selectOption('VARIABLE')
  await dialog.getByLabel('金利', { exact: false }).last().fill('2.475')
  await dialog.getByLabel('適用開始日').fill('2020/04/01')
  await dialog.getByRole('button', { name: '申請する' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await clean(operations, 'refused rate')
  await dialog.getByRole('button', { name: 'キャンセル' }).click()
  await clean(operations, 'rates')
})

test('English fits as well', async ({ browser }) => {
  await submitted()
  const manager = await seated(browser, MANAGER, { width: 1280 })
  await manager.locator('.shell-person summary').click()
  await manager.getByRole('button', { name: 'English' }).click()
  for (const [path, title] of [['/board', 'Progress board'], ['/sla', 'Deadlines and ageing'], ['/reports', 'Reports'], ['/admin/workflow', 'Workflow'], ['/admin/calendar', 'Business calendar']] as const) {
    await manager.goto(path)
    await expect(manager.locator('h1')).toHaveText(title)
    await clean(manager, `${path} in English`)
    expect(await manager.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${path} does not scroll sideways`).toBe(true)
  }
  await does(CLERK, `addMemo(applicationId: "${(await submitted()).id}", text: "memo")`)
})
