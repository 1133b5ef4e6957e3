import type { TimelineQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { Instant, Panel } from '@/ui'

/** What colleagues wrote for each other, the latest first. Nobody outside the bank reads it. */
export function Memos({ of }: { of: NonNullable<TimelineQuery['memos']> }) {
  const text = useText()
  return (
    <Panel title={text('memos.title')}>
      {of.length === 0 ? (
        <p className="muted">{text('memos.none')}</p>
      ) : (
        <ul className="history">
          {of.toReversed().map((memo) => (
            <li key={memo.version} className="history-entry">
              <p className="memo">{memo.text}</p>
              <p className="muted small">{memo.by} <Instant at={memo.at} /></p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
