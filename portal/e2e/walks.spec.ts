// How many actions everyday work takes, and what several pieces of it take together.
import { readFileSync } from 'node:fs'
import { asks, clean, does, expect, form, inDays, seated, test } from './people'

const CLERK = '2951-branch-clerk-1'
const OTHER = '2951-branch-clerk-2'
const APPLICANT = '2951-applicant-1'
const INTAKE = '受付内容の点検'

/** A case whose income certificate is too old to be screened with. */
async function withAnOldPaper() {
  const given = form()
  const old = (given['documents'] as Record<string, string>[]).map((paper) => (paper['document'] === 'INCOME_CERTIFICATE' ? { ...paper, issuedOn: inDays(-1_000), receivedOn: inDays(-999) } : paper))
  const draft = await does(APPLICANT, 'createDraft(form: $form)', { form: { ...given, documents: old } }, '($form: FormInput!)')
  return does(APPLICANT, `submitApplication(applicationId: "${draft.id}")`)
}

test('the next case is opened, what is in its way is found and put right, and it goes on: at most six actions', async ({ browser }) => {
  const { number } = await withAnOldPaper()
  const clerk = await seated(browser, CLERK)
  let actions = 0
  const acts = async (action: Promise<unknown>) => {
    actions += 1
    await action
  }
  await acts(clerk.getByRole('button', { name: '次の1件を引き受ける' }).click())
  await expect(clerk.locator('h1')).toContainText(number)
  const reasons = clerk.getByRole('region', { name: '先へ進めない理由' })
  await expect(reasons).toContainText('期限切れ')
  // The paper is named in words, not by its code.
  await expect(reasons).not.toContainText('INCOME_CERTIFICATE')
  await clean(clerk, 'in the way')
  await acts(reasons.getByRole('button', { name: '受領を登録する' }).click())
  const dialog = clerk.getByRole('dialog')
  await expect(dialog.locator('[id="field-documents[0].document"]')).toHaveValue('INCOME_CERTIFICATE')
  await acts(dialog.locator('[id="field-documents[0].issuedOn"]').fill(inDays(-3)))
  await clean(clerk, 'receive')
  await acts(dialog.getByRole('button', { name: /実行する/ }).click())
  await expect(clerk.getByText('期限切れ')).toHaveCount(0)
  await acts(clerk.getByRole('button', { name: '審査を開始' }).click())
  await acts(clerk.getByRole('dialog').getByRole('button', { name: '申請する' }).click())
  await expect(clerk.getByText('自分が申請したため、承認は別の人が行います。')).toBeVisible()
  expect(actions).toBeLessThanOrEqual(6)
})

test('two people who take the next piece of work at once never get the same', async ({ browser }) => {
  await withAnOldPaper()
  await withAnOldPaper()
  const pages = await Promise.all([seated(browser, CLERK), seated(browser, OTHER)])
  const taken = await Promise.all(pages.map(async (page) => {
    const answered = page.waitForResponse((response) => (response.request().postData() ?? '').includes('mutation ClaimNext'))
    await page.getByRole('button', { name: '次の1件を引き受ける' }).click()
    return ((await (await answered).json()) as { data: { claimNext: { id: string } } }).data.claimNext.id
  }))
  expect(new Set(taken).size).toBe(2)
  // A case may have several pieces of work: they are two people's then.
  for (const page of pages) await expect(page).toHaveURL(/\/applications\//)
})

test('several pieces of work are taken together: shown first, each with what became of it', async ({ browser }) => {
  const numbers = [(await withAnOldPaper()).number, (await withAnOldPaper()).number, (await withAnOldPaper()).number]
  const clerk = await seated(browser, CLERK)
  await clerk.goto('/?tab=unclaimed')
  for (const number of numbers) await clerk.getByLabel(`${number}「${INTAKE}」を選ぶ`).check()
  await clerk.getByRole('button', { name: '選んだ作業を引き受ける（3件）' }).click()
  const dialog = clerk.getByRole('dialog')
  await expect(dialog).toContainText('次の3件を引き受けます。0件は対象外です。')
  await clean(clerk, 'preview')
  // Somebody else is faster with one of them.
  const { tasks } = (await asks(OTHER, '{ tasks(first: 50, filter: { role: BRANCH_CLERK, unclaimed: true }) { edges { node { id number task } } } }')) as unknown as { tasks: { edges: { node: { id: string; number: string; task: string } }[] } }
  const lost = tasks.edges.find((edge) => edge.node.number === numbers[1] && edge.node.task === 'CHECK_INTAKE')?.node
  await asks(OTHER, `mutation { claimTask(id: "${lost?.id}") { id } }`)
  await dialog.getByRole('button', { name: '3件を引き受ける' }).click()
  await expect(dialog).toContainText('2件を引き受けました。')
  await expect(dialog.getByRole('row', { name: new RegExp(`${numbers[0]}.*引き受けました`) })).toBeVisible()
  await expect(dialog.getByRole('row', { name: new RegExp(`${numbers[1]}.*できませんでした`) })).toBeVisible()
  await clean(clerk, 'results')
})

test('the queue is saved as a file in which nothing is a formula, and a filter under a name', async ({ browser }) => {
  const given = form()
  const [applicant] = given['parties'] as Record<string, unknown>[]
  const draft = await does(APPLICANT, 'createDraft(form: $form)', { form: { ...given, parties: [{ ...applicant, nameKanji: '＝見本' }] } }, '($form: FormInput!)')
  await does(APPLICANT, `submitApplication(applicationId: "${draft.id}")`)
  const clerk = await seated(browser, CLERK)
  const saved = clerk.waitForEvent('download')
  await clerk.getByRole('button', { name: 'CSVで保存' }).click()
  const text = readFileSync(await (await saved).path(), 'utf8')
  expect((await saved).suggestedFilename()).toBe('yushi-queue.csv')
  expect(text.charCodeAt(0), 'the mark of UTF-8').toBe(0xfeff)
  const rows = text.trim().split('\r\n')
  expect(rows[0]).toContain('案件番号,申込人')
  await expect(clerk.getByText(`${rows.length - 1}件を保存しました。`)).toBeVisible()
  // A reader may turn a full-width sign into a formula's.
  expect(text).toContain("'＝見本")
  expect(rows.slice(1).filter((row) => /(^|,)[=+\-@＝＋－＠]/.test(row.replace(/,-?\d+(?=,|$)/g, ',0')))).toEqual([])

  await clerk.getByLabel('次の作業').selectOption({ index: 1 })
  await expect(clerk).toHaveURL(/task=/)
  await clerk.getByRole('button', { name: 'いまの条件を保存' }).click()
  await clerk.getByRole('dialog').getByLabel('名前').fill('受付だけ')
  await clerk.getByRole('dialog').getByRole('button', { name: '保存する' }).click()
  await clerk.goto('/')
  await clerk.getByRole('link', { name: '受付だけ' }).click()
  await expect(clerk).toHaveURL(/task=/)
  await clean(clerk, 'saved view')
})
