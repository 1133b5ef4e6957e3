import { useRef } from 'react'

/** The key of a submit: the same while what is sent stays the same, so that a second try after a lost answer runs once; another one for other values. */
export function useSubmitKey(sent: unknown): string {
  const of = JSON.stringify(sent)
  const kept = useRef({ of, key: crypto.randomUUID() as string })
  if (kept.current.of !== of) kept.current = { of, key: crypto.randomUUID() }
  return kept.current.key
}
