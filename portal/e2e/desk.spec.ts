// What went wrong and waits, who of an office answers for a case, and where events are sent.
import { asks, clean, does, expect, seated, submitted, test } from './people'
import { dated, fits, type Dated } from './outside'

const CLERK = '2951-branch-clerk-1'
const MANAGER = '2951-branch-manager-1'

/** Brings a case to the screening by four eyes: the guarantor is asked, and has it. */
async function screened(): Promise<{ id: string; number: string }> {
  const { id, number } = await submitted()
  await does(CLERK, `startScreening(applicationId: "${id}")`)
  const { application } = (await asks(MANAGER, `{ application(id: "${id}") { proposals { id } } }`)) as unknown as { application: { proposals: { id: string }[] } }
  await does(MANAGER, `approveProposal(applicationId: "${id}", proposalId: "${application.proposals[0]?.id}")`)
  return { id, number }
}

test('a case that nobody of the office answers for is taken, and handed over with a reason', async ({ browser }) => {
  const { id, number } = await screened()
  const lead = await seated(browser, 'GUARANTOR-1')
  await lead.goto('/office?tab=nobody')
  await lead.getByRole('button', { name: `${number}を自分が担当する` }).click()
  await clean(lead, 'take')
  await lead.getByRole('dialog').getByRole('button', { name: '自分が担当する' }).click()
  await expect(lead.getByText(`${number}の担当は`)).toBeVisible()
  await lead.goto('/office?tab=mine')
  await lead.getByRole('button', { name: `${number}を引き継ぐ` }).click()
  await lead.getByRole('dialog').getByRole('button', { name: '引き継ぐ' }).click()
  await expect(lead.getByRole('dialog').locator('.field-error').first()).toBeVisible()
  await lead.getByRole('dialog').locator('#field-to').selectOption({ index: 1 })
  await lead.getByRole('dialog').locator('#field-reason').selectOption('ABSENCE')
  await clean(lead, 'hand over')
  await lead.getByRole('dialog').getByRole('button', { name: '引き継ぐ' }).click()
  await expect(lead.getByText(`${number}の担当は`)).toBeVisible()
  await clean(lead, 'office')
  await fits(lead, 'office')
  const colleague = await seated(browser, 'GUARANTOR-1-2')
  await colleague.goto('/office?tab=mine')
  await expect(colleague.getByText(number)).toBeVisible()
  const { officeJobs } = (await asks('GUARANTOR-1-2', '{ officeJobs(of: CALLER, first: 10) { edges { node { applicationId } } } }')) as unknown as { officeJobs: { edges: { node: { applicationId: string } }[] } }
  expect(officeJobs.edges.map((edge) => edge.node.applicationId)).toContain(id)
  // Who comes and goes is proposed by leads alone.
  await colleague.goto('/office?tab=people')
  await expect(colleague.getByText('登録・停止の申請は責任者が行います。')).toBeVisible()
  await lead.goto('/office?tab=people')
  await expect(lead.getByRole('button', { name: '同僚の登録を申請' })).toBeVisible()
  await clean(lead, 'colleagues')
})

test('the secret of an endpoint is shown once; a test event stands in its messages', async ({ browser }) => {
  const admin = await seated(browser, '2951-user-admin-1')
  await admin.goto('/admin/webhooks')
  await expect(admin.getByText('送信先はまだありません')).toBeVisible()
  await clean(admin, 'no endpoints')
  await admin.getByRole('button', { name: '送信先を追加' }).click()
  await admin.locator('#field-url').fill('http://hooks.example.jp/yushi')
  await admin.getByRole('dialog').getByRole('button', { name: '保存する' }).click()
  await expect(admin.getByRole('dialog')).toContainText('https:// で始まるアドレスを入力してください')
  await admin.locator('#field-url').fill('https://hooks.example.jp/yushi')
  await admin.locator('.event-types input').first().check()
  await clean(admin, 'add')
  await admin.getByRole('dialog').getByRole('button', { name: '保存する' }).click()
  await expect(admin.locator('.secret')).toHaveText(/^whsec_/)
  const secret = (await admin.locator('.secret').textContent()) ?? ''
  await clean(admin, 'secret')
  await admin.getByRole('dialog').getByRole('button', { name: '閉じる' }).click()
  await admin.reload()
  await expect(admin.locator('.endpoint-url')).toHaveText('https://hooks.example.jp/yushi')
  expect(await admin.content()).not.toContain(secret)
  await admin.getByRole('button', { name: /へ試験送信する/ }).click()
  await expect(admin.getByText('試験の出来事を送信します')).toBeVisible()
  await admin.getByRole('button', { name: /の送信記録/ }).click()
  await expect(admin.getByRole('cell', { name: 'webhook.test' })).toBeVisible()
  await clean(admin, 'messages')
  await admin.getByRole('button', { name: /の秘密鍵を更新する/ }).click()
  await admin.getByRole('dialog').getByRole('button', { name: '秘密鍵を更新する' }).click()
  await expect(admin.locator('.secret')).toHaveText(/^whsec_/)
  expect(await admin.locator('.secret').textContent()).not.toBe(secret)
})

