import { Link } from '@tanstack/react-router'
import type { RequestsOfDayQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { Instant, Money, Tag, WDate, type Column } from '@/ui'

/** A page of requests to the organisation. */
export type Requests = NonNullable<RequestsOfDayQuery['requestsOfDay']>

/** A request and what became of it. */
export type Line = Requests['edges'][number]['node']

/** Columns of the file. */
const HEAD = [
  'number', 'case', 'request', 'bank', 'branch', 'version', 'asked', 'wanted', 'standing', 'answer', 'answered', 'later', 'laterAt', 'guarantee', 'amount', 'valid', 'conditions',
] as const

/** What identifies a line. */
export const keyOf = (line: Line): string => `${line.applicationId} ${line.requestId}`

/** How requests stand in a table and in a file. */
export function useRequests(): { columns: Column<Line>[]; head: string[]; cells: (line: Line) => (string | number)[] } {
  const text = useText()
  const { say } = useWords()
  const moment = (at: string | null) => (at ? <Instant at={at} /> : '—')
  const columns: Column<Line>[] = [
    { key: 'number', title: text('day.number'), show: (line) => <Link to={'/reviews/$id' as never} params={{ id: line.applicationId } as never} className="tall">{line.number}</Link> },
    { key: 'bank', title: text('day.bank'), show: (line) => `${line.bankCode}-${line.branch}` },
    { key: 'asked', title: text('day.asked'), show: (line) => moment(line.askedAt) },
    { key: 'wanted', title: text('day.wanted'), number: true, show: (line) => (line.requestedYen === null ? '—' : <Money amount={line.requestedYen} />) },
    { key: 'standing', title: text('day.standing'), show: (line) => <Tag tone={line.standing === 'OPEN' ? 'now' : 'plain'}>{say(line.standingLabel)}</Tag> },
    { key: 'answer', title: text('day.answer'), show: (line) => (line.answerLabel ? say(line.answerLabel) : '—') },
    { key: 'answered', title: text('day.answered'), show: (line) => moment(line.answeredAt) },
    { key: 'later', title: text('day.later'), show: (line) => (line.laterLabel ? say(line.laterLabel) : '—') },
    { key: 'guarantee', title: text('review.number'), show: (line) => line.guaranteeNumber ?? '—' },
    { key: 'amount', title: text('day.amount'), number: true, show: (line) => (line.guaranteedYen === null ? '—' : <Money amount={line.guaranteedYen} />) },
    { key: 'valid', title: text('review.valid'), show: (line) => (line.validUntil ? <WDate day={line.validUntil} /> : '—') },
  ]
  const cells = (line: Line) => [
    line.number,
    line.applicationId,
    line.requestId,
    line.bankCode,
    line.branch,
    line.contentVersion ?? '',
    line.askedAt,
    line.requestedYen ?? '',
    say(line.standingLabel),
    line.answerLabel ? say(line.answerLabel) : '',
    line.answeredAt ?? '',
    line.laterLabel ? say(line.laterLabel) : '',
    line.laterAt ?? '',
    line.guaranteeNumber ?? '',
    line.guaranteedYen ?? '',
    line.validUntil ?? '',
    line.conditions.join(' / '),
  ]
  return { columns, head: HEAD.map((column) => text(`day.csv.${column}`)), cells }
}
