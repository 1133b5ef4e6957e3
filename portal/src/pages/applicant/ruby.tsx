import { Fragment, useMemo } from 'react'
import { useLocale, useText } from '@/i18n'

/** A part of a text: a term with its reading, or plain words. */
export type Piece = string | { term: string; reading: string }

/** Reads the glossary: `term=reading` with spaces between. */
export function glossaryOf(text: string): Map<string, string> {
  const pairs = text.split(' ').map((pair) => pair.split('=')).filter(([term, reading]) => term && reading)
  // The longer term first: the reading of a whole word, not of its part.
  return new Map(pairs.sort(([one = ''], [other = '']) => other.length - one.length) as [string, string][])
}

/** Cuts a text where terms of the glossary stand in it. */
export function pieces(text: string, glossary: ReadonlyMap<string, string>): Piece[] {
  const found: Piece[] = []
  let plain = ''
  for (let at = 0; at < text.length; ) {
    const term = [...glossary.keys()].find((one) => text.startsWith(one, at))
    if (term === undefined) {
      plain += text[at]
      at += 1
      continue
    }
    if (plain) found.push(plain)
    plain = ''
    found.push({ term, reading: glossary.get(term) ?? '' })
    at += term.length
  }
  return plain ? [...found, plain] : found
}

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
