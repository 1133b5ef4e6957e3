import { useState } from 'react'
import { useClient, type AnyVariables } from 'urql'
import { troubleOf, type Trouble } from './client'
import { textFor, type Operation } from './operation'
import { useSeat } from './use'

/** How many lines a file has at most; beyond it, filters make the list shorter. */
export const LINES_MOST = 500

/** A page of a list, as the API answers. */
interface Connection<Line> {
  edges: { node: Line }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** Reads a whole list page by page, up to `LINES_MOST` lines. `cut`: there were more. */
export function useEvery<Data, Variables extends AnyVariables, Line>(
  operation: Operation<Data, Variables>,
  of: (data: Data) => Connection<Line> | null,
): [(variables: Omit<Variables & object, 'after'>) => Promise<{ lines: Line[]; cut: boolean } | { trouble: Trouble }>, boolean] {
  const { session } = useSeat()
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const text = textFor(operation as Operation<unknown, never>, session.role)
  const read = async (variables: Omit<Variables & object, 'after'>) => {
    setBusy(true)
    try {
      const lines: Line[] = []
      for (let after: string | null = null; ; ) {
        const asked: AnyVariables = { ...variables, after }
        const result = await client.query<Data>(text, asked, { requestPolicy: 'network-only' }).toPromise()
        if (result.error) return { trouble: troubleOf(result.error) }
        const page: Connection<Line> | null = result.data ? of(result.data) : null
        lines.push(...(page?.edges ?? []).map((edge) => edge.node))
        const more = page?.pageInfo.hasNextPage ?? false
        if (!more || lines.length >= LINES_MOST) return { lines: lines.slice(0, LINES_MOST), cut: more }
        after = page?.pageInfo.endCursor ?? null
      }
    } finally {
      setBusy(false)
    }
  }
  return [read, busy]
}

/** Asks once, when somebody wants it and not when a page shows. */
export function useAsk<Data, Variables extends AnyVariables>(operation: Operation<Data, Variables>): (variables: Variables) => Promise<{ data: Data } | { trouble: Trouble }> {
  const { session } = useSeat()
  const client = useClient()
  const text = textFor(operation as Operation<unknown, never>, session.role)
  return async (variables) => {
    const result = await client.query<Data>(text, variables as AnyVariables, { requestPolicy: 'network-only' }).toPromise()
    if (result.error) return { trouble: troubleOf(result.error) }
    return result.data ? { data: result.data } : { trouble: { kind: 'failed' } }
  }
}
