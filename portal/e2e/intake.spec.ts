import { asks, clean, expect, form, inDays, seated, test } from './people'

const CLERK = '2951-branch-clerk-1'

test('a clerk takes in an application step by step, in Japanese as it is typed', async ({ browser }) => {
  const clerk = await seated(browser, CLERK)
  await clerk.getByRole('link', { name: '新規受付' }).click()
  const field = (path: string) => clerk.locator(`#field-${path.replace(/[[\].]/g, (mark) => `\\${mark}`)}`)

  // Half-width kana, an era date and full-width digits are taken as they come.
  await field('parties[0].nameKanji').fill('﨑山 髙子')
  await field('parties[0].nameKana').fill('ｻｷﾔﾏ ﾀｶｺ')
  await field('parties[0].birthDate').fill('昭和63年4月12日')
  await clerk.keyboard.press('Tab')
  await expect(field('parties[0].nameKanji')).toHaveValue('﨑山　髙子')
  await expect(field('parties[0].nameKana')).toHaveValue('サキヤマ　タカコ')
  await clean(clerk, 'people')
  await clerk.getByRole('button', { name: '次へ' }).click()
  await clean(clerk, 'purpose')
  await clerk.getByRole('button', { name: '次へ' }).click()

  // Composing with the input method enters digits and sends nothing.
  const amount = field('requestedAmountYen')
  await amount.click()
  const client = await clerk.context().newCDPSession(clerk)
  await client.send('Input.imeSetComposition', { text: '２８００', selectionStart: 4, selectionEnd: 4 })
  await client.send('Input.insertText', { text: '２８００万' })
  await expect(clerk.getByText('2,800万円', { exact: true })).toBeVisible()
  await clerk.keyboard.press('Tab')
  await expect(amount).toHaveValue('28,000,000')
  const wished = field('requestedDisbursementDate')
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

  // Leaving asks first, and staying loses nothing.
  await clerk.getByRole('link', { name: '案件一覧' }).click()
  const leave = clerk.getByRole('dialog', { name: '保存していない入力があります。' })
  await expect(leave).toBeVisible()
  await leave.getByRole('button', { name: 'キャンセル' }).click()
  await clerk.getByRole('button', { name: '次へ' }).or(clerk.getByRole('button', { name: '前へ' })).first().waitFor()
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
