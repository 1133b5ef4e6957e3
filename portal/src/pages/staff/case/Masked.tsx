import { useState } from 'react'
import { useText } from '@/i18n'
import { Button } from '@/ui'

/** A number that is not for every look over a shoulder: its last digits, and the whole on demand. That it was read stands in the read log. */
export function Masked({ value, what }: { value: string; what: string }) {
  const text = useText()
  const [shown, setShown] = useState(false)
  if (shown) return <>{value}</>
  const hidden = value.slice(0, -4).replace(/[0-9]/g, '＊') + value.slice(-4)
  return (
    <span className="row">
      {hidden}
      <Button size="s" onClick={() => setShown(true)} aria-label={text('masked.show.of', { what })}>{text('masked.show')}</Button>
    </span>
  )
}
