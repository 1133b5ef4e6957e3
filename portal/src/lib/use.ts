import { useCallback, useContext, useMemo, useState, createContext, useSyncExternalStore } from 'react'
import { useClient, useQuery, type AnyVariables, type OperationResult } from 'urql'
import type { Followed, Link, Trouble } from './client'
import { troubleOf } from './client'
import { inTokyo, type Day } from './dates'
import { textFor, type Operation } from './operation'
import type { Session } from './session'

/** Who is signed in and how the server is reached. */
export interface Seat {
  session: Session
  link: Link
}

export const SeatContext = createContext<Seat | null>(null)

/** The seat of the signed-in person. Errors: a page outside the frame, which is a fault of ours. */
export function useSeat(): Seat {
  const seat = useContext(SeatContext)
  if (!seat) throw new Error('nobody is signed in')
  return seat
}

/** The bank's day, as its server counts it: a demo may stand on another day than this computer. Where nobody is signed in, this computer's. */
export function useToday(): Day {
  const seat = useContext(SeatContext)
  return inTokyo(new Date(Date.now() + (seat?.session.bankBehind ?? 0))).day
}

/** A followed value. */
export function useFollowed<T>(value: Followed<T>): T {
  return useSyncExternalStore(value.follow, value.get)
}

/** What a page reads: data that stays while it is read again, or what is wrong. */
export interface Reading<Data> {
  data: Data | undefined
  trouble: Trouble | undefined
  /** Being read, the first time or again. */
  busy: boolean
  again: () => void
}

/** Reads with an operation; `paused` waits. What is on screen stays while it is read again. */
export function useRead<Data, Variables extends AnyVariables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  paused = false,
): Reading<Data> {
  const { session } = useSeat()
  const context = useMemo(() => ({ requestPolicy: 'cache-and-network' as const }), [])
  // What waits for ever may be an operation that the role has no part in.
  const known = operation as Operation<unknown, never>
  const query = paused ? (known.texts.get(session.role) ?? '{ __typename }') : textFor(known, session.role)
  const [result, run] = useQuery<Data, Variables>({ query, variables, pause: paused, context } as Parameters<typeof useQuery<Data, Variables>>[0])
  const again = useCallback(() => run({ requestPolicy: 'network-only' }), [run])
  return {
    data: result.data ?? undefined,
    trouble: result.error && !result.data ? troubleOf(result.error) : undefined,
    busy: result.fetching || result.stale,
    again,
  }
}

/** Sends a mutation. A key given stays the same for a second try of the same submit, so that it runs once. */
export function useSend<Data, Variables extends AnyVariables>(
  operation: Operation<Data, Variables>,
): [(variables: Variables, key?: string) => Promise<OperationResult<Data, Variables>>, boolean] {
  const { session } = useSeat()
  // A page that some roles only read has the step at hand and offers it to nobody who has no part in it.
  const text = (operation as Operation<unknown, never>).texts.get(session.role) ?? ''
  return useSendText<Data, Variables>(text)
}

/** The same with a text that was put together. */
export function useSendText<Data, Variables extends AnyVariables>(
  text: string,
): [(variables: Variables, key?: string) => Promise<OperationResult<Data, Variables>>, boolean] {
  const { session } = useSeat()
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const send = useCallback(
    async (variables: Variables, key: string = crypto.randomUUID()) => {
      setBusy(true)
      try {
        const headers = { 'x-csrf-token': session.csrfToken, 'idempotency-key': key }
        return await client.mutation<Data, Variables>(text, variables, { fetchOptions: { headers, credentials: 'same-origin' } }).toPromise()
      } finally {
        setBusy(false)
      }
    },
    [client, session.csrfToken, text],
  )
  return [send, busy]
}
