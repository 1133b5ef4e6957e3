import { useEffect, useMemo, useState } from 'react'
import { Provider } from 'urql'
import { Start as StartOperation } from '@/gql/operations'
import { link, type Link } from '@/lib/client'
import { readSession, signInAddress, type Session } from '@/lib/session'
import { SeatContext, useRead } from '@/lib/use'
import { WordsContext, wordsOf } from '@/lib/words'
import { Loading, Read, TroubleView } from '@/ui'
import { Pages } from './Pages'
import { SessionWatch } from './SessionWatch'

/** Finds out who is here, or leads to the sign-in. */
export function Start() {
  const [session, setSession] = useState<Session | null>(null)
  const [offline, setOffline] = useState(false)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let left = false
    setOffline(false)
    readSession().then(
      (read) => {
        if (left) return
        if (read) setSession(read)
        else window.location.replace(signInAddress())
      },
      () => {
        if (!left) setOffline(true)
      },
    )
    return () => {
      left = true
    }
  }, [tries])
  if (offline) return <TroubleView trouble={{ kind: 'offline' }} again={() => setTries(tries + 1)} />
  if (!session) return <Loading />
  return <Seated session={session} renew={setSession} />
}

function Seated({ session, renew }: { session: Session; renew: (session: Session) => void }) {
  const [joined, setJoined] = useState<Link | null>(null)
  // One connection for the life of the session; another token against forgery is another session.
  const token = session.csrfToken
  useEffect(() => {
    const fresh = link(session)
    setJoined(fresh)
    return () => fresh.close()
  }, [token])
  const seat = useMemo(() => (joined ? { session, link: joined } : null), [session, joined])
  if (!seat) return <Loading />
  return (
    <SeatContext.Provider value={seat}>
      <Provider value={seat.link.client}>
        <Known />
        <SessionWatch renew={renew} />
      </Provider>
    </SeatContext.Provider>
  )
}

/** The words of the API come before the pages that say them. */
function Known() {
  const read = useRead(StartOperation, {})
  const lines = read.data?.workflow?.labels
  const words = useMemo(() => wordsOf(lines ?? []), [lines])
  return (
    <Read of={read}>
      {({ me }) =>
        me && (
          <WordsContext.Provider value={words}>
            <Pages me={me} />
          </WordsContext.Provider>
        )
      }
    </Read>
  )
}
