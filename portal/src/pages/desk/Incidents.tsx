import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { BusinessDay, IncidentFigures, Incidents as Query, PreviewIncidents, type IncidentAction, type IncidentKind } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, Empty, Instant, WDate, Notice, PageHead, Pager, Read, Tabs, Tag } from '@/ui'
import { BranchFilter, useBranch } from '../manager/BranchFilter'
import { ActionOf } from './ActionOf'
import { Tries } from './Tries'
import { KINDS, nameOf, offered, type Incident } from './what'
import './desk.css'

/** What went wrong and waits for a person: what happened, what was tried, what to do; one by one or several at once. */
export default function Incidents() {
  const text = useText()
  const { word } = useWords()
  const { session } = useSeat()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { tab?: string; after?: string }
  const tab = search.tab === 'mine' || KINDS.some((kind) => kind === search.tab) ? (search.tab as string) : 'all'
  const kind = KINDS.find((one) => one === tab) as IncidentKind | undefined
  const branch = useBranch()
  const read = useRead(Query, { first: SIZES.Incidents, after: search.after ?? null, kind: kind ?? null, branch: branch ?? null, mine: tab === 'mine' ? true : null })
  // They count every branch: beside the list of one they would mislead.
  const figures = useRead(IncidentFigures, {}, branch !== undefined)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [acting, setActing] = useState<{ action: IncidentAction; lines: Incident[] } | null>(null)
  useTitle(text('desk.title'))
  // Auditors look and do nothing: their schema has no action.
  const acts = PreviewIncidents.texts.has(session.role)
  const counted = branch === undefined ? (figures.data?.incidentFigures ?? undefined) : undefined
  const total = counted?.reduce((sum, line) => sum + line.open, 0)
  const tabs = [
    { key: 'all', title: text('desk.tab.all'), count: total, alarming: true },
    ...(acts ? [{ key: 'mine', title: text('desk.tab.mine') }] : []),
    ...KINDS.map((key) => ({ key, title: word('IncidentKind', key), count: counted && (counted.find((line) => line.kind === key)?.open ?? 0), alarming: true })),
  ]
  const go = (after: string | undefined) => {
    setPicked(new Set())
    void navigate({ to: '.', search: { tab, after, branch } as never })
  }
  const again = () => {
    setPicked(new Set())
    read.again()
    if (branch === undefined) figures.again()
  }
  return (
    <div className="stack">
      <PageHead title={text('desk.title')}><Button onClick={again}>{text('desk.again')}</Button></PageHead>
      <p className="muted">{text('desk.help')}</p>
      <BranchFilter />
      <Tabs name={text('desk.tabs')} tabs={tabs} current={tab} keep={{ branch }} />
      <Read of={read}>
        {({ incidents }) => {
          const lines = incidents?.edges.map((edge) => edge.node) ?? []
          const chosen = lines.filter((line) => picked.has(line.id))
          const first = !search.after
          return (
            <>
              {acts && lines.length > 0 && (
                <div className="row" role="group" aria-label={text('desk.together')}>
                  <Button size="s" onClick={() => setPicked(new Set(chosen.length === lines.length ? [] : lines.map((line) => line.id)))}>{text(chosen.length === lines.length ? 'desk.pickNone' : 'desk.pickAll')}</Button>
                  <span className="small" role="status">{text('desk.picked', { count: chosen.length })}</span>
                  {offered(chosen).map(({ action, count }) => (
                    <Button key={action} size="s" onClick={() => setActing({ action, lines: chosen })}>{text('desk.do', { what: word('IncidentAction', action), count })}</Button>
                  ))}
                </div>
              )}
              {lines.length === 0 ? (
                <Empty title={text(tab === 'all' && !branch ? 'desk.empty' : 'desk.empty.filtered')} />
              ) : (
                <ul className="plain incidents">
                  {lines.map((line) => (
                    <Card
                      key={line.id}
                      line={line}
                      acts={acts}
                      picked={picked.has(line.id)}
                      pick={(on) => setPicked((now) => new Set(on ? [...now, line.id] : [...now].filter((id) => id !== line.id)))}
                      act={(action) => setActing({ action, lines: [line] })}
                    />
                  ))}
                </ul>
              )}
              <Pager first={first} more={incidents?.pageInfo.hasNextPage ?? false} busy={read.busy} toFirst={() => go(undefined)} on={() => go(incidents?.pageInfo.endCursor ?? undefined)} />
            </>
          )
        }}
      </Read>
      {acting && (
        <ActionOf
          {...acting}
          onClose={(changed) => {
            setActing(null)
            if (changed) again()
          }}
        />
      )}
    </div>
  )
}

