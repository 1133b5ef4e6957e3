import { useEffect, useState } from 'react'
import { useLive } from '@/lib/live'
import type { Reading } from '@/lib/use'

/**
 * Keeps a case right while it is looked at: it is read again when somebody changes it, but not under a form that is open, which keeps
 * what was looked at. Returns how to say that a form is open, and whether the case changed behind it.
 */
export function useKept(id: string, version: number, read: Reading<unknown>): { setActing: (acting: boolean) => void; changed: boolean } {
  const [acting, setActing] = useState(false)
  const [told, setTold] = useState<number | null>(null)
  const { again } = read
  useLive((change) => {
    if (change.id !== id) return
    if (acting) setTold(change.version)
    else again()
  }, again)
  useEffect(() => {
    if (acting || told === null) return
    setTold(null)
    again()
  }, [acting, told, again])
  return { setActing, changed: acting && told !== null && told > version }
}
