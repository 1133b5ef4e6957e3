import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Applications as Query, Views, type ApplicationFilter, type ApplicationSort, type ApplicationsQuery, type Product, type Stage } from '@/gql/operations'
import { ENUMS } from '@/gql/verbs'
import { useText } from '@/i18n'
import { useLive } from '@/lib/live'
import { SIZES } from '@/lib/sizes'
import { narrow } from '@/lib/text'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, ChoiceField, DataTable, DateField, Empty, Instant, Money, Notice, PageHead, Pager, Read, Tag, TextField, WDate, type Column } from '@/ui'
import { SavedViews } from '../manager/SavedViews'
import { Csv } from './Csv'
import { laidOut } from './layout'
import { LayoutButton, useLayout } from './LayoutButton'
import { Applicant, CaseLink } from './Queue'
import type { ListSearch } from './index'
import './staff.css'

type Line = NonNullable<ApplicationsQuery['applications']>['edges'][number]['node']

const STAGES = ['DRAFT', 'SUBMITTED', 'INCOMPLETE', 'SCREENING', 'RE_SCREENING', 'APPROVED', 'CONDITIONALLY_APPROVED', 'CHANGE_REQUESTED', 'CONTRACTING', 'CONTRACT_TENDERED', 'CONTRACTED', 'SCHEDULED', 'ON_HOLD', 'READY', 'DISBURSING', 'RECONCILING', 'PARTIALLY_DISBURSED', 'DISBURSED', 'HANDED_OVER', 'DECLINED', 'WITHDRAWN', 'APPROVAL_EXPIRED', 'APPROVAL_RESCINDED', 'CONTRACT_TERMINATED', 'DISCARDED']
const SORTS = ['UPDATED_DESC', 'UPDATED_ASC', 'PLANNED_ASC', 'PLANNED_DESC']

function filterOf(search: ListSearch, text: string): ApplicationFilter {
  return {
    ...(text && { text }),
    ...(search.stage && { stages: [search.stage as Stage] }),
    ...(search.product && { product: search.product as Product }),
    ...(search.branch && { branch: search.branch }),
    ...(search.plannedFrom && { plannedFrom: search.plannedFrom }),
    ...(search.plannedTo && { plannedTo: search.plannedTo }),
    ...(search.receivedFrom && { receivedFrom: search.receivedFrom }),
    ...(search.receivedTo && { receivedTo: search.receivedTo }),
  }
}

