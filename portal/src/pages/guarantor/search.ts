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

/** How many answers of a kind a month has. */
export interface Count {
  month: string
  answer: string
  count: number
}

/** Answers counted by month and kind, the first month first. */
export function counted(answers: readonly { month: string; answer: string }[]): Count[] {
  const counts = new Map<string, Count>()
  for (const { month, answer } of answers) {
    const key = `${month} ${answer}`
    counts.set(key, { month, answer, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count)
}
