import { useEffect, useRef } from 'react'
import { useSubscription } from 'urql'
import { Changes } from '@/gql/operations'
import { useFollowed, useSeat } from './use'

/** What changed: an application and its version now. */
export interface Live {
  id: string
  version: number
}

/** What a role without applications would ask: it is never sent, but it must be a document. */
const NOTHING = '{ __typename }'

/** The one subscription of a session. It keeps what is in the memory of the pages right, and tells those who listen. */
export function useFeed(): void {
  const { session, link } = useSeat()
  const query = Changes.texts.get(session.role)
  useSubscription<{ applicationChanged: { version: number; application: { id: string } } }>(
    { query: query ?? NOTHING, variables: {}, pause: query === undefined },
    (_, data) => {
      const { application, version } = data.applicationChanged
      link.listeners.forEach((tell) => tell({ id: application.id, version }))
      return data
    },
  )
}

/** Hears of each change that one sees; and that the connection came back, when something may have been missed. */
export function useLive(told: (change: Live) => void, cameBack: () => void): void {
  const { link } = useSeat()
  const latest = useRef({ told, cameBack })
  latest.current = { told, cameBack }
  useEffect(() => {
    const tell = (change: Live) => latest.current.told(change)
    link.listeners.add(tell)
    return () => void link.listeners.delete(tell)
  }, [link])
  const returned = useFollowed(link.returned)
  useEffect(() => {
    if (returned > 0) latest.current.cameBack()
  }, [returned])
}
