import { cacheExchange } from '@urql/exchange-graphcache'
import { Client, fetchExchange, mapExchange, subscriptionExchange, type CombinedError } from 'urql'
import { createClient as createSocket } from 'graphql-ws'
import { PARTS } from '@/gql/parts'
import type { Live } from './live'
import type { Session } from './session'

/** How the live connection stands. Words for it are on every page. */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'lost'

/** A value that components follow. */
export interface Followed<T> {
  get: () => T
  set: (value: T) => void
  follow: (tell: () => void) => () => void
}

/** A value with its followers. */
export function followed<T>(first: T): Followed<T> {
  let now = first
  const followers = new Set<() => void>()
  return {
    get: () => now,
    set: (value) => {
      if (Object.is(value, now)) return
      now = value
      followers.forEach((tell) => tell())
    },
    follow: (tell) => {
      followers.add(tell)
      return () => followers.delete(tell)
    },
  }
}

/** What the pages share of a signed-in browser. */
export interface Link {
  client: Client
  connection: Followed<Connection>
  /** The server no longer knows the session. */
  ended: Followed<boolean>
  /** Counts the times that the connection came back: what is on screen is then read again. */
  returned: Followed<number>
  /** Who hears of changes. */
  listeners: Set<(change: Live) => void>
  close: () => void
}

/** How often a lost connection is tried again before it counts as lost. */
const ATTEMPTS = 8

/** The client of a session: its own token against forgery at each request, a key for each mutation, one socket. */
export function link(session: Session): Link {
  const connection = followed<Connection>('connecting')
  const ended = followed(false)
  const returned = followed(0)
  const address = new URL('/graphql', window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  let attempts = 0
  const socket = createSocket({
    url: address.href,
    retryAttempts: ATTEMPTS,
    shouldRetry: (event) => {
      // 4403: the session or the account has changed. Everything else may pass.
      const refused = event instanceof CloseEvent && event.code === 4403
      if (refused) ended.set(true)
      return !refused
    },
    on: {
      connecting: (isRetry) => connection.set(isRetry ? 'reconnecting' : 'connecting'),
      connected: () => {
        if (connection.get() === 'reconnecting') returned.set(returned.get() + 1)
        attempts = 0
        connection.set('connected')
      },
      closed: () => {
        attempts += 1
        connection.set(attempts > ATTEMPTS ? 'lost' : 'reconnecting')
      },
      error: () => connection.set('reconnecting'),
    },
  })
  const client = new Client({
    url: '/graphql',
    // GET would put variables into addresses, where logs keep them.
    preferGetMethod: false,
    fetch: async (input, init) => {
      const answer = await fetch(input, init)
      if (answer.status === 401) ended.set(true)
      return answer
    },
    fetchOptions: { headers: { 'x-csrf-token': session.csrfToken }, credentials: 'same-origin' },
    exchanges: [
      mapExchange({
        onOperation: (operation) => {
          if (operation.kind !== 'mutation') return undefined
          const options = operation.context.fetchOptions
          const given = typeof options === 'function' ? options() : options
          const headers = { 'idempotency-key': crypto.randomUUID(), ...given?.headers } as Record<string, string>
          return { ...operation, context: { ...operation.context, fetchOptions: { ...given, headers } } }
        },
      }),
      cacheExchange({ keys: Object.fromEntries(PARTS.map((name) => [name, () => null])) }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }),
        }),
      }),
    ],
  })
  return { client, connection, ended, returned, listeners: new Set(), close: () => void socket.dispose() }
}

/** What went wrong, as pages tell it apart. */
export type Trouble = { kind: 'offline' | 'ended' | 'hidden' | 'failed'; code?: string; message?: string }

/** Sorts an error of the client. */
export function troubleOf(error: CombinedError): Trouble {
  const status = (error.response as Response | undefined)?.status
  const first = error.graphQLErrors[0]
  const code = typeof first?.extensions['code'] === 'string' ? first.extensions['code'] : undefined
  if (status === 401 || code === 'UNAUTHENTICATED') return { kind: 'ended' }
  if (code === 'NOT_FOUND' || code === 'FORBIDDEN' || status === 403) return { kind: 'hidden', code }
  if (!first && status === undefined) return { kind: 'offline' }
  return { kind: 'failed', code: code ?? (status ? String(status) : undefined), message: first?.message }
}
