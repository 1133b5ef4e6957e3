import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { RequestsOfDay, type RequestsOfDayQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useToday } from '@/lib/use'
import { Button, DataTable, DateField, Empty, PageHead, Pager, Read } from '@/ui'
import { Csv } from '../staff/Csv'
import '../partner/outside.css'
import { keyOf, useRequests } from './requests'
import type { DaySearch } from './search'

/** What the organisation was asked and answered on a day, to compare with its own books; the file has every line. */
export default function Day() {
  const text = useText()
  const today = useToday()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as DaySearch
  const on = search.on ?? today
  const [typed, setTyped] = useState<string | null>(on)
  const read = useRead(RequestsOfDay, { on, first: SIZES.RequestsOfDay, after: search.after ?? null })
  const { columns, head, cells } = useRequests()
  useTitle(text('day.title'))
  const go = (next: DaySearch) => void navigate({ to: '.', search: next as never })
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
          // A page of cases without a request of that day may stand in front of others.
          if (lines.length === 0 && !more && !search.after) return <Empty title={text('day.empty')}>{text('day.empty.help')}</Empty>
          return (
            <>
              <DataTable name={text('day.title')} columns={columns} lines={lines} keyOf={keyOf} />
              <Pager first={!search.after} more={more} busy={read.busy} toFirst={() => go({ on })} on={() => go({ on, after: requestsOfDay.pageInfo.endCursor ?? undefined })} />
              <Csv operation={RequestsOfDay} variables={{ on, first: SIZES.RequestsOfDay }} of={(data: RequestsOfDayQuery) => data.requestsOfDay} name={`requests-${on}.csv`} head={head} cells={cells} />
            </>
          )
        }}
      </Read>
    </div>
  )
}
