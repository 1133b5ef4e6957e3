import { Link } from '@tanstack/react-router'
import { SettlementsOfDay } from '@/gql/operations'
import { useText } from '@/i18n'
import { useLive } from '@/lib/live'
import { SIZES } from '@/lib/sizes'
import { useRead, useToday } from '@/lib/use'
import { Meeting, Money, Notice, Panel, Read } from '@/ui'
import { settlementsOn } from './filing'

/** Today's settlements, the earliest first: when, where, whose. */
export default function Today() {
  const text = useText()
  const day = useToday()
  const read = useRead(SettlementsOfDay, { first: SIZES.SettlementsOfDay, day })
  useLive(read.again, read.again)
  return (
    <Panel title={text('today.title')}>
      <Read of={read}>
        {({ applications }) => {
          const settlements = settlementsOn(applications?.edges.map((edge) => edge.node) ?? [], day)
          return (
            <>
              {settlements.length === 0 && <p className="muted">{text('today.none')}</p>}
              <ul className="plain cards">
                {settlements.map((line) => (
                  <li key={line.id} className="card">
                    <Link to={'/jobs/$id' as never} params={{ id: line.id } as never} className="card-link">
                      <span className="card-title"><Meeting day={day} at={line.settlement} /></span>
                      <span lang="ja">{line.applicantName}</span>
                      <span className="muted small">{line.number}</span>
                    </Link>
                    <div className="row small">
                      {!line.settlement?.time && <span>{text('today.noTime')}</span>}
                      <Money amount={line.amountYen} />
                    </div>
                  </li>
                ))}
              </ul>
              {applications?.pageInfo.hasNextPage && <Notice>{text('today.more', { count: SIZES.SettlementsOfDay })}</Notice>}
            </>
          )
        }}
      </Read>
    </Panel>
  )
}
