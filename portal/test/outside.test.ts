import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { INPUTS, VERBS } from '@/gql/verbs'
import { line } from '@/pages/applicant/line'
import { glossaryOf, pieces } from '@/pages/applicant/glossary'
import { isEnded, resultOf, tasksOf, TASKS, VERBS_OF, type Seen } from '@/pages/applicant/tasks'
import { FORM_VERBS } from '@/pages/applicant/verbs'
import { blankAnswer, feeOf } from '@/pages/guarantor/blank'
import { monthly, periodSearch, quantile } from '@/pages/guarantor/search'
import { addressText, grouped, whenOf } from '@/pages/partner/when'
import { calendarFile, filingSteps, mondayOf, settlementsOn, weeks, type Entry } from '@/pages/scrivener/filing'

const read = (path: string) => readFileSync(path, 'utf8')
const seen = (given: Partial<Seen>): Seen => ({ stage: 'DRAFT', tracks: [], openTasks: [], actions: [], namedDate: null, ...given })
const standing = (given: Partial<Seen>) => Object.fromEntries(tasksOf(seen(given)).map((task) => [task.key, task.standing]))

describe('the tasks of an applicant', () => {
  it('begin with the form, and nothing else can be done before it', () => {
    expect(standing({ actions: ['editDraft', 'submitApplication'] })).toEqual({
      apply: 'yours', papers: 'later', health: 'later', decision: 'later', contract: 'later', fire: 'later', day: 'later', money: 'later',
    })
  })

  it('papers that came back are the applicant’s turn, by the day of the task', () => {
    const tasks = tasksOf(seen({ stage: 'INCOMPLETE', openTasks: [{ task: 'SUPPLY_PAPERS', dueOn: '2026-12-01' }], actions: ['receiveDocuments'] }))
    expect(tasks.find((task) => task.key === 'papers')).toEqual({ key: 'papers', standing: 'yours', dueOn: '2026-12-01' })
    expect(standing({ stage: 'SUBMITTED' })['papers']).toBe('checking')
    expect(standing({ stage: 'SCREENING', actions: ['receiveDocuments'] })['papers']).toBe('done')
  })

  it('the declaration goes from the applicant to the insurer, and comes back where a certificate is asked for', () => {
    const of = (state: string, actions: string[] = []) => standing({ stage: 'SCREENING', tracks: [{ track: 'INS', state }], actions })['health']
    expect(of('NOT_APPLIED', ['declareInsurance'])).toBe('yours')
    expect(of('UNDERWRITING')).toBe('checking')
    expect(of('EXAM_REQUIRED', ['supplyExam'])).toBe('yours')
    expect(of('ACCEPTED')).toBe('done')
    // What cannot be done is nobody's turn.
    expect(of('EXAM_REQUIRED')).toBe('checking')
  })

  it('one of several persons who still has to declare keeps the task open', () => {
    const tracks = [{ track: 'INS', state: 'ACCEPTED' }, { track: 'INS', state: 'NOT_APPLIED' }]
    expect(standing({ stage: 'APPROVED', tracks, actions: ['declareInsurance'] })['health']).toBe('yours')
  })

  it('the contract, the date and the money follow each other', () => {
    expect(standing({ stage: 'CONTRACTING', actions: ['signContract'] })['contract']).toBe('yours')
    expect(standing({ stage: 'CONTRACT_TENDERED' })['contract']).toBe('checking')
    expect(standing({ stage: 'CONTRACTED', actions: ['nameDate'] })['day']).toBe('yours')
    expect(standing({ stage: 'CONTRACTED', namedDate: '2026-12-20', actions: ['nameDate'] })['day']).toBe('checking')
    expect(standing({ stage: 'DISBURSED' })).toEqual({ apply: 'done', papers: 'done', decision: 'done', contract: 'done', day: 'done', money: 'done' })
  })

  it('a case that ended has no tasks', () => {
    for (const stage of ['DECLINED', 'WITHDRAWN', 'DISCARDED', 'APPROVAL_EXPIRED', 'CONTRACT_TERMINATED']) {
      expect(isEnded(stage), stage).toBe(true)
      expect(tasksOf(seen({ stage })), stage).toEqual([])
    }
  })

  it('every stage of the table is known', () => {
    const stages = /^enum Stage \{([\s\S]*?)^\}/m.exec(read('../docs/generated/schema/APPLICANT.graphql'))?.[1]?.match(/^\t([A-Z_]+)$/gm)?.map((one) => one.trim()) ?? []
    expect(stages.length).toBeGreaterThan(20)
    const ended = stages.filter(isEnded)
    expect(ended.sort()).toEqual(['APPROVAL_EXPIRED', 'APPROVAL_RESCINDED', 'CONTRACT_TERMINATED', 'DECLINED', 'DISCARDED', 'DRAWINGS_REPAID', 'WITHDRAWN'])
    expect(stages.filter((stage) => resultOf(stage) === 'declined')).toEqual(['DECLINED'])
  })
})

