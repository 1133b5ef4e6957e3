import { useEffect, useRef } from 'react'
import type { Reading } from '@/lib/use'

/** Reads again when the case has another version than what was read for. What is on screen stays meanwhile. */
export function useFresh<Data>(reading: Reading<Data>, version: number): Reading<Data> {
  const shown = useRef(version)
  const { again } = reading
  useEffect(() => {
    if (shown.current === version) return
    shown.current = version
    again()
  }, [version, again])
  return reading
}
