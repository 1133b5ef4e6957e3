import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { AuditLines, LastCheckpoint, Looks, type AuditKind, type AuditLinesQuery, type LooksQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, ChoiceField, DataTable, DateField, Empty, Facts, Instant, Notice, PageHead, Pager, Panel, Read, Tabs, TextField, type Column } from '@/ui'
import '@/pages/manager/manager.css'
import type { AdminSearch } from './index'
import { NotForRole, useCodes, useSees } from './shared'

type Line = NonNullable<AuditLinesQuery['auditLines']>['edges'][number]['node']
type Look = NonNullable<LooksQuery['accessLog']>['edges'][number]['node']

/** What the limits of one request let through. */
const PAGE = 30

/** What was refused, looked at and done beside the cases, and how far it is sealed. */
export default function Audit() {
  const text = useText()
  const search = useSearch({ strict: false }) as AdminSearch
  const [looks, lines] = [useSees(Looks), useSees(AuditLines)]
  const tab = lines && search.tab !== 'looks' ? 'lines' : 'looks'
  useTitle(text('audit.title'))
  if (!looks) return <NotForRole title={text('audit.title')} />
  const tabs = [...(lines ? [{ key: 'lines', title: text('audit.lines') }] : []), { key: 'looks', title: text('audit.looks') }]
  return (
    <div className="stack">
      <PageHead title={text('audit.title')} />
      <Sealed />
      <Tabs name={text('audit.tabs')} tabs={tabs} current={tab} />
      {tab === 'lines' ? <LinesTab search={search} /> : <LooksTab search={search} />}
    </div>
  )
}

/** The latest checkpoint. Whether it holds is told by the check on another machine, not by the program that is checked. */
function Sealed() {
  const text = useText()
  const read = useRead(LastCheckpoint, {})
  return (
    <Panel title={text('audit.sealed')}>
      <Read of={read}>
        {({ lastCheckpoint: last }) =>
          last ? (
            <>
              <Facts
                of={[
                  [text('audit.sealed.number'), last.number],
                  [text('audit.sealed.at'), <Instant key="at" at={last.at} />],
                  [text('audit.sealed.size'), last.size],
                  [text('audit.sealed.applications'), last.coveredCases],
                  [text('audit.sealed.messages'), last.messages],
                  [text('audit.sealed.key'), <code key="key">{last.key}</code>],
                ]}
              />
              <p className="muted small">{text('audit.sealed.help')}</p>
            </>
          ) : (
            <Notice tone="warn">{text('audit.sealed.none')}</Notice>
          )
        }
      </Read>
    </Panel>
  )
}

function useGo(search: AdminSearch) {
  const navigate = useNavigate()
  return (next: AdminSearch) => void navigate({ to: '.', search: { ...search, after: undefined, ...next } } as never)
}

function LinesTab({ search }: { search: AdminSearch }) {
  const text = useText()
  const { word, say } = useWords()
  const kinds = useCodes('AuditKind')
  const go = useGo(search)
  const kind = kinds.find((one) => one === search.kind)
  const read = useRead(AuditLines, { first: PAGE, after: search.after ?? null, kind: (kind as AuditKind | undefined) ?? null, subject: search.who ?? null, from: search.from ?? null, to: search.to ?? null })
  const columns: Column<Line>[] = [
    { key: 'at', title: text('audit.at'), show: (line) => <Instant at={line.at} /> },
    { key: 'kind', title: text('audit.kind'), show: (line) => word('AuditKind', line.kind) },
    { key: 'who', title: text('audit.who'), show: (line) => <>{line.subject}<span className="muted small">（{say(line.roleLabel)}）</span></> },
    { key: 'verb', title: text('audit.verb'), show: (line) => (line.verb ? word('Verb', line.verb) : '—') },
    { key: 'code', title: text('audit.code'), show: (line) => line.code ?? '—' },
    { key: 'case', title: text('audit.case'), show: (line) => (line.applicationId ? <Link to={'/applications/$id' as never} params={{ id: line.applicationId } as never}>{text('audit.case.open')}</Link> : '—') },
  ]
  return (
    <>
      <Search key={JSON.stringify(search)} search={search} go={go} kinds={kinds} />
      <Read of={read}>
        {({ auditLines: page }) =>
          !page || page.edges.length === 0 ? (
            <Empty title={text('audit.empty')} />
          ) : (
            <>
              <DataTable name={text('audit.lines')} columns={columns} lines={page.edges.map((edge) => edge.node)} keyOf={(line) => line.id} dense />
              <Pager first={!search.after} more={page.pageInfo.hasNextPage} busy={read.busy} toFirst={() => go({})} on={() => go({ after: page.pageInfo.endCursor ?? undefined })} />
            </>
          )
        }
      </Read>
    </>
  )
}

