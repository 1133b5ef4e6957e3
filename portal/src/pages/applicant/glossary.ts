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
