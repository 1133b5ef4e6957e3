import { useState } from 'react'
import { CalendarFeed, MakeCalendarFeed, RevokeCalendarFeed } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useRead, useSend } from '@/lib/use'
import { Button, Instant, Notice, Panel, Read, TroubleView } from '@/ui'

/** The address to which one's own calendar program subscribes. It is a secret, shown once, and revoked here. */
export function Feed() {
  const text = useText()
  const read = useRead(CalendarFeed, {})
  const [make, making] = useSend(MakeCalendarFeed)
  const [revoke, revoking] = useSend(RevokeCalendarFeed)
  const [path, setPath] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const made = async () => {
    const result = await make({})
    setTrouble(result.error ? troubleOf(result.error) : null)
    setPath(result.data?.makeCalendarFeed?.path ?? null)
    read.again()
  }
  const revoked = async () => {
    const result = await revoke({})
    setTrouble(result.error ? troubleOf(result.error) : null)
    setPath(null)
    read.again()
  }
  return (
    <Panel title={text('feed.title')}>
      {trouble && <TroubleView trouble={trouble} />}
      <p className="small">{text('feed.help')}</p>
      {path && (
        <Notice tone="good">
          <p>{text('feed.once')}</p>
          <p className="letter">{new URL(path, window.location.href).href}</p>
        </Notice>
      )}
      <Read of={read}>
        {({ calendarFeed }) => (
          <>
            {calendarFeed && <p className="small">{text('feed.since')} <Instant at={calendarFeed.madeAt} /></p>}
            <div className="row">
              <Button loading={making} onClick={() => void made()}>{text(calendarFeed ? 'feed.again' : 'feed.make')}</Button>
              {calendarFeed && <Button loading={revoking} onClick={() => void revoked()}>{text('feed.revoke')}</Button>}
            </div>
          </>
        )}
      </Read>
    </Panel>
  )
}