describe('what those outside are asked', () => {
  const roles = ['APPLICANT', 'CO_OBLIGOR', 'SCRIVENER', 'GUARANTOR', 'INSURER', 'MEMBER_ORG', 'REGISTRY', 'FIRE_INSURER']
  const verbsOf = (role: string) => Object.keys(VERBS).filter((verb) => read(`../docs/generated/schema/${role}.graphql`).includes(`\t${verb}(`))

  it('has a name in both languages, field by field', () => {
    const names = new Set(['fields', 'partner'].flatMap((part) => Object.keys(JSON.parse(read(`src/i18n/${part}.ja.json`)) as object)))
    const missing: string[] = []
    const walk = (type: string, above: Set<string>) => {
      if (above.has(type)) return
      for (const field of INPUTS[type] ?? []) {
        if (!names.has(`name.${field.name}`)) missing.push(`${type}.${field.name}`)
        walk(field.type, new Set(above).add(type))
      }
    }
    let looked = 0
    for (const role of roles) {
      for (const verb of verbsOf(role)) {
        for (const argument of VERBS[verb] ?? []) {
          if (!names.has(`name.${argument.name}`)) missing.push(`${verb}(${argument.name})`)
          walk(argument.type, new Set())
          looked += 1
        }
      }
    }
    expect(missing).toEqual([])
    expect(looked).toBeGreaterThan(40)
  })

  it('every verb of a task has the applicant’s own words, and no verb stands in two tasks', () => {
    const words = Object.keys(JSON.parse(read('src/i18n/applicant.ja.json')) as object)
    const all = TASKS.flatMap((task) => VERBS_OF[task])
    expect(new Set(all).size).toBe(all.length)
    expect(all.filter((verb) => !words.includes(`me.do.${verb}`))).toEqual([])
    const own = verbsOf('APPLICANT')
    expect([...all, ...FORM_VERBS].filter((verb) => !own.includes(verb)), 'a verb that an applicant does not have').toEqual([])
  })
})

describe('readings above terms of art', () => {
  const glossary = glossaryOf('団信=だんしん 団体信用生命保険=だんたいしんようせいめいほけん 審査=しんさ -')
  it('stand above the longest term, and words in between stay', () => {
    expect(pieces('団体信用生命保険の審査中', glossary)).toEqual([
      { term: '団体信用生命保険', reading: 'だんたいしんようせいめいほけん' }, 'の', { term: '審査', reading: 'しんさ' }, '中',
    ])
    expect(pieces('', glossary)).toEqual([])
    expect(pieces('申込み', glossary)).toEqual(['申込み'])
  })
  it('are in hiragana, for every term of the catalogue', () => {
    const own = glossaryOf((JSON.parse(read('src/i18n/applicant.ja.json')) as Record<string, string>)['me.glossary'] ?? '')
    expect(own.size).toBeGreaterThan(20)
    expect([...own].filter(([term, reading]) => !/^[ぁ-ゖー]+$/.test(reading) || term.length === 0)).toEqual([])
  })
})

describe('the balance as a picture', () => {
  it('begins at the left and falls to the bottom', () => {
    expect(line([{ balanceYen: 100 }, { balanceYen: 50 }, { balanceYen: 0 }], 100)).toBe('0.0,0.0 160.0,60.0 320.0,120.0')
  })
})

