import { describe, expect, it } from 'vitest'
import { valueText } from '@/pages/admin/book'
import { drawn, folded, pathTaken, pictureOf, waysOf } from '@/pages/admin/graph'
import { cellsOf } from '@/pages/admin/cells'
import { agesOf, approvalRate, gathered, kept, monthsBefore, sideOf, waitingBySide, type Outcome } from '@/pages/manager/figures'
import { askedOf, cardsOf, inGroups, LANES_AT_ONCE } from '@/pages/manager/lanes'
import type { LaneCardsQuery, Stage } from '@/gql/operations'
import { csv } from '@/lib/file'

const outcome = (of: Partial<Outcome>): Outcome => ({ cases: 0, amountYen: 0, open: 0, approved: 0, declined: 0, withdrawn: 0, lapsed: 0, disbursed: 0, disbursedYen: 0, ...of })

describe('lanes of the board', () => {
  const stages = ['DRAFT', 'SUBMITTED', 'INCOMPLETE', 'SCREENING', 'APPROVED', 'CONTRACTING', 'CONTRACTED', 'SCHEDULED', 'READY', 'DISBURSING'] as Stage[]
  it('are asked for together, and no lane twice or never', () => {
    const groups = inGroups(stages)
    expect(groups.map((group) => group.length)).toEqual([LANES_AT_ONCE, 1])
    expect(groups.flat()).toEqual(stages)
    expect(inGroups([])).toEqual([])
  })
  it('get their own cards; a place without a lane is not asked', () => {
    const two = stages.slice(0, 2)
    expect(askedOf(two, 5)).toMatchObject({ first: 5, s1: ['DRAFT'], h1: true, s2: ['SUBMITTED'], h2: true, s3: [], h3: false, h9: false })
    const card = (id: string) => ({ edges: [{ node: { id } }] })
    const answer = { l1: card('a'), l2: card('b') } as unknown as LaneCardsQuery
    expect([...cardsOf(two, answer)].map(([stage, cards]) => [stage, cards.map((one) => one.id)])).toEqual([['DRAFT', ['a']], ['SUBMITTED', ['b']]])
  })
})

describe('figures', () => {
  it('put lines together and lose none', () => {
    const lines = [
      { ...outcome({ cases: 2, amountYen: 30_000_000, approved: 1, declined: 1 }), month: '2026-05', branch: '101' },
      { ...outcome({ cases: 1, amountYen: 5_000_000, open: 1 }), month: '2026-04', branch: '101' },
      { ...outcome({ cases: 4, amountYen: 1, approved: 4 }), month: '2026-05', branch: '102' },
    ]
    const months = gathered(lines, (line) => line.month)
    expect(months.map((line) => [line.key, line.cases, line.amountYen])).toEqual([['2026-04', 1, 5_000_000], ['2026-05', 6, 30_000_001]])
    expect(gathered(lines, () => '')[0]?.cases).toBe(7)
    expect(gathered([], () => '')).toEqual([])
  })

  it('an approval rate is of what was decided, and there is none without a decision', () => {
    expect(approvalRate(outcome({ open: 3, withdrawn: 9 }))).toBeNull()
    expect(approvalRate(outcome({ approved: 6, lapsed: 1, declined: 1, withdrawn: 9, open: 3 }))).toBe('87.5')
  })

  it('months before cross the year', () => {
    expect(monthsBefore('2026-03-31', 11)).toBe('2025-04-01')
    expect(monthsBefore('2026-03-31', 0)).toBe('2026-03-01')
  })

  it('every role is on one side, and sides come in their order', () => {
    expect(['OPERATIONS', 'APPLICANT', 'GUARANTOR', 'FIRE_INSURER', 'REGISTRY', 'MEMBER_ORG'].map(sideOf)).toEqual(['bank', 'customer', 'guarantor', 'insurer', 'scrivener', 'others'])
    expect(waitingBySide([{ waitingOn: [{ role: 'SCRIVENER' }] }, { waitingOn: [{ role: 'BRANCH_CLERK' }] }])).toEqual(['bank', 'scrivener'])
  })

  it('counts the oldest', () => {
    expect(agesOf([{ ages: [{ cases: 3 }, { cases: 1 }] }, { ages: [{ cases: 0 }, { cases: 5 }] }])).toEqual({ all: 9, oldest: 6 })
    expect(agesOf([])).toEqual({ all: 0, oldest: 0 })
  })

  it('a file for spreadsheets runs no formula and keeps every character', () => {
    const file = csv(['支店', '件数'], [['=1+1', -3], ['a"b,c\nd', 2], ['@x', 0], ['髙﨑', 1]])
    expect(file).toBe('\ufeff支店,件数\r\n\'=1+1,-3\r\n"a""b,c\nd",2\r\n\'@x,0\r\n髙﨑,1\r\n')
  })
})

