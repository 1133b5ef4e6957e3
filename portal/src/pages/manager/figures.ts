/** For whom a case waits, as managers tell it apart. */
export type Side = 'bank' | 'customer' | 'guarantor' | 'insurer' | 'scrivener' | 'others'

const SIDES: readonly [Side, readonly string[]][] = [
  ['bank', ['BRANCH_CLERK', 'BRANCH_MANAGER', 'SCREENING_OFFICER', 'OPERATIONS', 'COMPLIANCE']],
  ['customer', ['APPLICANT', 'CO_OBLIGOR']],
  ['guarantor', ['GUARANTOR']],
  ['insurer', ['INSURER', 'FIRE_INSURER']],
  ['scrivener', ['SCRIVENER', 'REGISTRY']],
]

/** The side of a role. */
export function sideOf(role: string): Side {
  return SIDES.find(([, roles]) => roles.includes(role))?.[0] ?? 'others'
}

/** The sides that any of the stages waits for, in their order. */
export function waitingBySide(stages: { waitingOn: { role: string }[] }[]): Side[] {
  const there = new Set(stages.flatMap((stage) => stage.waitingOn.map((one) => sideOf(one.role))))
  const order: Side[] = ['bank', 'customer', 'guarantor', 'insurer', 'scrivener', 'others']
  return order.filter((side) => there.has(side))
}

/** How many cases there are, and how many of them are in the oldest group. */
export function agesOf(stages: { ages: { cases: number }[] }[]): { all: number; oldest: number } {
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0)
  return {
    all: sum(stages.flatMap((stage) => stage.ages.map((age) => age.cases))),
    oldest: sum(stages.map((stage) => stage.ages.at(-1)?.cases ?? 0)),
  }
}

/** What the cases of a month, or of several, came to. */
export interface Outcome {
  cases: number
  amountYen: number
  open: number
  approved: number
  declined: number
  withdrawn: number
  lapsed: number
  disbursed: number
  disbursedYen: number
}

const NAMES = ['cases', 'amountYen', 'open', 'approved', 'declined', 'withdrawn', 'lapsed', 'disbursed', 'disbursedYen'] as const

/** The lines put together by what `by` says of them, in the order of that. */
export function gathered<Line extends Outcome>(lines: Line[], by: (line: Line) => string): (Outcome & { key: string })[] {
  const found = new Map<string, Outcome & { key: string }>()
  for (const line of lines) {
    const key = by(line)
    const sum = found.get(key) ?? { key, ...Object.fromEntries(NAMES.map((name) => [name, 0])) } as Outcome & { key: string }
    for (const name of NAMES) sum[name] += line[name]
    found.set(key, sum)
  }
  return [...found.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
}

/** Of the decided ones, how many percent were approved, as 87.5; null where none is decided. */
export function approvalRate(of: Outcome): string | null {
  const decided = of.approved + of.lapsed + of.declined
  return decided === 0 ? null : (((of.approved + of.lapsed) * 100) / decided).toFixed(1)
}

/** The first day of the month so many months before a day. */
export function monthsBefore(day: string, months: number): string {
  const at = new Date(`${day.slice(0, 7)}-01T00:00:00Z`)
  at.setUTCMonth(at.getUTCMonth() - months)
  return at.toISOString().slice(0, 10)
}

/** What stands behind the question mark of an address, put in one order, without where a page of a list begins. */
export function kept(search: string): string {
  const all = new URLSearchParams(search)
  all.delete('after')
  all.sort()
  return all.toString()
}