describe('a list of work', () => {
  const today = '2026-12-21'
  const lines = [
    { no: 1, dueOn: '2026-12-18', businessDaysLeft: -1 },
    { no: 2, dueOn: '2026-12-21', businessDaysLeft: 0 },
    { no: 3, dueOn: '2026-12-25', businessDaysLeft: 4, plannedDate: '2026-12-21' },
    { no: 4, dueOn: '2026-12-25', businessDaysLeft: 4, plannedDate: '2026-12-25' },
  ]
  it('says late first, then today with its settlements, then the rest', () => {
    expect(grouped(lines, today).map(([when, found]) => [when, found.map((one) => one.no)])).toEqual([['overdue', [1]], ['today', [2, 3]], ['later', [4]]])
    expect(grouped([], today)).toEqual([])
    expect(whenOf({ dueOn: '2026-12-18', businessDaysLeft: -1, plannedDate: today }, today)).toBe('overdue')
  })
  it('an address has its prefecture once', () => {
    expect(addressText({ prefecture: '北海道', text: '北海道見本市1' })).toBe('北海道見本市1')
    expect(addressText({ prefecture: '北海道', text: '見本市1' })).toBe('北海道見本市1')
  })
})

describe('the jobs of a scrivener', () => {
  it('a filing goes on step by step; a correction stands at the acceptance', () => {
    expect(filingSteps('DOCS_READY').map((step) => step.state)).toEqual(['done', 'done', 'now', 'next', 'next', 'next'])
    expect(filingSteps('CORRECTION').find((step) => step.state === 'now')?.key).toBe('ACCEPTED')
    expect(filingSteps('COMPLETED').every((step) => step.state === 'done')).toBe(true)
  })

  const entry = (day: string, number: string, kind: Entry['kind'] = 'due'): Entry => ({ day, kind, id: `${number}-${day}`, applicationId: number, number, what: '登記申請, 確認' })

  it('weeks begin on Monday, over the turn of the year too', () => {
    expect(mondayOf('2026-12-21')).toBe('2026-12-21')
    expect(mondayOf('2026-12-27')).toBe('2026-12-21')
    expect(mondayOf('2027-01-01')).toBe('2026-12-28')
    const found = weeks([entry('2027-01-01', 'B'), entry('2026-12-28', 'A'), entry('2026-12-21', 'C')])
    expect(found.map((week) => [week.monday, week.days.map((day) => day.day)])).toEqual([['2026-12-21', ['2026-12-21']], ['2026-12-28', ['2026-12-28', '2027-01-01']]])
  })

  it('the calendar file has whole days, escaped signs, lines of at most 75 bytes, and no name', () => {
    const file = calendarFile([entry('2026-12-31', '2951-2026-000000000001', 'settles')], new Date('2026-12-21T01:02:03Z'))
    expect(file).toContain('DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101')
    expect(file).toContain('DTSTAMP:20261221T010203Z')
    expect(file).toContain('登記申請\\, 確認')
    expect(file.split('\r\n').every((one) => new TextEncoder().encode(one).length <= 75)).toBe(true)
    expect(file.startsWith('BEGIN:VCALENDAR\r\n') && file.endsWith('END:VCALENDAR\r\n')).toBe(true)
  })
})

