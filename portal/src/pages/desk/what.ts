import type { IncidentAction, IncidentsQuery } from '@/gql/operations'

export type Incident = NonNullable<IncidentsQuery['incidents']>['edges'][number]['node']

/** Every kind of incident, in the order of the tabs. */
export const KINDS = ['UNDELIVERED', 'UNKNOWN_PAYMENT', 'OVERDUE_PROMISE', 'EXPIRED_PROMISE', 'STUCK_TIMER', 'DEAD_LETTER', 'DISABLED_ENDPOINT', 'OPEN_DAY', 'LATE_EVENTS'] as const

/** The actions, in the order of their buttons. */
const ORDER: readonly IncidentAction[] = ['TAKE', 'RETRY', 'ENABLE', 'REMIND', 'READDRESS', 'CLOSE', 'APPROVE', 'RETURN', 'RELEASE']

/** What can be done with at least one of the picked ones, each with how many. The API says beforehand of every one whether it comes to something. */
export function offered(lines: readonly Incident[]): { action: IncidentAction; count: number }[] {
  return ORDER.map((action) => ({ action, count: lines.filter((line) => line.possible.includes(action)).length })).filter(({ count }) => count > 0)
}

/** What an incident is about, in short: the number of its case, or that it is the bank's own. */
export function nameOf(line: Pick<Incident, 'applicationId' | 'number'>, text: (key: 'desk.bank' | 'desk.noNumber') => string): string {
  return line.applicationId === null ? text('desk.bank') : line.number || text('desk.noNumber')
}

/** What an action asks for beside the incidents. */
export function asksFor(action: IncidentAction): 'reason' | 'mailTo' | null {
  return action === 'CLOSE' ? 'reason' : action === 'READDRESS' ? 'mailTo' : null
}

/** Has everything been said that the action asks for? The API judges whether it is right. */
export function isSaid(action: IncidentAction, reason: string, mailTo: string): boolean {
  const asked = asksFor(action)
  return asked === 'reason' ? reason !== '' : asked === 'mailTo' ? mailTo.trim() !== '' : true
}

/** What a try came to, as a tone. */
export function toneOf(ended: string): 'good' | 'warn' | 'bad' | 'plain' {
  return ended === 'DELIVERED' || ended === 'POSTED' ? 'good' : ended === 'PARKED' || ended === 'BOUNCED' ? 'bad' : ended === 'WAITING' || ended === 'DELAYED' ? 'warn' : 'plain'
}
