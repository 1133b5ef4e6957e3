import type { Day } from '@/lib/dates'

/** What a line of work has that says when it is due. */
export interface Dated {
  dueOn: Day
  businessDaysLeft: number
  plannedDate?: Day | null | undefined
}

/** The groups of a list of work, in the order in which they are shown. */
export const WHEN = ['overdue', 'today', 'later'] as const
export type When = (typeof WHEN)[number]

/** Overdue work first, then what is due or disbursed today, then the rest. `today`: the bank's day. */
export function whenOf(line: Dated, today: Day): When {
  if (line.businessDaysLeft < 0) return 'overdue'
  return line.businessDaysLeft === 0 || line.dueOn === today || line.plannedDate === today ? 'today' : 'later'
}

/** The lines of each group that has any. */
export function grouped<Line extends Dated>(lines: Line[], today: Day): [When, Line[]][] {
  return WHEN.map((when): [When, Line[]] => [when, lines.filter((line) => whenOf(line, today) === when)]).filter(([, found]) => found.length > 0)
}

/** The role's own page of a case; one's own pages know where they are. */
export const CASE_OF: Record<string, string> = { SCRIVENER: '/jobs/$id', GUARANTOR: '/reviews/$id' }

/** Where the case of a line stands for a role. */
export function caseOf(role: string): string {
  return CASE_OF[role] ?? '/cases/$id'
}

/** An address on one line. Some have the prefecture in their text already. */
export function addressText(address: { prefecture: string; text: string }): string {
  return address.text.startsWith(address.prefecture) ? address.text : `${address.prefecture}${address.text}`
}
