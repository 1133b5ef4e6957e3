// Files in the pages themselves: PDF beside the list and on the phone, and the letters of a case.
import { asks, clean, does, expect, seated, submitted, test } from './people'
import { fits } from './outside'
import type { Locator } from '@playwright/test'

const CLERK = '2951-branch-clerk-1'
const MANAGER = '2951-branch-manager-1'
const APPLICANT = '2951-applicant-1'
const PHONE = { width: 375, height: 740 }

/** A PDF of these pages; `font` is how its one font, F, is made. */
function pdf(pages: string[], font: string): Buffer {
  const parts = ['<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>', `<</Type/Pages/Kids[${pages.map((_, place) => `${4 + 2 * place} 0 R`).join(' ')}]/Count ${pages.length}>>`, font]
  for (const [place, page] of pages.entries()) {
    parts.push(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Resources<</Font<</F 3 0 R>>>>/Contents ${5 + 2 * place} 0 R>>`)
    const drawn = `BT /F 24 Tf 40 300 Td ${page} Tj ET`
    parts.push(`<</Length ${drawn.length}>>stream\n${drawn}\nendstream`)
  }
  let made = '%PDF-1.4\n'
  const places = parts.map((part, place) => {
    const at = made.length
    made += `${place + 1} 0 obj${part}endobj\n`
    return at
  })
  const list = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(`${made}xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${list}trailer<</Size ${parts.length + 1}/Root 1 0 R>>\nstartxref\n${made.length}\n%%EOF\n`, 'latin1')
}

/** Letters whose shapes every program knows. */
const LATIN = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'
/** Japanese as old programs write it: neither the font nor its table of codes is in the file. */
const JAPANESE = '<</Type/Font/Subtype/Type0/BaseFont/MS-Gothic/Encoding/90ms-RKSJ-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/MS-Gothic/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName/MS-Gothic/Flags 4/FontBBox[0 -136 1000 859]/ItalicAngle 0/Ascent 859/Descent -140/CapHeight 769/StemV 78>>>>]>>'

/** How many points of the picture of a page are dark. */
const dark = (canvas: Locator) =>
  canvas.evaluate((paper: HTMLCanvasElement) => {
    const { data } = paper.getContext('2d')!.getImageData(0, 0, paper.width, paper.height)
    return data.reduce((sum, value, place) => sum + (place % 4 === 0 && value < 100 && data[place + 3]! > 200 ? 1 : 0), 0)
  })

test('a PDF is read beside the list of papers: leafed, enlarged, saved; nothing in it runs', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}?tab=documents`)
  const line = clerk.locator('.papers > li', { hasText: '印鑑証明書' })
  const hand = async (name: string, buffer: Buffer) => {
    await line.locator('input[type=file]').first().setInputFiles({ name, mimeType: 'application/pdf', buffer })
    await clerk.getByRole('dialog').getByRole('button', { name: /送信する/ }).click()
    await expect(line.locator('.paper-files').first()).toContainText(name)
  }
  await hand('two.pdf', pdf(['(First page)', '(Second page)'], LATIN))
  let asked = false
  clerk.on('dialog', (dialog) => {
    asked = true
    void dialog.dismiss()
  })
  await line.getByRole('button', { name: 'two.pdfを開く' }).click()
  const viewer = clerk.locator('.viewer')
  await expect(viewer.locator('.viewer-tools [role=status]')).toHaveText('1／2ページ')
  await expect(viewer.locator('p.hidden')).toHaveText('First page')
  expect(await dark(viewer.locator('canvas'))).toBeGreaterThan(100)
  await clean(clerk, 'a page')
  await viewer.getByRole('button', { name: '次のページ' }).click()
  await expect(viewer.locator('p.hidden')).toHaveText('Second page')
  await expect(viewer.getByRole('button', { name: '次のページ' })).toBeDisabled()
  const before = await viewer.locator('canvas').evaluate((canvas) => canvas.getBoundingClientRect().width)
  await viewer.getByRole('button', { name: '拡大' }).click()
  await expect.poll(() => viewer.locator('canvas').evaluate((canvas) => canvas.getBoundingClientRect().width)).toBeGreaterThan(before * 1.4)
  await viewer.getByRole('button', { name: '90度回転' }).click()
  await expect.poll(() => viewer.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width > canvas.height)).toBe(true)
  await clean(clerk, 'enlarged and turned')
  await clerk.keyboard.press('Escape')
  await expect(viewer).toHaveCount(0)
  expect(asked, 'a script of the file spoke').toBe(false)

  await hand('old.pdf', pdf(['<88F38AD38FD896BE8F91>'], JAPANESE))
  await line.getByRole('button', { name: 'old.pdfを開く' }).click()
  await expect(viewer.locator('p.hidden')).toHaveText('印鑑証明書')
  expect(await dark(viewer.locator('canvas'))).toBeGreaterThan(100)
  await clean(clerk, 'a font that is not in the file')

  // What cannot be shown says so, and can be saved still.
  await clerk.route('**/documents/**', (route) => route.fulfill({ status: 200, contentType: 'application/pdf', body: 'no file of this kind' }))
  await viewer.getByRole('button', { name: '閉じる' }).click()
  await line.getByRole('button', { name: 'old.pdfを開く' }).click()
  await expect(viewer.getByRole('alert')).toContainText('画面に表示できません')
})

