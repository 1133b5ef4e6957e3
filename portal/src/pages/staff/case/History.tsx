import { useState } from 'react'
import { Changes, type FieldChange } from '@/command'
import { Timeline, type TimelineQuery } from '@/gql/operations'
import { useLocale, useText } from '@/i18n'
import { dayText, inTokyo } from '@/lib/dates'
import { SIZES } from '@/lib/sizes'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, Empty, Panel, Read } from '@/ui'
import type { TabProps } from './Case'
import { Memos } from './Memos'
import { useFresh } from './fresh'

type Entry = NonNullable<TimelineQuery['timeline']>['edges'][number]['node']

/** Everything that happened, by day: who, what, why, and which field became what. */
export default function History({ id, version }: TabProps) {
  const text = useText()
  const [cursors, setCursors] = useState<string[]>([])
  const first = useFresh(useRead(Timeline, { id, first: SIZES.Timeline, after: null }), version)
  const further = (place: number) => (place === cursors.length ? (cursor: string) => setCursors([...cursors, cursor]) : undefined)
  // Pages follow each other below: what was read stays in memory.
  return (
    <Read of={first}>
      {({ timeline, memos }) => (
        <div className="stack">
          {memos && <Memos of={memos} />}
          <Panel title={text('history.title')}>
            <Entries of={timeline} busy={first.busy} more={further(0)} />
            {cursors.map((after, place) => (
              <Page key={after} id={id} version={version} after={after} more={further(place + 1)} />
            ))}
          </Panel>
        </div>
      )}
    </Read>
  )
}

function Page({ id, version, after, more }: { id: string; version: number; after: string; more: ((cursor: string) => void) | undefined }) {
  const read = useFresh(useRead(Timeline, { id, first: SIZES.Timeline, after }), version)
  return <Read of={read}>{({ timeline }) => <Entries of={timeline} busy={read.busy} more={more} />}</Read>
}

function Entries({ of, busy, more }: { of: TimelineQuery['timeline']; busy: boolean; more: ((cursor: string) => void) | undefined }) {
  const text = useText()
  const locale = useLocale()
  if (!of || of.edges.length === 0) return <Empty title={text('history.none')} />
  const days = Map.groupBy(of.edges.map((edge) => edge.node), (entry) => inTokyo(entry.at).day)
  return (
    <>
      <ul className="history">
        {[...days].map(([day, entries]) => (
          <li key={day}>
            <h3 className="history-day">{dayText(day, locale, true)}</h3>
            <ul className="history">{entries.map((entry) => <OneEntry key={entry.version} entry={entry} />)}</ul>
          </li>
        ))}
      </ul>
      {more && of.pageInfo.hasNextPage && (
        <Button loading={busy} onClick={() => more(of.pageInfo.endCursor ?? '')}>{text('history.more')}</Button>
      )}
    </>
  )
}

function OneEntry({ entry }: { entry: Entry }) {
  const text = useText()
  const { say, word } = useWords()
  // The first entry is the whole application: there is nothing to compare it with.
  const changes = (entry.changes as FieldChange[]).filter((change) => change.path !== '')
  return (
    <li className="history-entry" id={`v${entry.version}`}>
      <div className="row">
        <a href={`#v${entry.version}`} className="small">{text('case.version', { version: entry.version })}</a>
        <span className="small">{inTokyo(entry.at).time}</span>
        <strong>{say(entry.label)}</strong>
        <span className="muted small">{word('Role', entry.role)} {entry.actor}</span>
      </div>
      {entry.reason && <p>{entry.reason}</p>}
      {changes.length > 0 && (
        <details>
          <summary className="small">{text('history.changes', { count: changes.length })}</summary>
          <Changes of={changes} />
        </details>
      )}
    </li>
  )
}
