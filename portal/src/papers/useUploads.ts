import { useCallback, useEffect, useRef, useState } from 'react'
import { givenUp, opened, sent, type Announced, type Ended, type Wire } from '@/lib/upload'
import { useSeat } from '@/lib/use'

/** A file on its way from this page. */
export interface Sending {
  key: string
  /** The line of the checklist that it is for. */
  line: string
  file: File
  what: Announced
  /** Null before the server has given it one. */
  address: string | null
  received: number
  /** `turn`: others go first. */
  state: 'turn' | 'sending' | Ended['kind']
  message?: string
}

/** Sends files one after the other. `done` hears that one is whole. What broke off goes on when the browser is connected again, or when asked. */
export function useUploads(done: () => void) {
  const { session, link } = useSeat()
  const [all, setAll] = useState<Sending[]>([])
  const latest = useRef({ done, csrfToken: session.csrfToken, all })
  latest.current = { done, csrfToken: session.csrfToken, all }
  const stops = useRef(new Map<string, AbortController>())
  const turn = useRef<Promise<void>>(Promise.resolve())

  const change = useCallback((key: string, to: Partial<Sending>) => setAll((now) => now.map((one) => (one.key === key ? { ...one, ...to } : one))), [])
  const drop = useCallback((key: string) => setAll((now) => now.filter((one) => one.key !== key)), [])

  const send = useCallback(
    async (one: Sending, stop: AbortController) => {
      const wire: Wire = { fetch: (address, init) => fetch(address, init), csrfToken: latest.current.csrfToken, wait: (time) => new Promise((over) => setTimeout(over, time)) }
      if (stop.signal.aborted) return drop(one.key)
      change(one.key, { state: 'sending' })
      const begun = one.address ? { address: one.address } : await opened(wire, one.file, one.what)
      let ended: Ended
      if ('kind' in begun) ended = begun
      else {
        change(one.key, { address: begun.address })
        ended = await sent(wire, one.file, begun.address, (received) => change(one.key, { received }), stop.signal)
        if (ended.kind === 'stopped') await givenUp(wire, begun.address)
      }
      if (ended.kind === 'ended') link.ended.set(true)
      if (ended.kind === 'stopped') drop(one.key)
      else change(one.key, { state: ended.kind, ...('message' in ended && { message: ended.message }) })
      if (ended.kind !== 'broken') latest.current.done()
    },
    [change, drop, link],
  )
  const queue = useCallback(
    (one: Sending) => {
      const stop = new AbortController()
      stops.current.set(one.key, stop)
      turn.current = turn.current.then(() => send(one, stop))
    },
    [send],
  )
  const add = useCallback(
    (line: string, file: File, what: Announced, address: string | null = null) => {
      const one: Sending = { key: crypto.randomUUID(), line, file, what, address, received: 0, state: 'turn' }
      setAll((now) => [...now, one])
      queue(one)
    },
    [queue],
  )
  const goOn = useCallback(
    (one: Sending) => {
      change(one.key, { state: 'turn' })
      queue(one)
    },
    [change, queue],
  )
  const stop = useCallback((one: Sending) => {
    // What waits for its sender has nobody who would hear of it: it is given up here.
    if (one.state === 'broken') {
      drop(one.key)
      if (one.address) void givenUp({ fetch: (address, init) => fetch(address, init), csrfToken: latest.current.csrfToken, wait: async () => undefined }, one.address).then(() => latest.current.done())
    } else stops.current.get(one.key)?.abort()
  }, [drop])

  useEffect(() => {
    const back = () => latest.current.all.filter((one) => one.state === 'broken').forEach(goOn)
    window.addEventListener('online', back)
    return () => window.removeEventListener('online', back)
  }, [goOn])
  const busy = all.some((one) => one.state === 'turn' || one.state === 'sending')
  useEffect(() => {
    if (!busy) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [busy])
  return { all, add, goOn, stop, drop }
}
