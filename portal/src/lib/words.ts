import { createContext, useContext } from 'react'
import { useLocale } from '@/i18n'

/** Words in two languages, as the API has them. */
export interface Label {
  ja: string
  en: string
}

/** Every list of words of the API: `words.get('Product')?.get('HOUSING_LOAN')`. */
export type Words = ReadonlyMap<string, ReadonlyMap<string, Label>>

export const WordsContext = createContext<Words>(new Map())

/** Puts the lines of the API together. */
export function wordsOf(lines: { list: string; code: string; label: Label }[]): Words {
  const words = new Map<string, Map<string, Label>>()
  for (const { list, code, label } of lines) {
    const list_ = words.get(list) ?? new Map<string, Label>()
    words.set(list, list_.set(code, label))
  }
  return words
}

/** A code that has no words of its own: `PURCHASE_NEW_HOUSE` as `Purchase new house`. */
export function spoken(code: string): string {
  const text = code.toLowerCase().replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The words of codes and labels in the language of the page. */
export function useWords(): { word: (list: string, code: string) => string; say: (label: Label) => string } {
  const words = useContext(WordsContext)
  const locale = useLocale()
  const say = (label: Label) => (locale === 'ja' ? label.ja : label.en || label.ja)
  const word = (list: string, code: string) => {
    const label = words.get(list)?.get(code)
    if (!label) return code
    return locale === 'ja' ? label.ja || code : label.en || spoken(code)
  }
  return { word, say }
}
