import { Fragment, useMemo } from 'react'
import { useLocale, useText } from '@/i18n'
import { glossaryOf, pieces } from './glossary'

/** A text with the readings of its terms of art above them. */
export function Ruby({ children }: { children: string }) {
  const text = useText()
  const locale = useLocale()
  const glossary = useMemo(() => glossaryOf(text('me.glossary')), [text])
  if (locale !== 'ja') return <>{children}</>
  return (
    <>
      {pieces(children, glossary).map((piece, place) =>
        typeof piece === 'string' ? <Fragment key={place}>{piece}</Fragment> : <ruby key={place}>{piece.term}<rt>{piece.reading}</rt></ruby>,
      )}
    </>
  )
}
