import { useEffect, useRef } from 'react'

/** One question that is asked again where the server was away asks for the others of the page as well: one button is enough. */
const AGAIN = new EventTarget()

/** Somebody asks again. */
export function tellAgain(): void {
  AGAIN.dispatchEvent(new Event('again'))
}

/** Asks again when somebody does, while `waiting`. */
export function useAgain(waiting: boolean, again: () => void): void {
  const latest = useRef(again)
  latest.current = again
  useEffect(() => {
    if (!waiting) return
    const told = () => latest.current()
    AGAIN.addEventListener('again', told)
    return () => AGAIN.removeEventListener('again', told)
  }, [waiting])
}