describe('a settlement with time and place', () => {
  const met: Entry = { day: '2026-12-31', kind: 'settles', id: 'A', applicationId: 'A', number: 'A', what: '決済', time: '08:30', place: '見本ビル, 3階; 受付' }

  it('is an hour in the calendar file, in UTC, at its place', () => {
    const file = calendarFile([met], new Date('2026-12-21T01:02:03Z'))
    expect(file).toContain('DTSTART:20261230T233000Z\r\nDTEND:20261231T003000Z\r\n')
    expect(file).toContain('LOCATION:見本ビル\\, 3階\\; 受付\r\n')
    expect(file).not.toContain('VALUE=DATE:')
    // Without a time it is the whole day, and without a place none is named.
    const open = calendarFile([{ ...met, time: null, place: null }], new Date('2026-12-21T01:02:03Z'))
    expect(open).toContain('DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n')
    expect(open).not.toContain('LOCATION')
  })

  it('stands behind what lasts all day and in the order of time', () => {
    const entries = [met, { ...met, number: 'B', time: '13:00' }, { ...met, number: 'C', kind: 'due' as const, time: null }, { ...met, number: 'D', time: '08:00' }]
    expect(weeks(entries)[0]?.days[0]?.entries.map((one) => one.number)).toEqual(['C', 'D', 'A', 'B'])
  })

  it('is one of today where its date is fixed for today and the case has not ended', () => {
    const line = (id: string, plannedDate: string, time: string | null) => ({ id, plannedDate, settlement: { time, place: null } })
    const lines = [line('open', '2026-12-31', null), line('late', '2026-12-31', '13:00'), line('early', '2026-12-31', '09:30'), line('other', '2026-12-30', '09:00'), { id: 'planned', plannedDate: '2026-12-31', settlement: null }]
    expect(settlementsOn(lines, '2026-12-31').map((one) => one.id)).toEqual(['early', 'late', 'open'])
  })
})

describe('the answer of a guarantee company', () => {
  const loans = [
    { loanNo: 1, amountYen: 30_000_000, termMonths: 420, guaranteeFeeMethod: 'MONTHLY_IN_RATE' },
    { loanNo: 2, amountYen: 5_000_000, termMonths: 240, guaranteeFeeMethod: 'LUMP_SUM' },
  ]
  it('begins with what was asked for, and asks for the fee that each loan pays', () => {
    const blank = blankAnswer(loans)
    expect([blank['amountYen'], blank['termMonths'], blank['guaranteeNumber']]).toEqual([35_000_000, '420', ''])
    expect(loans.map(feeOf)).toEqual(['monthlyRatePercent', 'lumpSumFeeYen'])
  })
  it('takes the number and the fees of an earlier answer over', () => {
    const blank = blankAnswer(loans, { guaranteeNumber: 'G-1', loans: [{ loanNo: 1, monthlyRatePercent: '0.12', lumpSumFeeYen: null }] })
    expect(blank['guaranteeNumber']).toBe('G-1')
    expect(blank['loans']).toEqual([{ loanNo: 1, monthlyRatePercent: '0.12', lumpSumFeeYen: null }, { loanNo: 2, monthlyRatePercent: '', lumpSumFeeYen: null }])
  })
})

describe('the answers of a period', () => {
  it('are of a whole period that ends where it began or later; any other is this month', () => {
    expect(periodSearch({ from: '2026-11-01', until: '2026-11-30', after: 'x', more: 1 })).toEqual({ from: '2026-11-01', until: '2026-11-30', after: 'x' })
    expect(periodSearch({ from: '2026-11-30', until: '2026-11-01' })).toEqual({})
    expect(periodSearch({ from: '2026-11-01' })).toEqual({})
  })
  it('are counted by month and kind, with the business days that they took', () => {
    const settled = (day: string, answer: string | null, businessDays: number | null) => ({ day, answer, businessDays })
    const months = monthly([
      settled('2026-11-30', 'approveGuarantee', 1),
      settled('2026-10-01', 'declineGuarantee', 7),
      settled('2026-11-02', 'conditionGuarantee', 4),
      settled('2026-11-04', 'approveGuarantee', 0),
      settled('2026-11-09', null, null),
      settled('2026-12-01', null, null),
    ])
    expect(months).toEqual([
      { month: '2026-10', approved: 0, conditional: 0, declined: 1, withdrawn: 0, median: 7, ninetieth: 7 },
      { month: '2026-11', approved: 2, conditional: 1, declined: 0, withdrawn: 1, median: 1, ninetieth: 4 },
      { month: '2026-12', approved: 0, conditional: 0, declined: 0, withdrawn: 1, median: null, ninetieth: null },
    ])
    expect(monthly([])).toEqual([])
  })
  it('a quantile is a number that is there, by nearest rank', () => {
    const ten = [1, 1, 1, 1, 1, 3, 3, 3, 3, 40]
    expect([quantile(ten, 50), quantile(ten, 90), quantile(ten, 91), quantile([], 50)]).toEqual([1, 3, 40, null])
  })
})