test('on the phone a file lies over the list, and fits', async ({ browser }) => {
  const { id } = await submitted()
  const me = await seated(browser, APPLICANT, PHONE)
  await me.goto(`/me/${id}/tasks/papers`)
  const line = me.locator('.papers > li', { has: me.getByRole('button', { name: '売買契約書を撮影する' }) })
  await line.locator('input[type=file]').last().setInputFiles({ name: 'deed.pdf', mimeType: 'application/pdf', buffer: pdf(['(A deed)'], LATIN) })
  await line.getByRole('button', { name: 'deed.pdfを開く' }).click()
  await expect(me.getByRole('dialog').locator('p.hidden')).toHaveText('A deed')
  await clean(me, 'a page on the phone')
  await fits(me, 'a page on the phone')
})

test('a case without letters says so; where no letters are made the page says so; where they are made they open beside the list', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}?tab=deliveries`)
  const letters = clerk.getByRole('region', { name: '書面', exact: true })
  await expect(letters).toContainText('この案件の書面はまだありません')
  await clean(clerk, 'no letters')
  const me = await seated(browser, APPLICANT, PHONE)
  await me.goto(`/me/${id}/letters`)
  await expect(me.getByText('この案件の書面はまだありません')).toBeVisible()
  await clean(me, 'no letters for the applicant')
  await fits(me, 'no letters for the applicant')

  // The program that sets letters has stories of its own, and a case with letters is that of the whole path: here the answers are given.
  let made = false
  for (const page of [clerk, me]) {
    await page.route('**/graphql', async (route) => {
      const answer = await route.fetch()
      const path = made ? `"/documents/letters/${id}/APPROVAL"` : 'null'
      const letter = `{"__typename":"Letter","kind":"APPROVAL","label":{"__typename":"Label","ja":"融資審査結果のお知らせ","en":"Result of the review"},"path":${path}}`
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('"letters":[]', `"letters":[${letter}]`) })
    })
    await page.route('**/documents/letters/**', (route) => route.fulfill({ status: 200, contentType: 'application/pdf', body: pdf([route.request().url().endsWith('language=en') ? '(English)' : '(Japanese)'], LATIN) }))
    await page.reload()
    await expect(page.getByText('この環境では書面（PDF）の作成を行っていません')).toBeVisible()
    await expect(page.getByRole('button', { name: /を開く$/ })).toHaveCount(0)
    await clean(page, 'no program of letters')
  }
  made = true
  await clerk.reload()
  await letters.getByRole('button', { name: '融資審査結果のお知らせを開く' }).click()
  await expect(clerk.locator('.viewer p.hidden')).toHaveText('Japanese')
  await clean(clerk, 'a letter')
  const saved = clerk.waitForEvent('download')
  await letters.getByRole('button', { name: '融資審査結果のお知らせを英語で保存する' }).click()
  expect((await saved).suggestedFilename()).toMatch(/^approval-[0-9A-Z-]+-en\.pdf$/)
  await me.reload()
  await me.getByRole('button', { name: '融資審査結果のお知らせを開く' }).click()
  await expect(me.getByRole('dialog').locator('p.hidden')).toHaveText('Japanese')
  await clean(me, 'a letter on the phone')
  await fits(me, 'a letter on the phone')
  // A busy program says so, and nothing else is lost.
  await clerk.route('**/documents/letters/**', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ errors: [{ message: 'Many letters are being made. Try again in a moment. / 混み合っています。', extensions: { code: 'UNAVAILABLE' } }] }) }))
  await letters.getByRole('button', { name: '融資審査結果のお知らせを開く' }).click()
  await expect(letters.getByRole('alert')).toContainText('混み合っています')
})

test('a guarantor reads the files of a review over it, and the decision keeps its place', async ({ browser }) => {
  const { id } = await submitted()
  const clerk = await seated(browser, CLERK)
  await clerk.goto(`/applications/${id}?tab=documents`)
  const line = clerk.locator('.papers > li', { hasText: '所得証明書' }).first()
  await line.locator('input[type=file]').first().setInputFiles({ name: 'income.pdf', mimeType: 'application/pdf', buffer: pdf(['(Income)'], LATIN) })
  await clerk.getByRole('dialog').getByRole('button', { name: /送信する/ }).click()
  await expect(line.locator('.paper-files').first()).toContainText('income.pdf')
  // Nobody outside has the case before the guarantee is asked for.
  await does(CLERK, `startScreening(applicationId: "${id}")`)
  const { application } = (await asks(MANAGER, `{ application(id: "${id}") { proposals { id } } }`)) as unknown as { application: { proposals: { id: string }[] } }
  await does(MANAGER, `approveProposal(applicationId: "${id}", proposalId: "${application.proposals[0]?.id}")`)
  const reviewer = await seated(browser, 'GUARANTOR-1')
  const questions: string[] = []
  reviewer.on('request', (request) => request.url().endsWith('/graphql') && questions.push(request.postData() ?? ''))
  await reviewer.goto(`/reviews/${id}`)
  const files = reviewer.getByRole('region', { name: '書類のファイル' })
  await expect(files).toBeVisible()
  expect(questions.some((question) => question.includes('ReviewPapers')), 'files are asked for once somebody wants them').toBe(false)
  await files.getByText('ファイルの一覧を表示する').click()
  await clean(reviewer, 'files of a review')
  await files.getByRole('button', { name: /を開く$/ }).first().click()
  const shown = reviewer.getByRole('dialog')
  await expect(shown.locator('canvas').first()).toBeVisible()
  await expect.poll(() => dark(shown.locator('canvas').first())).toBeGreaterThan(50)
  await clean(reviewer, 'a file over a review')
  await reviewer.keyboard.press('Escape')
  await expect(reviewer.getByRole('dialog')).toHaveCount(0)
  await expect(files.getByRole('button', { name: /を開く$/ }).first()).toBeFocused()
})
