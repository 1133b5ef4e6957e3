import type { Day } from '@/lib/dates'
import type { Clock } from '@/lib/times'

/** The states of a filing in the order in which it passes them. A correction stands beside the acceptance. */
export const FILING = ['INSTRUCTED', 'ID_VERIFIED', 'DOCS_READY', 'FILED', 'ACCEPTED', 'COMPLETED'] as const
export type FilingStep = (typeof FILING)[number]

/** States from which a filing does not go on by itself. */
export const STOPPED = ['REJECTED', 'WITHDRAWN', 'CANCELLED', 'DEFERRED', 'NOT_INSTRUCTED'] as const

/** Each step of a filing: passed, reached last, or still to come. A filing that stopped has none that goes on. */
export function filingSteps(state: string): { key: FilingStep; state: 'done' | 'now' | 'next' }[] {
  const at = FILING.indexOf((state === 'CORRECTION' ? 'ACCEPTED' : state) as FilingStep)
  return FILING.map((key, place) => ({ key, state: place < at || state === 'COMPLETED' ? 'done' : place === at ? 'now' : 'next' }))
}

/** What the calendar shows of a job. Without a time it is the whole day. */
export interface Entry {
  day: Day
  kind: 'due' | 'settles'
  id: string
  applicationId: string
  number: string
  what: string
  time?: Clock | null
  place?: string | null
}

/** A settlement as it is arranged, on the planned day; none where no day is fixed, and where the case ended before the money. */
export interface Settled {
  plannedDate: Day
  settlement: { time: Clock | null; place: string | null } | null
}

/** The settlements that are fixed for a day, by their time; those without one come last. */
export function settlementsOn<Line extends Settled>(lines: Line[], day: Day): Line[] {
  const late = (line: Line) => line.settlement?.time ?? '99:99'
  return lines.filter((line) => line.settlement && line.plannedDate === day).toSorted((one, other) => late(one).localeCompare(late(other)))
}

/** The Monday of the week of a day. */
export function mondayOf(day: Day): Day {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7))
  return at.toISOString().slice(0, 10)
}

/** The entries by week and by day, both in order. */
export function weeks(entries: Entry[]): { monday: Day; days: { day: Day; entries: Entry[] }[] }[] {
  const found = new Map<Day, Map<Day, Entry[]>>()
  // Within a day as calendars have it: what lasts all day, then by time.
  const place = (entry: Entry) => `${entry.day} ${entry.time ?? ''} ${entry.number}`
  for (const entry of entries.toSorted((one, other) => (place(one) < place(other) ? -1 : 1))) {
    const monday = mondayOf(entry.day)
    const days = found.get(monday) ?? new Map<Day, Entry[]>()
    found.set(monday, days.set(entry.day, [...(days.get(entry.day) ?? []), entry]))
  }
  return [...found].map(([monday, days]) => ({ monday, days: [...days].map(([day, entries]) => ({ day, entries })) }))
}

/** Text as a calendar file takes it (RFC 5545, 3.3.11). */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, '\\n')
}

/** A line in parts of at most 75 bytes, the later ones behind a space (RFC 5545, 3.1). */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  let bytes = 0
  for (const sign of line) {
    const size = new TextEncoder().encode(sign).length
    if (bytes + size > 74) {
      parts.push(part)
      part = ''
      bytes = 0
    }
    part += sign
    bytes += size
  }
  return [...parts, part].join('\r\n ')
}

/** Begin and end of an entry: a time of day in Tokyo in UTC, for the hour that a meeting is held to last, or the whole day. */
function span(entry: Entry): string[] {
  const utc = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  if (entry.time) {
    const begin = new Date(`${entry.day}T${entry.time}:00+09:00`).getTime()
    return [`DTSTART:${utc(begin)}`, `DTEND:${utc(begin + 3_600_000)}`]
  }
  const next = new Date(new Date(`${entry.day}T00:00:00Z`).getTime() + 86_400_000).toISOString().slice(0, 10)
  return [`DTSTART;VALUE=DATE:${entry.day.replaceAll('-', '')}`, `DTEND;VALUE=DATE:${next.replaceAll('-', '')}`]
}

/** The entries as a calendar file. It leaves the portal: numbers, work and places are in it, names are not. `at`: now. */
export function calendarFile(entries: Entry[], at: Date): string {
  const stamp = `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const events = entries.flatMap((entry) => [
    'BEGIN:VEVENT',
    `UID:${entry.kind}-${entry.id}@yushi`,
    `DTSTAMP:${stamp}`,
    ...span(entry),
    `SUMMARY:${escaped(`${entry.what} ${entry.number}`)}`,
    ...(entry.place ? [`LOCATION:${escaped(entry.place)}`] : []),
    'END:VEVENT',
  ])
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Yushi//portal//JA', ...events, 'END:VCALENDAR', ''].map(folded).join('\r\n')
}

/** Does the office that was asked still owe its answer for the job? */
export function answerIsDue(desk: { organisation: string | null; engagement: { state: string } | null } | null | undefined): boolean {
  return Boolean(desk?.organisation) && (!desk?.engagement || desk.engagement.state === 'ASKED')
}
