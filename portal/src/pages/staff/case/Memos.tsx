import { Memos as Query } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { Instant, Panel, Read } from '@/ui'
import type { TabProps } from './Case'
import { useFresh } from './fresh'

/** What colleagues wrote for each other, the latest first. Nobody outside the bank reads it. */
export function Memos({ id, version }: TabProps) {
  const text = useText()
  const read = useFresh(useRead(Query, { id }), version)
  return (
    <Panel title={text('memos.title')}>
      <Read of={read}>
        {({ memos }) =>
          !memos || memos.length === 0 ? (
            <p className="muted">{text('memos.none')}</p>
          ) : (
            <ul className="history">
              {memos.toReversed().map((memo) => (
                <li key={memo.version} className="history-entry">
                  <p className="memo">{memo.text}</p>
                  <p className="muted small">{memo.by} <Instant at={memo.at} /></p>
                </li>
              ))}
            </ul>
          )
        }
      </Read>
    </Panel>
  )
}
