import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { WorkflowTable, type WorkflowTableQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, CheckField, ChoiceField, DataTable, Empty, Notice, PageHead, Panel, Read, TroubleView, type Column } from '@/ui'
import { useCasePath } from './casePath'
import { Diagram } from './Diagram'
import { drawn, isMain, pathTaken, waysOf, type Way } from './graph'
import type { AdminSearch } from './index'

type Row = NonNullable<WorkflowTableQuery['workflow']>['rows'][number]

/** How a loan goes, as the machine has it: the picture, every transition, and of a case the way that it took. */
export default function Workflow() {
  const text = useText()
  const read = useRead(WorkflowTable, {})
  useTitle(text('workflow.title'))
  return (
    <div className="stack">
      <PageHead title={text('workflow.title')}>
        <Button onClick={() => window.print()}>{text('workflow.print')}</Button>
      </PageHead>
      <Read of={read}>
        {({ workflow }) => workflow && <Table version={workflow.version} rows={workflow.rows} />}
      </Read>
    </div>
  )
}

function Table({ version, rows }: { version: string; rows: Row[] }) {
  const text = useText()
  const { session } = useSeat()
  const search = useSearch({ strict: false }) as AdminSearch
  const navigate = useNavigate()
  const { word } = useWords()
  const path = useCasePath(session.role === 'USER_ADMIN' ? undefined : search.case)
  const way = useMemo(() => pathTaken(rows, path.rows), [rows, path.rows])
  const taken = useMemo(() => new Set(search.case ? way.steps : []), [way, search.case])
  const visited = useMemo(() => new Set(search.case ? way.visited : []), [way, search.case])
  const all = useMemo(() => waysOf(rows), [rows])
  const ways = useMemo(() => drawn(all, search.ends === '1', taken), [all, search.ends, taken])
  const go = (next: AdminSearch) => void navigate({ to: '.', search: { ...search, ...next }, resetScroll: false } as never)
  const chosen = search.stage ?? null
  return (
    <>
      <p className="muted small">{text('workflow.version', { version, rows: rows.length })}</p>
      {path.trouble && <TroubleView trouble={path.trouble} />}
      {path.about && (
        <Notice>
          {text('workflow.case', { number: path.about.number })}
          <Link to={'/applications/$id' as never} params={{ id: path.about.id } as never}>{text('workflow.case.back')}</Link>
          <Button size="s" onClick={() => go({ case: undefined })}>{text('workflow.case.leave')}</Button>
        </Notice>
      )}
      <div className="no-print">
        <CheckField label={text('workflow.ends')} value={search.ends === '1'} onChange={(ends) => go({ ends: ends ? '1' : undefined })} />
      </div>
      <div className="workflow-grid">
        <Diagram ways={ways} taken={taken} visited={visited} now={path.about?.stage ?? null} chosen={chosen} choose={(stage) => go({ stage: stage === chosen ? undefined : stage })} />
        <Panel title={chosen ? word('Stage', chosen) : text('workflow.stages')}>
          {chosen ? <OfStage stage={chosen} ways={all} rows={rows} /> : <InWords ways={all} visited={visited} now={path.about?.stage ?? null} />}
        </Panel>
      </div>
      <Transitions rows={rows} search={search} go={go} />
    </>
  )
}

/** The stages in words: the picture for those who do not see it. */
function InWords({ ways, visited, now }: { ways: Way[]; visited: ReadonlySet<string>; now: string | null }) {
  const text = useText()
  const { word } = useWords()
  const stages = [...new Set(ways.flatMap((way) => [way.from, way.to]))]
  return (
    <ul className="workflow-list small">
      {stages.map((stage) => {
        const leads = ways.filter((way) => way.from === stage).map((way) => word('Stage', way.to))
        return (
          <li key={stage}>
            <strong>{word('Stage', stage)}</strong>
            {stage === now ? text('workflow.state.now') : visited.has(stage) ? text('workflow.state.visited') : ''}
            <br />
            <span className="muted">{leads.length > 0 ? text('workflow.leads', { to: leads.join('、') }) : text('workflow.leads.nowhere')}</span>
          </li>
        )
      })}
    </ul>
  )
}

