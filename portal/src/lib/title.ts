import { useEffect } from 'react'
import { useText } from '@/i18n'

/** Names the page in the browser. Numbers and kinds of pages only: titles end in histories and shared links. */
export function useTitle(title: string): void {
  const text = useText()
  const whole = `${title}｜${text('shell.product')}`
  useEffect(() => {
    document.title = whole
  }, [whole])
}
