import { Link } from '@tanstack/react-router'
import { WorkDates } from '@/gql/operations'
import { useLocale, useText } from '@/i18n'
import { dayText } from '@/lib/dates'
import { useLive } from '@/lib/live'
import { SIZES } from '@/lib/sizes'
import { timeText } from '@/lib/times'
import { useTitle } from '@/lib/title'
import { useRead, useSeat, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, Empty, Later, Notice, PageHead, Read, Tag } from '@/ui'
import { Due } from '../registration/Due'
import { Feed } from './Feed'
import { calendarFile, weeks, type Entry } from './filing'
import '../partner/outside.css'

/** Due dates and settlements by week, and the same as a file for one's own calendar. */
export default function Calendar() {
  const text = useText()
  const locale = useLocale()
  const { word } = useWords()
  const { session } = useSeat()
  const from = useToday()
  const work = useRead(WorkDates, { first: SIZES.WorkDates, from })
  useTitle(text('calendar.title'))
  useLive(work.again, work.again)
  const save = (entries: Entry[]) => {
    const address = URL.createObjectURL(new Blob([calendarFile(entries, new Date(Date.now() + session.behind))], { type: 'text/calendar' }))
    const link = document.createElement('a')
    link.href = address
    link.download = 'yushi.ics'
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <div className="outside stack">
      <Read of={work}>
        {({ tasks, applications }) => {
          const lines = tasks?.edges.map((edge) => edge.node) ?? []
          const what = text('calendar.settles')
          const fixed = (applications?.edges.map((edge) => edge.node) ?? []).flatMap(({ id, number, plannedDate, settlement }): Entry[] =>
            settlement ? [{ applicationId: id, number, day: plannedDate, kind: 'settles', id, what, time: settlement.time, place: settlement.place }] : [],
          )
          // A case settles once, however much work it has; one whose date is fixed, on that date.
          const settled = new Set(fixed.map((entry) => entry.applicationId))
          const planned = lines.flatMap((line): Entry[] => {
            const shared = { applicationId: line.applicationId, number: line.number }
            const due: Entry = { ...shared, day: line.dueOn, kind: 'due', id: line.id, what: word('Task', line.task) }
            if (!line.plannedDate || settled.has(line.applicationId)) return [due]
            settled.add(line.applicationId)
            return [due, { ...shared, day: line.plannedDate, kind: 'settles', id: line.applicationId, what }]
          })
          const entries = [...fixed, ...planned]
          return (
            <>
              <PageHead title={text('calendar.title')}>
                {entries.length > 0 && <Button onClick={() => save(entries)}>{text('calendar.save')}</Button>}
              </PageHead>
              {tasks?.pageInfo.hasNextPage && <Notice>{text('calendar.more', { count: SIZES.WorkDates })}</Notice>}
              {entries.length === 0 && <Empty title={text('calendar.empty')} />}
              {weeks(entries).map((week) => (
                <section key={week.monday} className="panel" aria-labelledby={`week-${week.monday}`}>
                  <h2 id={`week-${week.monday}`}>{text('calendar.week', { day: dayText(week.monday, locale) })}</h2>
                  {week.days.map((day) => (
                    <section key={day.day} className="tight">
                      <h3>{dayText(day.day, locale, true)}</h3>
                      <ul className="plain tight">
                        {day.entries.map((entry) => (
                          <li key={`${entry.kind} ${entry.id}`} className="row">
                            <Tag tone={entry.kind === 'settles' ? 'now' : 'plain'}>{text(`calendar.kind.${entry.kind}`)}</Tag>
                            <Link to={'/jobs/$id' as never} params={{ id: entry.applicationId } as never} className="tall">{entry.kind === 'due' ? `${entry.what} ${entry.number}` : entry.number}</Link>
                            {entry.time && <time dateTime={entry.time}>{timeText(entry.time, locale)}</time>}
                            {entry.place && <span className="small" lang="ja">{entry.place}</span>}
                          </li>
                        ))}
                      </ul>
                    </section>
                  ))}
                </section>
              ))}
            </>
          )
        }}
      </Read>
      <section className="panel stack" aria-labelledby="held-originals">
        <h2 id="held-originals">{text('originals.mine')}</h2>
        <Due to="/jobs/$id" after={null} go={() => undefined} />
      </section>
      <Later title={text('feed.title')}><Feed /></Later>
    </div>
  )
}