/** Every case that one sees, closed ones included. The address holds the filters, so a list can be shared. */
export default function Applications() {
  const text = useText()
  const { word } = useWords()
  const search = useSearch({ strict: false }) as ListSearch
  const navigate = useNavigate()
  const { session } = useSeat()
  // A name is no part of an address: it stays in the history of this tab.
  const typed = useRouterState({ select: (state) => (state.location.state as { text?: string }).text ?? '' })
  const filter = filterOf(search, typed)
  const sort = SORTS.find((one) => one === search.sort) ?? 'UPDATED_DESC'
  const list = useRead(Query, { first: SIZES.Applications, after: search.after ?? null, filter, sort: sort as ApplicationSort })
  // Auditors have no saved views, and so nowhere to keep a layout.
  const saves = session.role !== 'AUDITOR'
  const views = useRead(Views, { page: '/applications' }, !saves)
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  useTitle(text('applications.title'))
  const refresh = () => {
    setChanged(new Set())
    list.again()
  }
  // What is on screen changes in its place; only what may have come or gone is said.
  const shown = new Set(list.data?.applications?.edges.map((edge) => edge.node.id))
  useLive((change) => !shown.has(change.id) && setChanged((now) => new Set(now).add(change.id)), refresh)
  const go = (next: ListSearch, text = typed) => void navigate({ to: '.', search: { ...search, after: undefined, ...next }, state: { text } } as never)
  const columns: Column<Line>[] = [
    { key: 'number', title: text('queue.number'), show: (line) => <CaseLink id={line.id} number={line.number} /> },
    { key: 'applicant', title: text('queue.applicant'), show: (line) => (line.applicantName ? <Applicant name={line.applicantName} kana={line.applicantKana ?? ''} /> : '—') },
    { key: 'stage', title: text('queue.stage'), show: (line) => <Tag>{word('Stage', line.stage)}</Tag> },
    { key: 'product', title: text('applications.product'), show: (line) => word('Product', line.product) },
    { key: 'amount', title: text('queue.amount'), number: true, show: (line) => <Money amount={line.amountYen} /> },
    { key: 'planned', title: text('applications.planned'), show: (line) => <WDate day={line.plannedDate} /> },
    { key: 'branch', title: text('applications.branch'), show: (line) => line.branch },
    { key: 'updated', title: text('applications.updated'), show: (line) => <Instant at={line.updatedAt} /> },
  ]
  const filtered = Object.keys(filter).length > 0
  const laid = useLayout('applications', columns, views.data?.layouts)
  return (
    <div className="stack">
      <PageHead title={text('applications.title')} />
      {saves && <SavedViews page="/applications" of={views} />}
      <Filters key={JSON.stringify([search, typed])} search={search} typed={typed} sort={sort} go={go} />
      {changed.size > 0 && (
        <Notice>
          {text('live.changed', { count: changed.size })}
          <Button size="s" onClick={refresh}>{text('live.show')}</Button>
        </Notice>
      )}
      <Read of={list}>
        {({ applications }) =>
          !applications || applications.edges.length === 0 ? (
            <Empty title={text(filtered ? 'applications.empty.filtered' : 'applications.empty')}>
              {filtered && <Button onClick={() => void navigate({ to: '.', search: {}, state: { text: '' } } as never)}>{text('filter.clear')}</Button>}
            </Empty>
          ) : (
            <>
              <div className="spread">
                <p className="muted small">
                  {text(applications.totalIsExact === false ? 'list.countAtLeast' : 'list.count', { shown: applications.edges.length, total: applications.totalCount ?? 0 })}
                </p>
                <LayoutButton list="applications" columns={columns} of={laid} keeps={saves} again={views.again} />
                <Csv
                  operation={Query}
                  variables={{ first: SIZES.Applications, filter, sort: sort as ApplicationSort }}
                  of={(data) => data.applications}
                  name="yushi-applications.csv"
                  head={columns.map((column) => column.title)}
                  cells={(line: Line) => [line.number, line.applicantName ?? '', word('Stage', line.stage), word('Product', line.product), line.amountYen, line.plannedDate, line.branch, line.updatedAt ?? '']}
                />
              </div>
              <DataTable sticky dense={laid.layout.dense} name={text('applications.title')} columns={laidOut(columns, laid.layout)} lines={applications.edges.map((edge) => edge.node)} keyOf={(line) => line.id} />
              <Pager
                first={!search.after}
                more={applications.pageInfo.hasNextPage}
                busy={list.busy}
                toFirst={() => go({})}
                on={() => go({ after: applications.pageInfo.endCursor ?? undefined })}
              />
            </>
          )
        }
      </Read>
    </div>
  )
}

function Filters(props: { search: ListSearch; typed: string; sort: string; go: (next: ListSearch, text?: string) => void }) {
  const { search, sort, go } = props
  const text = useText()
  const { word } = useWords()
  const [typed, setTyped] = useState(props.typed)
  const [from, setFrom] = useState(search.plannedFrom ?? null)
  const [to, setTo] = useState(search.plannedTo ?? null)
  const choices = (list: string, codes: string[]) => codes.map((code) => ({ value: code, label: word(list, code) }))
  return (
    <form
      className="filters"
      role="search"
      aria-label={text('applications.filter.name')}
      onSubmit={(event) => {
        event.preventDefault()
        // Numbers are kept in plain letters, names in their own.
        const wanted = typed.trim()
        go({ plannedFrom: from ?? undefined, plannedTo: to ?? undefined }, /^[！-～]+$/.test(wanted) ? narrow(wanted) : wanted)
      }}
    >
      <TextField label={text('applications.filter.text')} value={typed} onChange={setTyped} />
      <ChoiceField label={text('queue.stage')} value={search.stage ?? ''} blank={text('filter.all')} options={choices('Stage', STAGES)} onChange={(stage) => go({ stage: stage || undefined })} />
      <ChoiceField label={text('applications.product')} value={search.product ?? ''} blank={text('filter.all')} options={choices('Product', ENUMS['Product'] ?? [])} onChange={(product) => go({ product: product || undefined })} />
      <DateField label={text('applications.filter.plannedFrom')} value={from} onChange={setFrom} />
      <DateField label={text('applications.filter.plannedTo')} value={to} onChange={setTo} />
      <ChoiceField label={text('filter.sort')} value={sort} options={choices('ApplicationSort', SORTS)} onChange={(chosen) => go({ sort: chosen })} />
      <Button type="submit">{text('filter.search')}</Button>
    </form>
  )
}