function OfStage({ stage, ways, rows }: { stage: string; ways: Way[]; rows: Row[] }) {
  const text = useText()
  const { word, say } = useWords()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const part = (title: string, some: Way[], other: (way: Way) => string) => (
    <div className="tight">
      <h3>{title}</h3>
      {some.length === 0 && <p className="muted small">{text('workflow.none')}</p>}
      <ul className="workflow-list small">
        {some.map((way) => (
          <li key={`${way.from} ${way.to}`}>
            <strong>{word('Stage', other(way))}</strong>
            <ul className="plain">
              {way.rows.flatMap((id) => byId.get(id) ?? []).map((row) => (
                <li key={row.id} className="muted">{say(row.label)}（{row.id}・{row.by.length > 0 ? row.by.map((role) => word('Role', role)).join('、') : text('workflow.byItself')}）</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  )
  return (
    <>
      {part(text('workflow.to'), ways.filter((way) => way.from === stage), (way) => way.to)}
      {part(text('workflow.from'), ways.filter((way) => way.to === stage), (way) => way.from)}
    </>
  )
}

function Transitions({ rows, search, go }: { rows: Row[]; search: AdminSearch; go: (next: AdminSearch) => void }) {
  const text = useText()
  const { word, say } = useWords()
  const place = (code: string) => {
    const [track, state] = code.split(':')
    return state ? `${word('Track', track ?? '')}：${word('TrackState', state)}` : word('Stage', code)
  }
  const roles = [...new Set(rows.flatMap((row) => [...row.by, ...row.decides]))]
  const kindOf = (row: Row) => (isMain(row) ? 'main' : row.to ? 'track' : 'fact')
  const kinds = ['main', 'track', 'fact'] as const
  // The stages first: the rest is long.
  const kind = search.kind === 'all' ? undefined : (kinds.find((one) => one === search.kind) ?? 'main')
  const shown = rows.filter((row) => {
    if (kind && kindOf(row) !== kind) return false
    if (search.by && ![...row.by, ...row.decides].some((role) => role === search.by)) return false
    return !search.stage || row.from.includes(search.stage) || row.to === search.stage
  })
  const columns: Column<Row>[] = [
    { key: 'id', title: text('workflow.row'), show: (row) => row.id },
    { key: 'label', title: text('workflow.verb'), show: (row) => say(row.label) },
    { key: 'from', title: text('workflow.column.from'), show: (row) => <Several of={row.from.map(place)} /> },
    { key: 'to', title: text('workflow.column.to'), show: (row) => (row.to ? place(row.to) : text('workflow.stays')) },
    { key: 'by', title: text('workflow.column.by'), show: (row) => (row.by.length > 0 ? row.by.map((role) => word('Role', role)).join('、') : text('workflow.byItself')) },
    { key: 'decides', title: text('workflow.column.decides'), show: (row) => row.decides.map((role) => word('Role', role)).join('、') || '—' },
    { key: 'guards', title: text('workflow.column.guards'), show: (row) => <Several of={row.guards} some={1} /> },
  ]
  const stages = [...new Set(rows.filter(isMain).flatMap((row) => [...row.from, row.to ?? '']))].filter(Boolean)
  return (
    <Panel title={text('workflow.table')}>
      <div className="row no-print workflow-filters">
        <ChoiceField label={text('workflow.filter.kind')} value={kind ?? 'all'} options={[...kinds, 'all' as const].map((value) => ({ value, label: text(`workflow.kind.${value}`) }))} onChange={(value) => go({ kind: value })} />
        <ChoiceField label={text('workflow.filter.stage')} value={search.stage ?? ''} blank={text('filter.all')} options={stages.map((value) => ({ value, label: word('Stage', value) }))} onChange={(value) => go({ stage: value || undefined })} />
        <ChoiceField label={text('workflow.filter.role')} value={search.by ?? ''} blank={text('filter.all')} options={roles.map((value) => ({ value, label: word('Role', value) }))} onChange={(value) => go({ by: value || undefined })} />
      </div>
      <p className="muted small" role="status">{text('workflow.count', { shown: shown.length, all: rows.length })}</p>
      {shown.length === 0 ? <Empty title={text('workflow.empty')} /> : (
        <div className="workflow-table"><DataTable name={text('workflow.table')} columns={columns} lines={shown} keyOf={(row) => row.id} dense /></div>
      )}
    </Panel>
  )
}

/** A few of many words; the others behind a line that says how many there are. */
function Several({ of, some = 3 }: { of: string[]; some?: number }) {
  const text = useText()
  if (of.length === 0) return <>—</>
  const rest = of.slice(some)
  return (
    <>
      {of.slice(0, some).join('、')}
      {rest.length > 0 && (
        <details className="workflow-guards">
          <summary>{text('workflow.more', { count: rest.length })}</summary>
          {rest.join('、')}
        </details>
      )}
    </>
  )
}
