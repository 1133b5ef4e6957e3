import type { ReactNode } from 'react'
import { useLocale, useText } from '@/i18n'
import { save } from '@/lib/file'
import { useWords, type Label } from '@/lib/words'
import { Button, Notice, Panel, TroubleView } from '@/ui'
import { useFetched, useShow } from '@/viewer'
import './letters.css'

/** A letter that the case has; without a path this installation makes none. */
export interface Letter {
  kind: string
  label: Label
  path?: string | null
}

/** The languages in which the bank writes. */
const LANGUAGES = ['ja', 'en'] as const

/**
 * The letters of a case: shown beside the list, or saved. They are made anew from the record each time, so that nothing has to be kept
 * on the page. `show`: how a title is written; `small`: for a desk, not for a phone.
 */
export function Letters({ of, number, small = false, show = (words) => words }: { of: readonly Letter[]; number: string; small?: boolean; show?: (words: string) => ReactNode }) {
  const text = useText()
  const locale = useLocale()
  const { say } = useWords()
  const open = useShow()
  const { fetched, busy, trouble } = useFetched()
  const size = small ? 's' : undefined
  const read = async (letter: Letter, language: string, then: (sheet: { title: string; file: string; type: string; bytes: Uint8Array<ArrayBuffer> }) => void) => {
    const found = await fetched(`${letter.kind} ${language}`, `${letter.path}?language=${language}`)
    if (found) then({ title: say(letter.label), file: `${letter.kind.toLowerCase()}-${number}-${language}.pdf`, ...found })
  }
  const absent = of.length > 0 && of.every((letter) => !letter.path)
  return (
    <Panel title={text('letters.title')}>
      {of.length === 0 && <p className="muted">{text('letters.none')}</p>}
      {absent && <Notice>{text('letters.absent')}</Notice>}
      {trouble && (trouble.kind === 'hidden' ? <Notice tone="bad">{text('letters.gone')}</Notice> : <TroubleView trouble={trouble} />)}
      <ul className="plain letters">
        {of.map((letter) => (
          <li key={letter.kind}>
            <span>{show(say(letter.label))}</span>
            {letter.path && (
              <span className="row">
                <Button size={size} loading={busy === `${letter.kind} ${locale}`} onClick={() => void read(letter, locale, open)} aria-label={text('letters.open.of', { what: say(letter.label) })}>{text('letters.open')}</Button>
                {LANGUAGES.map((language) => (
                  <Button key={language} size={size} loading={busy === `${letter.kind} ${language}` && language !== locale} onClick={() => void read(letter, language, (sheet) => save(sheet.file, sheet.bytes, sheet.type))} aria-label={text(`letters.save.${language}.of`, { what: say(letter.label) })}>{text(`letters.save.${language}`)}</Button>
                ))}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