function Search({ search, go, kinds }: { search: AdminSearch; go: (next: AdminSearch) => void; kinds: string[] }) {
  const text = useText()
  const { word } = useWords()
  const [who, setWho] = useState(search.who ?? '')
  const [from, setFrom] = useState(search.from ?? null)
  const [to, setTo] = useState(search.to ?? null)
  return (
    <form
      className="report-filters"
      role="search"
      aria-label={text('audit.search')}
      onSubmit={(event) => {
        event.preventDefault()
        go({ who: who.trim() || undefined, from: from ?? undefined, to: to ?? undefined })
      }}
    >
      <ChoiceField label={text('audit.kind')} value={search.kind ?? ''} blank={text('filter.all')} options={kinds.map((value) => ({ value, label: word('AuditKind', value) }))} onChange={(kind) => go({ kind: kind || undefined })} />
      <TextField label={text('audit.who')} value={who} onChange={setWho} />
      <DateField label={text('audit.from')} value={from} onChange={setFrom} />
      <DateField label={text('audit.to')} value={to} onChange={setTo} />
      <Button type="submit">{text('filter.search')}</Button>
    </form>
  )
}

function LooksTab({ search }: { search: AdminSearch }) {
  const text = useText()
  const { word } = useWords()
  const go = useGo(search)
  const [number, setNumber] = useState(search.number ?? '')
  const [who, setWho] = useState(search.who ?? '')
  const [both, setBoth] = useState(false)
  const asked = Boolean(search.number) !== Boolean(search.who)
  const read = useRead(Looks, { first: PAGE, after: search.after ?? null, number: search.number ?? null, subject: search.number ? null : (search.who ?? null) }, !asked)
  const columns: Column<Look>[] = [
    { key: 'at', title: text('audit.at'), show: (line) => <Instant at={line.at} /> },
    { key: 'who', title: text('audit.who'), show: (line) => <>{line.subject}<span className="muted small">（{word('Role', line.role)}）</span></> },
    { key: 'case', title: text('audit.number'), show: (line) => line.number ?? text('audit.several', { count: line.applicationIds.length }) },
    { key: 'kinds', title: text('audit.kinds'), show: (line) => line.kinds.map((kind) => text(`audit.look.${kind as 'NAME'}`)).join('、') },
    { key: 'purpose', title: text('audit.purpose'), show: (line) => text(`audit.purpose.${line.purpose as 'AUDIT'}`) },
  ]
  return (
    <>
      <form
        className="report-filters"
        role="search"
        aria-label={text('audit.looks.search')}
        onSubmit={(event) => {
          event.preventDefault()
          const [case_, person] = [number.trim(), who.trim()]
          setBoth(Boolean(case_) === Boolean(person))
          if (Boolean(case_) !== Boolean(person)) go({ number: case_ || undefined, who: person || undefined })
        }}
      >
        <TextField label={text('audit.number')} value={number} onChange={setNumber} error={both ? text('audit.looks.one') : undefined} />
        <TextField label={text('audit.who')} value={who} onChange={setWho} />
        <Button type="submit">{text('filter.search')}</Button>
      </form>
      {!asked ? (
        <Empty title={text('audit.looks.ask')}>{text('audit.looks.one')}</Empty>
      ) : (
        <Read of={read}>
          {({ accessLog: page }) =>
            !page || page.edges.length === 0 ? (
              <Empty title={text('audit.looks.empty')} />
            ) : (
              <>
                <DataTable name={text('audit.looks')} columns={columns} lines={page.edges.map((edge) => ({ ...edge.node, cursor: edge.cursor }))} keyOf={(line) => (line as Look & { cursor: string }).cursor} dense />
                <Pager first={!search.after} more={page.pageInfo.hasNextPage} busy={read.busy} toFirst={() => go({})} on={() => go({ after: page.pageInfo.endCursor ?? undefined })} />
              </>
            )
          }
        </Read>
      )}
    </>
  )
}
