import { useLocale, useText } from '@/i18n'
import { dayText, inTokyo, instantText, type Day } from '@/lib/dates'
import { timeText, type Clock } from '@/lib/times'
import { inMan, yen } from '@/lib/yen'
import './values.css'

/** An amount in yen; `said`: with how people say it, where it is decided. */
export function Money({ amount, said }: { amount: number; said?: boolean }) {
  const locale = useLocale()
  return (
    <span className="figures">
      {yen(amount, locale)}
      {said && locale === 'ja' && amount >= 10_000 && <span className="muted">（{inMan(amount)}）</span>}
    </span>
  )
}

/** A day, in the era in Japanese; the ISO form is its title. */
export function WDate({ day, weekday }: { day: Day | null | undefined; weekday?: boolean }) {
  const locale = useLocale()
  if (!day) return <>—</>
  return (
    <time dateTime={day} title={day} className="nowrap">
      {dayText(day, locale, weekday)}
    </time>
  )
}

/** A day with its time of day and place, as far as they are agreed. */
export function Meeting({ day, at }: { day: Day | null | undefined; at: { time: Clock | null; place: string | null } | null | undefined }) {
  const locale = useLocale()
  return (
    <>
      <WDate day={day} weekday />
      {at?.time && <> <time dateTime={at.time} className="nowrap">{timeText(at.time, locale)}</time></>}
      {at?.place && <span className="meeting-place" lang="ja">{at.place}</span>}
    </>
  )
}

/** An instant, in Tokyo's time. */
export function Instant({ at }: { at: string | null | undefined }) {
  const locale = useLocale()
  if (!at) return <>—</>
  const { day, time } = inTokyo(at)
  return (
    <time dateTime={at} title={`${day} ${time}`} className="nowrap">
      {instantText(at, locale)}
    </time>
  )
}

/** A word that is neither good nor bad: a stage, a state. */
export function Tag({ children, tone = 'plain' }: { children: string; tone?: 'plain' | 'good' | 'warn' | 'bad' | 'now' }) {
  return <span className={`tag tag-${tone}`}>{children}</span>
}

/** How many business days are left: an icon and words beside the colour. */
export function DaysLeft({ days }: { days: number }) {
  const text = useText()
  if (days < 0) return <span className="left left-over"><Warning />{text('due.over', { days: -days })}</span>
  if (days === 0) return <span className="left left-today"><Warning />{text('due.today')}</span>
  return <span className="left">{text('due.left', { days })}</span>
}

/** The sign of a warning. */
export function Warning() {
  return (
    <svg aria-hidden="true" width="16" height="16" viewBox="0 0 16 16" className="warning">
      <path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />
      <path d="M8 6v4M8 11.5v1" stroke="currentColor" strokeWidth="1.6" />
    </svg>
  )
}
