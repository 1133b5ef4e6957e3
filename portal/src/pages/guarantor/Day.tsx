import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { RequestsOfDay, type RequestsOfDayQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { inTokyo } from '@/lib/dates'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, DateField, Empty, Instant, Money, PageHead, Pager, Read, Tag, WDate, type Column } from '@/ui'
import { Csv } from '../staff/Csv'
import '../partner/outside.css'
import type { DaySearch } from './search'

type Line = NonNullable<RequestsOfDayQuery['requestsOfDay']>['edges'][number]['node']

/** Columns of the file. */
const HEAD = [
  'number', 'case', 'request', 'bank', 'branch', 'version', 'asked', 'wanted', 'standing', 'answer', 'answered', 'later', 'laterAt', 'guarantee', 'amount', 'valid', 'conditions',
] as const

/** What the organisation was asked and answered on a day, to compare with its own books; the file has every line. */
export default function Day() {
  const text = useText()
  const { session } = useSeat()
  const { say } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as DaySearch
  const on = search.on ?? inTokyo(new Date(Date.now() + session.behind)).day
  const [typed, setTyped] = useState<string | null>(on)
  const read = useRead(RequestsOfDay, { on, first: SIZES.RequestsOfDay, after: search.after ?? null })
  useTitle(text('day.title'))
  const go = (next: DaySearch) => void navigate({ to: '.', search: next as never })
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
  return (
    <div className="outside stack">
      <PageHead title={text('day.title')} />
      <p className="muted">{text('day.help')}</p>
      <form
        className="row find"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          if (typed) go({ on: typed })
        }}
      >
        <DateField label={text('day.on')} value={typed} onChange={setTyped} />
        <Button type="submit">{text('day.show')}</Button>
      </form>
      <Read of={read}>
        {({ requestsOfDay }) => {
          if (!requestsOfDay) return <Empty title={text('day.empty')} />
          const lines = requestsOfDay.edges.map((edge) => edge.node)
          const more = requestsOfDay.pageInfo.hasNextPage
          return (
            <>
              {/* A page of cases without a request of that day may stand in front of others. */}
              {lines.length === 0 && !more && !search.after ? (
                <Empty title={text('day.empty')}>{text('day.empty.help')}</Empty>
              ) : (
                <>
                  <DataTable name={text('day.title')} columns={columns} lines={lines} keyOf={(line) => `${line.applicationId} ${line.requestId}`} />
                  <Pager first={!search.after} more={more} busy={read.busy} toFirst={() => go({ on })} on={() => go({ on, after: requestsOfDay.pageInfo.endCursor ?? undefined })} />
                  <Csv
                    operation={RequestsOfDay}
                    variables={{ on, first: SIZES.RequestsOfDay }}
                    of={(data: RequestsOfDayQuery) => data.requestsOfDay}
                    name={`requests-${on}.csv`}
                    head={HEAD.map((column) => text(`day.csv.${column}`))}
                    cells={(line: Line) => [
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
                    ]}
                  />
                </>
              )}
            </>
          )
        }}
      </Read>
    </div>
  )
}
