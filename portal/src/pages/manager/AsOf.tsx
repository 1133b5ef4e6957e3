import { useLocale, useText } from '@/i18n'
import { dayText } from '@/lib/dates'
import { Notice } from '@/ui'

/** Of which day the figures are, how many cases they count, and whether that is all. */
export function AsOf({ figures }: { figures: { asOf: string; exact: boolean; stages: { cases: number; overdue: number }[] } }) {
  const text = useText()
  const locale = useLocale()
  const sum = (of: (stage: { cases: number; overdue: number }) => number) => figures.stages.reduce((all, stage) => all + of(stage), 0)
  return (
    <>
      {!figures.exact && <Notice tone="warn">{text('figures.notAll')}</Notice>}
      <p className="muted small">
        {text('figures.asOf', { day: dayText(figures.asOf, locale, true), cases: sum((stage) => stage.cases), overdue: sum((stage) => stage.overdue) })}
      </p>
    </>
  )
}
