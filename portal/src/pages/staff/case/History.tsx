import { useState } from 'react'
import { Changes, type FieldChange } from '@/command'
import { Timeline, type TimelineQuery } from '@/gql/operations'
import { useLocale, useText } from '@/i18n'
import { dayText, inTokyo } from '@/lib/dates'
import { SIZES } from '@/lib/sizes'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, Empty, Panel, Read } from '@/ui'
import type { TabProps } from './Case'
import { Memos } from './Memos'
import { useFresh } from './fresh'

type Entry = NonNullable<TimelineQuery['timeline']>['edges'][number]['node']

/** Everything that happened, by day: who, what, why, and which field became what. */
export default function History({ id, version }: TabProps) {
  const text = useText()
  const { session } = useSeat()
  const [cursors, setCursors] = useState<string[]>([])
  // Pages follow each other below: what was read stays in memory.
  return (
    <div className="stack">
      {session.role !== 'AUDITOR' && <Memos id={id} version={version} />}
      <Panel title={text('history.title')}>
        {[null, ...cursors].map((after, place, all) => (
          <Page key={after ?? 'first'} id={id} version={version} after={after} more={place === all.length - 1 ? (cursor) => setCursors([...cursors, cursor]) : undefined} />
        ))}
      </Panel>
    </div>
  )
}

function Page({ id, version, after, more }: TabProps & { after: string | null; more?: (cursor: string) => void }) {
  const text = useText()
  const locale = useLocale()
  const read = useFresh(useRead(Timeline, { id, first: SIZES.Timeline, after }), version)
  return (
    <Read of={read}>
      {({ timeline }) => {
        if (!timeline || timeline.edges.length === 0) return <Empty title={text('history.none')} />
        const days = Map.groupBy(timeline.edges.map((edge) => edge.node), (entry) => inTokyo(entry.at).day)
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
            {more && timeline.pageInfo.hasNextPage && (
              <Button loading={read.busy} onClick={() => more(timeline.pageInfo.endCursor ?? '')}>{text('history.more')}</Button>
            )}
          </>
        )
      }}
    </Read>
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
