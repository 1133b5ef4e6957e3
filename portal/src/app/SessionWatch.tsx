import { useEffect, useState } from 'react'
import { useText } from '@/i18n'
import { Start } from '@/gql/operations'
import { textFor } from '@/lib/operation'
import { minutesLeft, readSession, signInAddress, type Session } from '@/lib/session'
import { useFollowed, useSeat } from '@/lib/use'
import { Button, Dialog } from '@/ui'

/** How often the time that is left is looked at, in milliseconds, and from how many minutes on it is said. */
const EVERY = 20_000
const WARN = 3

/** Says in good time that the session ends, and that it has ended. What was typed stays on the page behind. */
export function SessionWatch({ renew }: { renew: (session: Session) => void }) {
  const text = useText()
  const { session, link } = useSeat()
  const ended = useFollowed(link.ended)
  const [left, setLeft] = useState(() => minutesLeft(session, Date.now()))
  useEffect(() => {
    const look = async () => {
      const now = minutesLeft(session, Date.now())
      if (now >= WARN) return setLeft(now)
      // Requests have moved the end meanwhile: only the server knows.
      const read = await readSession().catch(() => undefined)
      if (read === null) link.ended.set(true)
      if (read && (read.idleEndsAt !== session.idleEndsAt || read.endsAt !== session.endsAt)) renew(read)
      setLeft(read ? minutesLeft(read, Date.now()) : now)
    }
    const timer = setInterval(() => void look(), EVERY)
    return () => clearInterval(timer)
  }, [session, link, renew])
  const stay = async () => {
    await link.client.query(textFor(Start, session.role), {}, { requestPolicy: 'network-only' }).toPromise()
    const read = await readSession().catch(() => undefined)
    if (read) {
      renew(read)
      setLeft(minutesLeft(read, Date.now()))
    } else if (read === null) link.ended.set(true)
  }
  if (ended) {
    return (
      <Dialog title={text('session.ended')} onClose={() => link.ended.set(false)} footer={<a href={signInAddress()}>{text('session.signIn')}</a>}>
        <p>{text('session.ended.help')}</p>
      </Dialog>
    )
  }
  if (left >= WARN) return null
  return (
    <div className="session-warning" role="alert">
      {text('session.soon', { minutes: Math.max(left, 0) + 1 })}
      <Button size="s" onClick={() => void stay()}>{text('session.stay')}</Button>
    </div>
  )
}
