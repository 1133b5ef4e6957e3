import { Link } from '@tanstack/react-router'
import { OriginalsDue, type OriginalsDueQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Empty, Pager, Read, Tag, WDate } from '@/ui'

type Line = NonNullable<OriginalsDueQuery['originalsDue']>['edges'][number]['node']

/** Paper originals that are due back at the bank, the earliest first. `to`: the address of a case for this role. */
export function Due({ to, after, go }: { to: string; after: string | null; go: (after: string | undefined) => void }) {
  const text = useText()
  const { say } = useWords()
  const read = useRead(OriginalsDue, { first: SIZES.OriginalsDue, after, overdue: null })
  return (
    <Read of={read}>
      {({ originalsDue }) => {
        const lines: Line[] = originalsDue?.edges.map((edge) => edge.node) ?? []
        if (lines.length === 0) return <Empty title={text('originals.noneDue')} />
        return (
          <>
            <ul className="plain cards">
              {lines.map(({ applicationId, number, original }) => (
                <li key={original.id} className="card">
                  <Link to={to as never} params={{ id: applicationId } as never} className="card-link">
                    <span className="card-title">{say(original.kindLabel)}</span>
                    <span className="muted small">{number}</span>
                  </Link>
                  <div className="row small">
                    <Tag tone={original.isOverdue ? 'bad' : 'plain'}>{say(original.placeLabel)}</Tag>
                    <span>{text('originals.due')} <WDate day={original.dueOn} weekday /></span>
                    {original.isOverdue && <Tag tone="bad">{text('originals.overdue')}</Tag>}
                    {original.isToHandOver && <Tag tone="warn">{text('originals.handOver')}</Tag>}
                  </div>
                </li>
              ))}
            </ul>
            <Pager first={after === null} more={originalsDue?.pageInfo.hasNextPage ?? false} busy={read.busy} toFirst={() => go(undefined)} on={() => go(originalsDue?.pageInfo.endCursor ?? undefined)} />
          </>
        )
      }}
    </Read>
  )
}
