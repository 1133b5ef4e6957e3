import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { AnswerMonths, AnswersGiven, type AnswerMonthsQuery, type AnswersGivenQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import type { Trouble } from '@/lib/client'
import { inTokyo } from '@/lib/dates'
import { LINES_MOST, useEvery } from '@/lib/every'
import { csv, save } from '@/lib/file'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useToday } from '@/lib/use'
import { Button, DataTable, DateField, Empty, Notice, PageHead, Pager, Read, TroubleView, type Column } from '@/ui'
import { Csv } from '../staff/Csv'
import '../partner/outside.css'
import { keyOf, useRequests } from './requests'
import { monthly, type Month, type PeriodSearch } from './search'

const answersOf = (data: AnswersGivenQuery) => data.answersGiven
const monthsOf = (data: AnswerMonthsQuery) => data.answersGiven
type Given = NonNullable<AnswersGivenQuery['answersGiven']>['edges'][number]['node']

/** What the organisation answered in a period: this month, where no other is chosen. The file has every line. */
export default function History() {
  const text = useText()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as PeriodSearch
  const today = useToday()
  const [from, until] = [search.from ?? `${today.slice(0, 7)}-01`, search.until ?? today]
  const read = useRead(AnswersGiven, { from, until, first: SIZES.AnswersGiven, after: search.after ?? null })
  const { columns: asked, head, cells } = useRequests()
  const took: Column<Given> = { key: 'took', title: text('answers.took'), number: true, show: (line) => line.businessDays ?? '—' }
  // Behind the instant of the answer.
  const columns = asked.flatMap((column): Column<Given>[] => (column.key === 'answered' ? [column, took] : [column]))
  useTitle(text('answers.title'))
  const go = (next: PeriodSearch) => void navigate({ to: '.', search: next as never })
  return (
    <div className="outside stack">
      <PageHead title={text('answers.title')} />
      <p className="muted">{text('answers.help')}</p>
      <Period key={`${from} ${until}`} from={from} until={until} go={go} />
      <Read of={read}>
        {({ answersGiven }) => {
          const lines = answersGiven?.edges.map((edge) => edge.node) ?? []
          const more = answersGiven?.pageInfo.hasNextPage ?? false
          // A page of cases without an answer in that period may stand in front of others.
          if (!answersGiven || (lines.length === 0 && !more && !search.after)) return <Empty title={text('answers.empty')}>{text('answers.empty.help')}</Empty>
          return (
            <>
              <DataTable name={text('answers.title')} columns={columns} lines={lines} keyOf={keyOf} />
              <Pager first={!search.after} more={more} busy={read.busy} toFirst={() => go({ from, until })} on={() => go({ from, until, after: answersGiven.pageInfo.endCursor ?? undefined })} />
              <Months key={`${from} ${until}`} from={from} until={until} />
              <Csv operation={AnswersGiven} variables={{ from, until, first: SIZES.AnswersGiven }} of={answersOf} name={`answers-${from}-${until}.csv`} head={[...head, text('answers.took')]} cells={(line) => [...cells(line), line.businessDays ?? '']} />
            </>
          )
        }}
      </Read>
    </div>
  )
}

function Period({ from, until, go }: { from: string; until: string; go: (next: PeriodSearch) => void }) {
  const text = useText()
  const [first, setFirst] = useState<string | null>(from)
  const [last, setLast] = useState<string | null>(until)
  const backwards = first !== null && last !== null && last < first
  return (
    <form
      className="row find"
      role="search"
      aria-label={text('answers.period')}
      onSubmit={(event) => {
        event.preventDefault()
        if (first && last && !backwards) go({ from: first, until: last })
      }}
    >
      <DateField label={text('answers.from')} value={first} onChange={setFirst} />
      <DateField label={text('answers.until')} value={last} onChange={setLast} error={backwards ? text('answers.backwards') : undefined} />
      <Button type="submit">{text('day.show')}</Button>
    </form>
  )
}

/** What each month of the period came to: read when somebody wants to know. */
function Months({ from, until }: { from: string; until: string }) {
  const text = useText()
  const [every, reading] = useEvery(AnswerMonths, monthsOf)
  const [found, setFound] = useState<{ months: Month[]; cut: boolean } | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const run = async () => {
    setTrouble(null)
    const read = await every({ from, until, first: SIZES.AnswerMonths })
    if ('trouble' in read) return setTrouble(read.trouble)
    const settled = read.lines.flatMap(({ answer, businessDays, answeredAt, endedAt }) => {
      const at = answeredAt ?? endedAt
      return at ? [{ day: inTokyo(at).day, answer, businessDays }] : []
    })
    setFound({ months: monthly(settled), cut: read.cut })
  }
  const counts = ['approved', 'conditional', 'declined', 'withdrawn'] as const
  const days = ['median', 'ninetieth'] as const
  const columns: Column<Month>[] = [
    { key: 'month', title: text('answers.month'), show: (line) => line.month },
    ...counts.map((name): Column<Month> => ({ key: name, title: text(`answers.${name}`), number: true, show: (line) => line[name] })),
    ...days.map((name): Column<Month> => ({ key: name, title: text(`answers.${name}`), number: true, show: (line) => line[name] ?? '—' })),
  ]
  const download = (months: Month[]) => save(`answers-by-month-${from}-${until}.csv`, csv(columns.map((column) => column.title), months.map((line) => [line.month, ...counts.map((name) => line[name]), ...days.map((name) => line[name] ?? '')])))
  return (
    <div className="stack no-print">
      <div><Button loading={reading} onClick={() => void run()}>{text('answers.counts.do')}</Button></div>
      {found && found.months.length === 0 && <p className="muted">{text('answers.empty')}</p>}
      {found && found.months.length > 0 && (
        <>
          <DataTable name={text('answers.counts')} columns={columns} lines={found.months} keyOf={(line) => line.month} dense />
          <p className="muted small">{text('answers.counts.help')}</p>
          <div><Button size="s" onClick={() => download(found.months)}>{text('answers.counts.csv')}</Button></div>
        </>
      )}
      {found?.cut && <Notice tone="warn">{text('answers.cut', { most: LINES_MOST })}</Notice>}
      {trouble && <TroubleView trouble={trouble} again={() => void run()} />}
    </div>
  )
}
