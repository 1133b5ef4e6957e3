// The registers of compliance: a contractor counts once a second person approved it; a complaint is answered in time.
import { clean, expect, inDays, seated, test } from './people'

const ONE = '2951-compliance-1'
const OTHER = '2951-compliance-2'

test('a contractor is proposed by one person and approved by another', async ({ browser }) => {
  const first = await seated(browser, ONE)
  await first.goto('/')
  await first.getByRole('link', { name: 'コンプライアンス台帳' }).click()
  await first.getByRole('link', { name: '委託先', exact: true }).click()
  await first.getByRole('button', { name: '委託先を登録する' }).click()
  const dialog = first.getByRole('dialog')
  await dialog.getByRole('button', { name: '申請する' }).click()
  // Nothing was filled in: every required field says so, and nothing is sent.
  await expect(dialog.locator('.field-error')).toHaveCount(5)
  await clean(first, 'new contractor')
  await dialog.locator('#field-organisation').fill('OFFICE-77')
  await dialog.locator('#field-name').fill('見本第七十七事務所')
  await dialog.locator('#field-service').selectOption('SCRIVENER')
  await dialog.locator('#field-contractFrom').fill('2026-04-01')
  await dialog.locator('#field-nextReviewOn').fill(inDays(120))
  await dialog.getByRole('button', { name: '申請する' }).click()
  const panel = first.getByRole('region', { name: '見本第七十七事務所' })
  await expect(panel).toContainText('承認待ち：台帳への登録')
  await expect(panel).toContainText('自分の申請は承認できません')
  await clean(first, 'contractors')
  const second = await seated(browser, OTHER)
  await second.goto('/registers?tab=contractors')
  const seen = second.getByRole('region', { name: '見本第七十七事務所' })
  await seen.getByRole('button', { name: '見本第七十七事務所：台帳への登録を承認' }).click()
  await expect(seen).not.toContainText('承認待ち')
  await expect(seen).toContainText('委託可')
  await seen.getByRole('button', { name: '見本第七十七事務所：進行中の案件' }).click()
  await expect(seen).toContainText('進行中の案件はありません。')
})

test('a complaint is kept in the customer’s words, answered, and closed by two people', async ({ browser }) => {
  const first = await seated(browser, ONE)
  await first.goto('/registers?tab=complaints')
  await first.getByRole('button', { name: '苦情を記録する' }).click()
  const dialog = first.getByRole('dialog')
  await dialog.locator('#field-category').selectOption('PROCEDURE')
  await dialog.locator('#field-text').fill('窓口で三十分待ちました。')
  await dialog.locator('#field-channel').selectOption('COUNTER')
  await dialog.locator('#field-receivedOn').fill('2026-04-01')
  await dialog.getByRole('button', { name: '記録する' }).click()
  const panel = first.getByRole('region', { name: '手続・事務処理' }).first()
  await expect(panel).toContainText('窓口で三十分待ちました。')
  await panel.getByRole('button', { name: '手続・事務処理：回答を記録' }).click()
  await dialog.locator('#field-text').fill('お詫びし、窓口を増やしました。')
  await dialog.locator('#field-offered').selectOption('FEDERATION')
  await dialog.getByRole('button', { name: '記録する' }).click()
  await expect(panel).toContainText('お詫びし、窓口を増やしました。')
  await panel.getByRole('button', { name: '手続・事務処理：終結を申請' }).click()
  await dialog.locator('#field-outcome').selectOption('REMEDIED')
  await dialog.getByRole('button', { name: '申請する' }).click()
  await expect(panel).toContainText('承認待ち：苦情の終結')
  await clean(first, 'complaints')
  const second = await seated(browser, OTHER)
  await second.goto('/registers?tab=complaints')
  await second.getByRole('button', { name: '手続・事務処理：苦情の終結を承認' }).click()
  await second.getByLabel('状態').selectOption('CLOSED')
  await expect(second.getByRole('region', { name: '手続・事務処理' }).first()).toContainText('是正')
  await clean(second, 'closed complaints')
})

test('what has nothing yet says so, and a clerk has no registers', async ({ browser }) => {
  const one = await seated(browser, ONE)
  for (const tab of ['due', 'trainings', 'emergencies']) {
    await one.goto(`/registers?tab=${tab}`)
    await expect(one.locator('.state-title, table').first()).toBeVisible()
    await clean(one, tab)
  }
  // Auditors read them and are offered nothing to do.
  const auditor = await seated(browser, '2951-auditor-1')
  for (const tab of ['contractors', 'complaints', 'trainings', 'emergencies']) {
    await auditor.goto(`/registers?tab=${tab}`)
    await expect(auditor.locator('.state-title, table, main section').first()).toBeVisible()
    await expect(auditor.locator('h1')).toHaveText('コンプライアンス台帳')
    await clean(auditor, `auditor, ${tab}`)
  }
  const clerk = await seated(browser, '2951-branch-clerk-1')
  await clerk.goto('/registers')
  await expect(clerk.getByText('この画面はあなたの役割では表示されません')).toBeVisible()
})
