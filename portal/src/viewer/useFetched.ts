import { useState } from 'react'
import type { Trouble } from '@/lib/client'

/** A file from an address of ours, into memory. Nothing of it is kept. */
export function useFetched() {
  const [busy, setBusy] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  /** The bytes and their type; null where there are none, with the reason in `trouble`. `key` says what is being fetched. */
  const fetched = async (key: string, address: string | (() => Promise<string | Trouble>)): Promise<{ bytes: Uint8Array<ArrayBuffer>; type: string } | null> => {
    const failed = (what: Trouble) => {
      setTrouble(what)
      return null
    }
    setBusy(key)
    setTrouble(null)
    try {
      const url = typeof address === 'string' ? address : await address()
      if (typeof url !== 'string') return failed(url)
      const answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store' })
      if (answer.ok) return { bytes: new Uint8Array(await answer.arrayBuffer()), type: answer.headers.get('content-type') ?? '' }
      const body = (await answer.json().catch(() => null)) as { errors?: { message?: unknown; extensions?: { code?: unknown } }[] } | null
      const said = body?.errors?.[0]
      const code = typeof said?.extensions?.code === 'string' ? said.extensions.code : String(answer.status)
      return failed({ kind: answer.status === 401 ? 'ended' : answer.status === 404 || answer.status === 403 ? 'hidden' : 'failed', code, ...(typeof said?.message === 'string' && { message: said.message }) })
    } catch {
      return failed({ kind: 'offline' })
    } finally {
      setBusy(null)
    }
  }
  return { fetched, busy, trouble }
}