describe('saved views', () => {
  it('the same filters are the same view, wherever the page of the list begins', () => {
    expect(kept('?stage=SCREENING&branch=101&after=abc')).toBe(kept('branch=101&stage=SCREENING'))
    expect(kept('?after=abc')).toBe('')
    expect(kept('?stage=SCREENING')).not.toBe(kept('?stage=APPROVED'))
  })
})

describe('the diagram', () => {
  const rows = [
    { id: 'T01', from: ['DRAFT'], to: 'SUBMITTED' },
    { id: 'T05', from: ['SUBMITTED', 'INCOMPLETE'], to: 'SCREENING' },
    { id: 'T02', from: ['SUBMITTED'], to: 'INCOMPLETE' },
    { id: 'T09', from: ['SUBMITTED', 'SCREENING'], to: 'WITHDRAWN' },
    { id: 'T10', from: ['SCREENING'], to: 'WITHDRAWN' },
    { id: 'G01', from: ['GUAR:REQUESTED'], to: 'GUAR:APPROVED' },
    { id: 'F01', from: ['SUBMITTED'], to: null },
    { id: 'T11', from: ['SCREENING'], to: 'SCREENING' },
  ]
  const ways = waysOf(rows)

  it('has each way once, with all the rows that take it', () => {
    expect(ways.map((way) => `${way.from}>${way.to}:${way.rows.join('+')}`)).toEqual([
      'DRAFT>SUBMITTED:T01',
      'SUBMITTED>SCREENING:T05',
      'INCOMPLETE>SCREENING:T05',
      'SUBMITTED>INCOMPLETE:T02',
      'SUBMITTED>WITHDRAWN:T09',
      'SCREENING>WITHDRAWN:T09+T10',
    ])
  })

  it('draws ways to an end when they are asked for, or were taken', () => {
    expect(drawn(ways, false, new Set()).some((way) => way.to === 'WITHDRAWN')).toBe(false)
    expect(drawn(ways, true, new Set())).toHaveLength(6)
    expect(drawn(ways, false, new Set(['SCREENING WITHDRAWN'])).filter((way) => way.to === 'WITHDRAWN').map((way) => way.from)).toEqual(['SCREENING'])
  })

  it('follows a case, and what moved it nowhere is no step', () => {
    const { steps, visited } = pathTaken(rows, ['T01', 'F01', 'G01', 'T02', 'T05', 'T11', 'nobody', 'T10'])
    expect(visited).toEqual(['DRAFT', 'SUBMITTED', 'INCOMPLETE', 'SCREENING', 'WITHDRAWN'])
    expect(steps).toEqual(['DRAFT SUBMITTED', 'SUBMITTED INCOMPLETE', 'INCOMPLETE SCREENING', 'SCREENING WITHDRAWN'])
    expect(pathTaken(rows, ['T10']).steps, 'a row that does not start here').toEqual([])
  })

  it('has room for every stage, and none lies on another', () => {
    const { spots, width, height, lines } = pictureOf(ways)
    expect(spots).toHaveLength(5)
    expect(lines.every((line) => line.points.length >= 2)).toBe(true)
    for (const spot of spots) {
      expect(spot.x > 0 && spot.x < width && spot.y > 0 && spot.y < height, spot.stage).toBe(true)
      expect(spots.filter((other) => Math.abs(other.x - spot.x) < 100 && Math.abs(other.y - spot.y) < 40)).toHaveLength(1)
    }
  })

  it('folds long words of a stage in the middle', () => {
    expect(['契約書差入済', 'Approved', 'Conditionally approved', 'Approvalrescinded'].map(folded)).toEqual([['契約書差入済'], ['Approved'], ['Conditionally', 'approved'], ['Approvalrescinded']])
  })
})

describe('the table of the guarantor', () => {
  it('is read as it is typed or pasted, in both widths', () => {
    expect(cellsOf('25, 1, 74\n２５　３　63.5\n\n30\t1\t75')).toEqual([
      { termYears: 25, elapsedYears: 1, percent: '74' },
      { termYears: 25, elapsedYears: 3, percent: '63.5' },
      { termYears: 30, elapsedYears: 1, percent: '75' },
    ])
    for (const wrong of ['25, 1', 'a b c', '25, 1, 74, 3', '25, 1, -4']) expect(cellsOf(wrong), wrong).toBeNull()
  })
})

it('a value of the book is read without quotation marks', () => {
  expect(['"PLAN"', '3', '["a","b"]', 'true', '{"a":1}', '[]', null].map(valueText)).toEqual(['PLAN', '3', 'a、b', 'true', '{"a":1}', '—', '—'])
})
