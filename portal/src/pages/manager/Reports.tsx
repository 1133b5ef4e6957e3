import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Intakes, type IntakesQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useBranchOptions } from '@/lib/bank'
import { csv, save } from '@/lib/file'
import { useTitle } from '@/lib/title'
import { useRead, useSeat, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, ChoiceField, DataTable, DateField, Empty, Money, PageHead, Panel, Read, Tabs, type Column } from '@/ui'
import { Bars } from './Bars'
import { approvalRate, gathered, monthsBefore, type Outcome } from './figures'
import type { FigureSearch } from './index'
import { SavedViews } from './SavedViews'
import './manager.css'

type Line = NonNullable<IntakesQuery['intakeFigures']>[number]
type Row = Outcome & { key: string }

const BY = ['month', 'branch', 'product'] as const

/** What was received and what became of it, by month, branch or product. */
export default function Reports() {
  const text = useText()
  const { session } = useSeat()
  const search = useSearch({ strict: false }) as FigureSearch
  const today = useToday()
  const [from, to] = [search.from ?? monthsBefore(today, 11), search.to ?? today]
  const read = useRead(Intakes, { from, to })
  const by = BY.find((one) => one === search.tab) ?? 'month'
  useTitle(text('reports.title'))
  return (
    <div className="stack">
      <PageHead title={text('reports.title')} />
      <p className="muted">{text('reports.help')}</p>
      {session.role !== 'AUDITOR' && <SavedViews page="/reports" />}
      <Filters key={`${from} ${to}`} from={from} to={to} lines={read.data?.intakeFigures ?? []} search={search} />
      <Tabs name={text('reports.by')} tabs={BY.map((key) => ({ key, title: text(`reports.by.${key}`) }))} current={by} keep={{ ...search }} />
      <Read of={read}>
        {({ intakeFigures }) => {
          const lines = (intakeFigures ?? []).filter((line) => (!search.branch || line.branch === search.branch) && (!search.product || line.product === search.product))
          return lines.length === 0 ? <Empty title={text('reports.empty')}>{text('reports.empty.help')}</Empty> : <Figures lines={lines} by={by} />
        }}
      </Read>
    </div>
  )
}

function Filters({ from, to, lines, search }: { from: string; to: string; lines: Line[]; search: FigureSearch }) {
  const text = useText()
  const { word } = useWords()
  const navigate = useNavigate()
  const [first, setFirst] = useState<string | null>(from)
  const [last, setLast] = useState<string | null>(to)
  const branches = useBranchOptions()
  const branchName = (code: string) => [code, branches.find((branch) => branch.value === code)?.label].filter(Boolean).join(' ')
  const go = (next: FigureSearch) => void navigate({ to: '.', search: { ...search, ...next } } as never)
  const choices = (of: (line: Line) => string, chosen: string | undefined) => [...new Set([...lines.map(of), ...(chosen ? [chosen] : [])])].sort()
  return (
    <form
      className="report-filters"
      role="search"
      aria-label={text('reports.filter')}
      onSubmit={(event) => {
        event.preventDefault()
        go({ from: first ?? undefined, to: last ?? undefined })
      }}
    >
      <DateField label={text('reports.from')} value={first} onChange={setFirst} />
      <DateField label={text('reports.to')} value={last} onChange={setLast} />
      <ChoiceField label={text('reports.branch')} value={search.branch ?? ''} blank={text('filter.all')} options={choices((line) => line.branch, search.branch).map((value) => ({ value, label: branchName(value) }))} onChange={(branch) => go({ branch: branch || undefined })} />
      <ChoiceField label={text('reports.product')} value={search.product ?? ''} blank={text('filter.all')} options={choices((line) => line.product, search.product).map((value) => ({ value, label: word('Product', value) }))} onChange={(product) => go({ product: product || undefined })} />
      <Button type="submit">{text('filter.search')}</Button>
    </form>
  )
}

function Figures({ lines, by }: { lines: Line[]; by: (typeof BY)[number] }) {
  const text = useText()
  const { word } = useWords()
  const rows: Row[] = gathered(lines, (line) => line[by])
  const all = gathered(lines, () => '')[0] as Row
  const title = (key: string) => (by === 'product' ? word('Product', key) : key)
  const rate = (row: Row) => {
    const percent = approvalRate(row)
    return percent === null ? '—' : text('reports.percent', { percent })
  }
  const counts = ['cases', 'open', 'approved', 'declined', 'withdrawn', 'lapsed', 'disbursed'] as const
  const columns: Column<Row>[] = [
    { key: 'key', title: text(`reports.by.${by}`), show: (row) => (row === all ? <strong>{text('reports.all')}</strong> : title(row.key)) },
    { key: 'cases', title: text('reports.cases'), number: true, show: (row) => row.cases },
    { key: 'amount', title: text('reports.amount'), number: true, show: (row) => <Money amount={row.amountYen} /> },
    ...counts.slice(1, 6).map((name): Column<Row> => ({ key: name, title: text(`reports.${name}`), number: true, show: (row) => row[name] })),
    { key: 'rate', title: text('reports.rate'), number: true, show: rate },
    { key: 'disbursed', title: text('reports.disbursed'), number: true, show: (row) => row.disbursed },
    { key: 'disbursedYen', title: text('reports.disbursedYen'), number: true, show: (row) => <Money amount={row.disbursedYen} /> },
  ]
  const download = () => {
    const head = [text(`reports.by.${by}`), text('reports.cases'), text('reports.amount'), ...counts.slice(1).map((name) => text(`reports.${name}`)), text('reports.disbursedYen')]
    save(`yushi-${by}.csv`, csv(head, rows.map((row) => [title(row.key), row.cases, row.amountYen, ...counts.slice(1).map((name) => row[name]), row.disbursedYen])))
  }
  const parts = ['approved', 'open', 'declined', 'withdrawn', 'lapsed'] as const
  return (
    <>
      <Panel title={text('reports.picture')}>
        <Bars
          said={text('reports.said', { cases: all.cases, approved: all.approved, declined: all.declined, open: all.open })}
          bars={rows.map((row) => ({ key: row.key, title: title(row.key), parts: parts.map((name) => ({ key: name, title: text(`reports.${name}`), value: row[name] })) }))}
        />
      </Panel>
      <Panel title={text('reports.table')} actions={<Button size="s" onClick={download}>{text('reports.csv')}</Button>}>
        <DataTable name={text('reports.table')} columns={columns} lines={[...rows, all]} keyOf={(row) => (row === all ? 'all' : row.key)} dense />
        <p className="muted small">{text('reports.rate.help')}</p>
      </Panel>
    </>
  )
}