test('what became of each notice stands on the case, and a delivered one is sent anew', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}?tab=deliveries`)
  const rows = clerk.locator('.ledger')
  await expect(rows.first()).toBeVisible()
  await clean(clerk, 'deliveries')
  const again = clerk.getByRole('button', { name: /を再送する/ }).first()
  await expect(async () => {
    await clerk.reload()
    await expect(again).toBeVisible({ timeout: 20_000 })
  }).toPass({ timeout: 300_000 })
  const before = await rows.count()
  await again.click()
  await clerk.getByRole('dialog').locator('#field-reason').selectOption('NOT_RECEIVED')
  await clean(clerk, 'send anew')
  await clerk.getByRole('dialog').getByRole('button', { name: '再送する' }).click()
  await expect(clerk.getByText('再送を受け付けました。')).toBeVisible()
  await expect(rows).toHaveCount(before + 1)
  await expect(clerk.getByText('再送分')).toBeVisible()
})

test('the words of a notice are read with the data of nobody before anybody gets them', async ({ browser }) => {
  const clerk = await seated(browser, CLERK)
  await clerk.goto('/admin/notices')
  const japanese = clerk.getByRole('region', { name: '日本語' })
  await expect(japanese).toContainText('見本 太郎')
  await expect(clerk.getByRole('region', { name: '英語' })).toBeVisible()
  await expect(clerk.getByText('標準の文面')).toBeVisible()
  // The mail tells that there is a notice, and nothing of it.
  await expect(clerk.getByRole('region', { name: 'メール' })).toContainText('2950-101-2026-000042')
  await expect(clerk.getByRole('region', { name: 'メール' })).not.toContainText('見本 太郎')
  await clean(clerk, 'a notice')
  const before = await japanese.textContent()
  await clerk.getByLabel('通知').selectOption('N04')
  await expect(clerk).toHaveURL(/kind=N04/)
  await expect(japanese).not.toHaveText(before ?? '')
  // What a refused customer reads names no ground.
  expect(await japanese.textContent()).not.toMatch(/信用情報|返済比率|保証否認/)
  await clerk.getByLabel('読む人').selectOption('DESK')
  await expect(clerk).toHaveURL(/who=DESK/)
  await clean(clerk, 'a notice for a desk')
  // From the ledger of a case to the words of what was sent.
  const { id } = await submitted()
  await clerk.goto(`/applications/${id}?tab=deliveries`)
  await clerk.locator('.ledger summary').first().click()
  await clerk.getByRole('link', { name: '文面の見本を見る' }).first().click()
  await expect(clerk.locator('h1')).toHaveText('通知の文面')
  await expect(japanese).toBeVisible()
})

test.describe('weeks later', () => {
  let late: Dated
  const now = new Date()
  test.beforeAll(async () => {
    late = await dated(now.toISOString())
  })
  test.afterAll(() => late.stop())

  test('a guarantor who does not answer stands on the desk until he does; a clerk takes it on, after seeing what that comes to', async ({ browser }) => {
    const { number } = await screened()
    await late.clock(new Date(now.getTime() + 30 * 86_400_000).toISOString())
    const clerk = await seated(browser, CLERK)
    const card = clerk.locator('.incident', { hasText: number }).filter({ hasText: '提携先の回答遅延' }).first()
    await expect(async () => {
      await clerk.goto('/incidents?tab=OVERDUE_PROMISE')
      await expect(card).toBeVisible({ timeout: 20_000 })
    }).toPass({ timeout: 300_000 })
    await expect(card).toContainText('提携先に連絡して回答を求めてください')
    await clean(clerk, 'incidents')
    await card.getByRole('checkbox').check()
    await clerk.getByRole('button', { name: '担当する（1件）' }).click()
    await expect(clerk.getByRole('dialog')).toContainText('あなたの担当になります')
    await clean(clerk, 'preview')
    await clerk.getByRole('dialog').getByRole('button', { name: '担当する（1件）' }).click()
    await expect(clerk.getByRole('dialog')).toContainText('1件を処理しました')
    await clean(clerk, 'results')
    await clerk.getByRole('dialog').getByRole('button', { name: '閉じる' }).click()
    await expect(card).toContainText('あなたが担当')
  })
})
