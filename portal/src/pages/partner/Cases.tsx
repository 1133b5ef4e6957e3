import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { WorkCases } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { Button, DataTable, Empty, Money, PageHead, Pager, Read, TextField, WDate, type Column } from '@/ui'
import { caseOf } from './when'
import './outside.css'

/** Every case that one works or worked on. What is searched for is no part of the address: it may be a name. */
export default function Cases() {
  const text = useText()
  const { session } = useSeat()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { after?: string }
  const [typed, setTyped] = useState('')
  const [wanted, setWanted] = useState('')
  const cases = useRead(WorkCases, { first: SIZES.WorkCases, after: search.after ?? null, text: wanted || null })
  useTitle(text('cases.title'))
  const go = (after: string | undefined) => void navigate({ to: '.', search: { after } as never })
  const find = (event: FormEvent) => {
    event.preventDefault()
    setWanted(typed.trim())
    go(undefined)
  }
  return (
    <div className="outside stack">
      <PageHead title={text('cases.title')} />
      <form role="search" className="row find" onSubmit={find}>
        <TextField label={text('cases.find')} value={typed} onChange={setTyped} />
        <Button type="submit">{text('cases.find.do')}</Button>
      </form>
      <Read of={cases}>
        {({ applications }) => {
          const lines = applications?.edges.map((edge) => edge.node) ?? []
          if (!applications || lines.length === 0) return <Empty title={text(wanted ? 'cases.none' : 'cases.empty')} />
          type Line = (typeof lines)[number]
          const columns: Column<Line>[] = [
            { key: 'number', title: text('cases.number'), show: (line) => <Link to={caseOf(session.role) as never} params={{ id: line.id } as never} className="tall">{line.number}</Link> },
            ...(lines.some((line) => line.applicantName) ? [{ key: 'name', title: text('cases.name'), show: (line: Line) => <span lang="ja">{line.applicantName}</span> }] : []),
            ...(lines.some((line) => line.amountYen !== undefined) ? [{ key: 'amount', title: text('cases.amount'), number: true, show: (line: Line) => (line.amountYen === undefined ? '—' : <Money amount={line.amountYen} />) }] : []),
            ...(lines.some((line) => line.plannedDate) ? [{ key: 'planned', title: text('cases.planned'), show: (line: Line) => <WDate day={line.plannedDate} /> }] : []),
          ]
          return (
            <>
              <p className="muted small">{text('list.count', { shown: lines.length, total: applications.totalCount ?? lines.length })}</p>
              <DataTable name={text('cases.title')} columns={columns} lines={lines} keyOf={(line) => line.id} />
              <Pager first={!search.after} more={applications.pageInfo.hasNextPage} busy={cases.busy} toFirst={() => go(undefined)} on={() => go(applications.pageInfo.endCursor ?? undefined)} />
            </>
          )
        }}
      </Read>
    </div>
  )
}
