/** What stands in the address of the daily list: the day, and where a page begins. */
export interface DaySearch {
  on?: string
  after?: string
}

/** What stands in the address of the answers of a period: its first and last day, and where a page begins. */
export interface PeriodSearch {
  from?: string
  until?: string
  after?: string
}

const dayIn = (given: unknown): string | undefined => (typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : undefined)
const afterIn = (given: unknown) => (given !== undefined && given !== '' ? { after: String(given) } : {})

/** A day that is none is left out: the page shows today. */
export function daySearch(given: Record<string, unknown>): DaySearch {
  const on = dayIn(given['on'])
  return { ...(on && { on }), ...afterIn(given['after']) }
}

/** A period of which a day is missing, or that ends before it begins, is left out: the page shows this month. */
export function periodSearch(given: Record<string, unknown>): PeriodSearch {
  const [from, until] = [dayIn(given['from']), dayIn(given['until'])]
  return from && until && from <= until ? { from, until, ...afterIn(given['after']) } : {}
}

/** A request that was settled in a period: what was answered, or null where the bank withdrew it unanswered. */
export interface Settled {
  /** The day in Tokyo. */
  day: string
  answer: string | null
  /** Business days from asking to answering. */
  businessDays: number | null
}

/** What a month came to. */
export interface Month {
  month: string
  approved: number
  conditional: number
  declined: number
  withdrawn: number
  /** Business days that half of the answers did not pass, and nine tenths; null in a month without answers. */
  median: number | null
  ninetieth: number | null
}

const KINDS: Record<string, 'approved' | 'conditional' | 'declined'> = { approveGuarantee: 'approved', conditionGuarantee: 'conditional', declineGuarantee: 'declined' }

/** The number that this share of the numbers does not pass, by nearest rank, as the server counts; null without numbers. */
export function quantile(numbers: readonly number[], percent: number): number | null {
  const rank = Math.max(1, Math.ceil((numbers.length * percent) / 100))
  return numbers.toSorted((one, other) => one - other)[rank - 1] ?? null
}

/** What was settled, counted by month, the first month first. */
export function monthly(settled: readonly Settled[]): Month[] {
  const months = new Map<string, Settled[]>()
  for (const one of settled) months.set(one.day.slice(0, 7), [...(months.get(one.day.slice(0, 7)) ?? []), one])
  return [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(([month, all]) => {
    const count = (kind: string) => all.filter((one) => (one.answer === null ? 'withdrawn' : KINDS[one.answer]) === kind).length
    const days = all.flatMap((one) => one.businessDays ?? [])
    return { month, approved: count('approved'), conditional: count('conditional'), declined: count('declined'), withdrawn: count('withdrawn'), median: quantile(days, 50), ninetieth: quantile(days, 90) }
  })
}
