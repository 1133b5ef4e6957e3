// The tour of each role in the demo: it leads through pages that exist, works with the keyboard, and is over once it was ended.
import { clean, expect, seated, test } from './people'
import { fits } from './outside'
import { tourOf } from '../src/tour/steps'

const USERS: [user: string, role: string][] = [
  ['2951-branch-clerk-1', 'BRANCH_CLERK'],
  ['2951-branch-manager-1', 'BRANCH_MANAGER'],
  ['2951-operations-1', 'OPERATIONS'],
  ['2951-auditor-1', 'AUDITOR'],
  ['2951-user-admin-1', 'USER_ADMIN'],
  ['2951-applicant-1', 'APPLICANT'],
  ['GUARANTOR-1', 'GUARANTOR'],
  ['SCRIVENER-1', 'SCRIVENER'],
  ['INSURER-1', 'INSURER'],
]

for (const [user, role] of USERS) {
  test(`the tour of ${role} leads through pages that are there`, async ({ browser }) => {
    const page = await seated(browser, user, { tour: true })
    const tour = page.getByRole('region', { name: 'デモのご案内' })
    const steps = tourOf(role)
    const said = new Set<string>()
    for (const [place, step] of steps.entries()) {
      await expect(tour.getByRole('heading')).toHaveText(`デモのご案内（${place + 1}／${steps.length}）`)
      if (place > 0 && step.to) await expect(page).toHaveURL((url) => url.pathname === step.to)
      await expect(page.locator('h1')).toBeVisible()
      await expect(page.getByText('このページはありません')).toHaveCount(0)
      if (step.at) await expect(page.locator('.tour-here')).toBeVisible()
      said.add((await tour.locator('p').textContent()) ?? '')
      await clean(page, `${role} ${step.key}`)
      if (place < steps.length - 1) await tour.getByRole('button', { name: '次へ' }).press('Enter')
    }
    expect(said.size, 'each step says something else').toBe(steps.length)
    await tour.getByRole('button', { name: '案内を終えて始める' }).press('Enter')
    await expect(tour).toHaveCount(0)
    await expect(page.locator('.tour-here')).toHaveCount(0)
    await page.reload()
    await expect(page.locator('h1')).toBeVisible()
    await expect(tour, 'it is over for this session').toHaveCount(0)
    await page.locator('.shell-person summary').click()
    await page.getByRole('button', { name: 'デモの案内を見る' }).click()
    await expect(tour).toBeVisible()
    await tour.getByRole('button', { name: '案内を終える' }).focus()
    await page.keyboard.press('Escape')
    await expect(tour).toHaveCount(0)
    await page.context().close()
  })
}

test('what a step points at may come after the step', async ({ browser }) => {
  const page = await seated(browser, '2951-branch-clerk-1', { tour: true })
  let letGo = () => {}
  const held = new Promise<void>((done) => (letGo = done))
  await page.route('**/assets/Queue-*.js', (route) => held.then(() => route.continue()))
  await page.reload()
  await expect(page.getByRole('region', { name: 'デモのご案内' })).toBeVisible()
  await expect(page.locator('.page-head')).toHaveCount(0)
  letGo()
  await expect(page.locator('.page-head.tour-here')).toBeVisible()
  await page.getByRole('button', { name: '次へ' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: '新規受付' })).toBeVisible()
  await expect(page.locator('.tour-here'), 'this step points at nothing').toHaveCount(0)
  await page.context().close()
})

test('the tour fits a phone', async ({ browser }) => {
  const me = await seated(browser, '2951-applicant-1', { width: 375, height: 740, tour: true })
  await expect(me.getByRole('region', { name: 'デモのご案内' })).toBeVisible()
  await fits(me, 'tour')
})