function Card(props: { line: Incident; acts: boolean; picked: boolean; pick: (on: boolean) => void; act: (action: IncidentAction) => void }) {
  const { line, acts, picked, pick, act } = props
  const text = useText()
  const { say, word } = useWords()
  const what = line.whatLabel ? say(line.whatLabel) : line.what
  const number = nameOf(line, text)
  const { session } = useSeat()
  return (
    <li className={picked ? 'incident incident-picked' : 'incident'}>
      <label>{acts && <input type="checkbox" checked={picked} onChange={(event) => pick(event.target.checked)} aria-label={text('desk.pick', { number, what })} />}</label>
      <div>
        <div className="spread">
          <span className="row">
            <Tag tone={line.kind === 'UNKNOWN_PAYMENT' ? 'bad' : 'warn'}>{say(line.kindLabel)}</Tag>
            <h2 className="incident-what">{what}</h2>
            {line.applicationId === null ? <span className="muted">{number}</span> : <Link to={'/applications/$id' as never} params={{ id: line.applicationId } as never}>{number}</Link>}
            {line.branch !== null && <span className="muted small">{text('desk.branch', { branch: line.branch })}</span>}
          </span>
          <span className="row small">
            {line.takenBy && <Tag tone={line.isMine ? 'now' : 'plain'}>{line.isMine ? text('desk.mine') : text('desk.taken', { who: line.takenBy })}</Tag>}
            <span className="muted">{text('desk.since')} <Instant at={line.since} /></span>
          </span>
        </div>
        {line.proposedBy && <Notice tone="warn">{text('desk.proposed', { who: line.proposedBy, reason: line.reasonLabel ? say(line.reasonLabel) : '—' })}</Notice>}
        <div className="incident-three">
          <div>
            <h3>{text('desk.happened')}</h3>
            <p>{what}{line.recipient && `：${say(line.recipient)}`}</p>
            {line.endpoint && <p className="small">{line.sequence === null ? line.endpoint : text('desk.sequence', { endpoint: line.endpoint, sequence: line.sequence })}</p>}
            {line.waiting !== null && <p className="small">{text('desk.waiting', { count: line.waiting })}</p>}
            {line.day && <p className="small">{BusinessDay.texts.has(session.role) ? <Link to={'/admin/day-end' as never} search={{ date: line.day } as never}><WDate day={line.day} /></Link> : <WDate day={line.day} />}</p>}
            {line.error && <p className="small muted">{line.error}</p>}
            {line.isDuty && line.kind === 'UNDELIVERED' && <p className="small">{text('desk.duty')}</p>}
          </div>
          <div>
            <h3>{text('desk.tried', { count: line.attempts })}</h3>
            <Tries of={line.tries.slice(-3)} />
            {line.tries.length > 3 && <details className="small"><summary>{text('desk.tries.all', { count: line.tries.length })}</summary><Tries of={line.tries} /></details>}
          </div>
          <div>
            <h3>{text('desk.toDo')}</h3>
            <p>{say(line.toDo)}</p>
            <p className="row no-print">
              {acts && line.possible.map((action) => (
                <Button key={action} size="s" onClick={() => act(action)} aria-label={text('desk.do.of', { number, what: word('IncidentAction', action) })}>{word('IncidentAction', action)}</Button>
              ))}
            </p>
          </div>
        </div>
      </div>
    </li>
  )
}
