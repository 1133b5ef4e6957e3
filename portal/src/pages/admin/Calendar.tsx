import { Link, useSearch } from '@tanstack/react-router'
import { Calendar as Query, type CalendarQuery } from '@/gql/operations'
import { useLocale, useText } from '@/i18n'
import { wareki, weekdayOf } from '@/lib/dates'
import { useTitle } from '@/lib/title'
import { useRead, useToday } from '@/lib/use'
import { DataTable, Empty, PageHead, Panel, Read, WDate, type Column } from '@/ui'
import type { AdminSearch } from './index'
import './calendar.css'

type Day = NonNullable<CalendarQuery['businessCalendar']>[number]

const MONTHS = Array.from({ length: 12 }, (_, month) => month)
const WEEK = [0, 1, 2, 3, 4, 5, 6] as const

/** Open and closed days of a year: every date that the program counts goes by them. */
export default function Calendar() {
  const text = useText()
  const locale = useLocale()
  const search = useSearch({ strict: false }) as AdminSearch
  const today = useToday()
  const year = /^(19|20|21)\d\d$/.test(search.year ?? '') ? Number(search.year) : Number(today.slice(0, 4))
  const read = useRead(Query, { from: `${year}-01-01`, to: `${year}-12-31` })
  useTitle(text('bankDays.title'))
  // The era and its year, without month and day.
  const era = wareki(`${year}-12-31`, false).replace(/\D\d+\D\d+\D$/, '')
  return (
    <div className="stack">
      <PageHead title={text('bankDays.title')} />
      <p className="muted">{text('bankDays.help')}</p>
      <nav className="row no-print" aria-label={text('bankDays.years')}>
        <Link to={'/admin/calendar' as never} search={{ year: String(year - 1) } as never}>{text('bankDays.year', { year: year - 1 })}</Link>
        <strong>{locale === 'ja' ? text('bankDays.year.era', { era, year }) : text('bankDays.year', { year })}</strong>
        <Link to={'/admin/calendar' as never} search={{ year: String(year + 1) } as never}>{text('bankDays.year', { year: year + 1 })}</Link>
      </nav>
      <Read of={read}>{({ businessCalendar: days }) => (!days || days.length === 0 ? <Empty title={text('bankDays.empty')} /> : <Year days={days} today={today} />)}</Read>
    </div>
  )
}

function Year({ days, today }: { days: Day[]; today: string }) {
  const text = useText()
  const open = days.filter((day) => day.open).length
  const special = days.filter((day) => day.holiday || day.closures.length > 0)
  const columns: Column<Day>[] = [
    { key: 'date', title: text('bankDays.date'), show: (day) => <WDate day={day.date} weekday /> },
    { key: 'what', title: text('bankDays.what'), show: (day) => <>{day.holiday && <span lang="ja">{day.holiday}</span>}{day.closures.map((closure) => <span key={closure.branch}>{text('bankDays.closure', { branch: closure.branch, reason: closure.reason })}</span>)}</> },
  ]
  return (
    <>
      <p className="muted small">{text('bankDays.open', { open, closed: days.length - open })}</p>
      <div className="months">
        {MONTHS.map((month) => (
          <Month key={month} days={days.filter((day) => Number(day.date.slice(5, 7)) === month + 1)} today={today} />
        ))}
      </div>
      <Panel title={text('bankDays.special')}>
        <DataTable name={text('bankDays.special')} columns={columns} lines={special} keyOf={(day) => day.date} dense />
      </Panel>
    </>
  )
}

/** A month as a sheet: closed days are struck, branches that are closed alone have a mark. */
function Month({ days, today }: { days: Day[]; today: string }) {
  const text = useText()
  const first = days[0]
  if (!first) return null
  const blanks = weekdayOf(first.date)
  const cells: (Day | null)[] = [...Array.from({ length: blanks }, () => null), ...days]
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7))
  const said = (day: Day) => [day.open ? text('bankDays.isOpen') : text('bankDays.isClosed'), day.holiday, ...day.closures.map((one) => text('bankDays.closure', { branch: one.branch, reason: one.reason }))].filter(Boolean).join('・')
  return (
    <table className="month">
      <caption>{text('bankDays.month', { month: Number(first.date.slice(5, 7)) })}</caption>
      <thead>
        <tr>{WEEK.map((day) => <th key={day} scope="col">{text(`bankDays.weekday.${day}`)}</th>)}</tr>
      </thead>
      <tbody>
        {weeks.map((week, place) => (
          <tr key={place}>
            {WEEK.map((at) => {
              const day = week[at]
              if (!day) return <td key={at} />
              return (
                <td key={at} title={said(day)} className={`day${day.open ? '' : ' day-closed'}${day.date === today ? ' day-today' : ''}`} aria-current={day.date === today ? 'date' : undefined}>
                  {Number(day.date.slice(8))}
                  {day.closures.length > 0 && <span aria-hidden="true">*</span>}
                  <span className="hidden">{said(day)}</span>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
