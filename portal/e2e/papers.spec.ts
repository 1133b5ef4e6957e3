// Files of papers: handed in, opened, looked at and replaced by the branch; handed in by the applicant on the phone.
import { asks, clean, expect, seated, submitted, test } from './people'
import { fits } from './outside'

const CLERK = '2951-branch-clerk-1'
const APPLICANT = '2951-applicant-1'
const PHONE = { width: 375, height: 740 }

/** A picture of one point, and a page without anything on it, whose list of places is wrong. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n' +
    'xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n',
)

type Paper = { key: string; state: string; files: { id: string; state: string; name: string }[] }

async function paper(id: string, key: string): Promise<Paper> {
  const { application } = (await asks(CLERK, `{ application(id: "${id}") { papers { key state files { id state name } } } }`)) as unknown as { application: { papers: Paper[] } }
  return application.papers.find((one) => one.key === key) as Paper
}

test('a clerk hands a paper in, opens it, finds it wanting and replaces it', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}?tab=documents`)
  const line = clerk.locator('.papers > li', { hasText: '印鑑証明書' })
  await expect(line).toContainText('未受領')
  await clean(clerk, 'checklist')

  await line.locator('input[type=file]').setInputFiles({ name: 'first.png', mimeType: 'image/png', buffer: PNG })
  await clean(clerk, 'about to be sent')
  await clerk.getByRole('dialog').getByRole('button', { name: /送信する/ }).click()
  await expect(line.locator('.paper-files')).toContainText('first.png')
  expect((await paper(id, 'SEAL_CERTIFICATE:A1')).files).toHaveLength(1)

  await line.getByRole('button', { name: 'first.pngを開く' }).click()
  const viewer = clerk.locator('.viewer')
  await expect(viewer.getByRole('img')).toBeVisible()
  expect(await viewer.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
  await expect(line.getByRole('button', { name: 'first.pngを点検する' }), 'the list stands beside the file').toBeVisible()
  await clean(clerk, 'picture')
  await viewer.getByRole('button', { name: '閉じる' }).click()
  await expect(viewer).toHaveCount(0)
  await expect(line.getByRole('button', { name: 'first.pngを開く' }), 'the focus goes back').toBeFocused()
  expect(clerk.url(), 'the link stands in no address').not.toContain('link=')

  await line.getByRole('button', { name: 'first.pngを点検する' }).click()
  await clerk.getByRole('dialog').locator('#field-fault').selectOption('UNREADABLE')
  await clerk.getByRole('dialog').getByRole('button', { name: /実行する/ }).click()
  await expect(line).toContainText('判読できません')
  await expect(line).toContainText('不備')

  await line.locator('.paper-files input[type=file]').setInputFiles({ name: 'second.pdf', mimeType: 'application/pdf', buffer: PDF })
  await clerk.getByRole('dialog').getByRole('button', { name: /送信する/ }).click()
  await expect(line.locator('.paper-files').first()).toContainText('second.pdf')
  await line.getByText('差替え前のファイル（1件）').click()
  await expect(line).toContainText('差替済')
  await clean(clerk, 'replaced')
  await line.getByRole('button', { name: 'second.pdfを開く' }).click()
  await expect(viewer.locator('.viewer-tools [role=status]')).toHaveText('1／1ページ')
  const saved = clerk.waitForEvent('download')
  await viewer.getByRole('button', { name: '保存' }).click()
  expect((await saved).suggestedFilename()).toMatch(/^SEAL_CERTIFICATE-[0-9a-f]{8}\.pdf$/)
  const after = await paper(id, 'SEAL_CERTIFICATE:A1')
  expect(after.state).toBe('RECEIVED')
  expect(after.files.map((file) => file.state)).toEqual(['RECEIVED', 'REPLACED'])
})

test('an applicant hands a paper in on the phone; a broken connection costs nothing', async ({ browser }) => {
  const { id } = await submitted()
  const me = await seated(browser, APPLICANT, PHONE)
  await me.goto(`/me/${id}/tasks/papers`)
  // Names are written with their reading: the button says the name alone.
  const line = me.locator('.papers > li', { has: me.getByRole('button', { name: '売買契約書を撮影する' }) })
  await expect(line.getByRole('button', { name: '売買契約書を撮影する' })).toBeVisible()
  await clean(me, 'my papers')
  await fits(me, 'my papers')

  // The connection is gone after the first piece; the page says so, and goes on where the server has it.
  const large = Buffer.concat([PDF.subarray(0, 9), Buffer.alloc(2_500_000, '%'), Buffer.from('\n'), PDF.subarray(9)])
  let pieces = 0
  let away = true
  await me.route('**/documents/*', (route) => {
    if (route.request().method() === 'PATCH') pieces += 1
    return away && pieces > 1 ? route.abort('connectionreset') : route.continue()
  })
  await line.locator('input[type=file]').last().setInputFiles({ name: 'contract.pdf', mimeType: 'application/pdf', buffer: large })
  await expect(line.getByText('中断', { exact: true })).toBeVisible()
  const { uploads } = (await asks(APPLICANT, `{ uploads(applicationId: "${id}") { state received } }`)) as unknown as { uploads: { state: string; received: number }[] }
  expect(uploads).toEqual([{ state: 'OPEN', received: 1024 * 1024 }])
  away = false
  await line.getByRole('button', { name: 'contract.pdfの送信を再開する' }).click()
  await expect(line.locator('.paper-files')).toContainText('contract.pdf')
  await fits(me, 'handed in')
  expect((await paper(id, 'SALE_CONTRACT')).files.map((file) => file.name)).toEqual(['contract.pdf'])
})

test('what is no paper is refused by what it is, not by its name, and the page says why', async ({ browser }) => {
  const { id } = await submitted()
  const me = await seated(browser, APPLICANT, PHONE)
  await me.goto(`/me/${id}/tasks/papers`)
  // Names are written with their reading: the button says the name alone.
  const line = me.locator('.papers > li', { has: me.getByRole('button', { name: '売買契約書を撮影する' }) })
  await line.locator('input[type=file]').last().setInputFiles({ name: 'photo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ this is a program') })
  await expect(line.getByText('受付不可')).toBeVisible()
  await expect(line.getByRole('alert')).toContainText(/PDF|形式|種類/)
  await line.getByRole('button', { name: 'photo.pdfの表示を閉じる' }).click()
  expect((await paper(id, 'SALE_CONTRACT')).files).toEqual([])
})
