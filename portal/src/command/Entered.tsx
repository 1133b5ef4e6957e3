import { ENUMS, INPUTS } from '@/gql/verbs'
import { useFieldName, useLocale, useText } from '@/i18n'
import type { Argument } from '@/lib/command'
import { dayText } from '@/lib/dates'
import { timeText } from '@/lib/times'
import { useWords } from '@/lib/words'
import { yen } from '@/lib/yen'
import { Facts } from '@/ui'

/** What was entered or proposed, in words: one line for each value, named by its way through the form. Empty ones are left out. */
export function Entered({ all, values }: { all: Argument[]; values: Record<string, unknown> }) {
  const text = useText()
  const locale = useLocale()
  const fieldName = useFieldName()
  const { word } = useWords()
  const said = ({ type }: Argument, value: unknown): string => {
    if (typeof value === 'boolean') return text(value ? 'value.yes' : 'value.no')
    if (type === 'Yen') return yen(Number(value), locale)
    if (type === 'Date') return dayText(String(value), locale)
    if (type === 'ClockTime') return timeText(String(value), locale)
    if (type === 'Percent') return `${String(value)}%`
    return ENUMS[type] ? word(type, String(value)) : String(value)
  }
  const lines = (all: Argument[], values: Record<string, unknown>, way: string[]): [string, string][] =>
    all.flatMap((argument): [string, string][] => {
      const value = values[argument.name]
      if (value === null || value === undefined || value === '') return []
      const here = [...way, fieldName(argument.name)]
      const input = INPUTS[argument.type]
      if (Array.isArray(value)) {
        if (!input) return value.length > 0 ? [[here.join(' › '), value.map((one) => said(argument, one)).join('、')]] : []
        return value.flatMap((one, place) => lines(input, one as Record<string, unknown>, [...way, `${fieldName(argument.name)} ${place + 1}`]))
      }
      if (input) return lines(input, value as Record<string, unknown>, here)
      return [[here.join(' › '), said(argument, value)]]
    })
  return <Facts of={lines(all, values, [])} />
}
