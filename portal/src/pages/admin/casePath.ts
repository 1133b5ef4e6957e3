import { useEffect, useState } from 'react'
import { CasePath } from '@/gql/operations'
import type { Trouble } from '@/lib/client'
import { useRead } from '@/lib/use'

/** The rows that the entries of a case took, in their order, read page after page; nothing without a case. */
export function useCasePath(id: string | undefined): { rows: string[]; about: { id: string; number: string; stage: string } | null; trouble: Trouble | undefined } {
  const [pages, setPages] = useState<{ id: string | undefined; rows: string[]; after: string | null; whole: boolean }>({ id, rows: [], after: null, whole: false })
  const fresh = pages.id === id ? pages : { id, rows: [], after: null, whole: false }
  const read = useRead(CasePath, { id: id ?? '', after: fresh.after }, id === undefined || fresh.whole)
  const page = read.data?.timeline
  const of = read.data?.application
  useEffect(() => {
    if (!page || !of || of.id !== id || fresh.whole || read.busy) return
    const rows = [...fresh.rows, ...page.edges.flatMap((edge) => edge.node.rows)]
    setPages({ id, rows, after: page.pageInfo.endCursor ?? null, whole: !page.pageInfo.hasNextPage })
  }, [page, of, read.busy, id, fresh.whole, fresh.after])
  const about = of && of.id === id ? { id: of.id, number: of.number, stage: of.stage } : null
  return { rows: fresh.rows, about, trouble: id === undefined ? undefined : read.trouble }
}
