import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { AnswersGiven, type AnswersGivenQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import type { Trouble } from '@/lib/client'
import { inTokyo } from '@/lib/dates'
import { LINES_MOST, useEvery } from '@/lib/every'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, DateField, Empty, Notice, PageHead, Pager, Read, TroubleView, type Column } from '@/ui'
import { Csv } from '../staff/Csv'
import '../partner/outside.css'
import { keyOf, useRequests, type Line } from './requests'
import { counted, type Count, type PeriodSearch } from './search'

const answersOf = (data: AnswersGivenQuery) => data.answersGiven

/** What the organisation answered in a period: this month, where no other is chosen. The file has every line. */
export default function History() {
  const text = useText()
  const { session } = useSeat()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as PeriodSearch
  const today = inTokyo(new Date(Date.now() + session.behind)).day
  const [from, until] = [search.from ?? `${today.slice(0, 7)}-01`, search.until ?? today]
  const read = useRead(AnswersGiven, { from, until, first: SIZES.AnswersGiven, after: search.after ?? null })
  const { columns, head, cells } = useRequests()
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
              <Counts key={`${from} ${until}`} from={from} until={until} />
              <Csv operation={AnswersGiven} variables={{ from, until, first: SIZES.AnswersGiven }} of={answersOf} name={`answers-${from}-${until}.csv`} head={head} cells={cells} />
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

/** How many answers of each kind the period has, by month: read when somebody wants to know. */
function Counts({ from, until }: { from: string; until: string }) {
  const text = useText()
  const { say } = useWords()
  const [every, reading] = useEvery(AnswersGiven, answersOf)
  const [found, setFound] = useState<{ counts: Count[]; cut: boolean } | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const run = async () => {
    setTrouble(null)
    const read = await every({ from, until, first: SIZES.AnswersGiven })
    if ('trouble' in read) return setTrouble(read.trouble)
    const answers = read.lines.flatMap((line: Line) => (line.answerLabel && line.answeredAt ? [{ month: inTokyo(line.answeredAt).day.slice(0, 7), answer: say(line.answerLabel) }] : []))
    setFound({ counts: counted(answers), cut: read.cut })
  }
  const columns: Column<Count>[] = [
    { key: 'month', title: text('answers.month'), show: (line) => line.month },
    { key: 'answer', title: text('day.answer'), show: (line) => line.answer },
    { key: 'count', title: text('answers.count'), number: true, show: (line) => line.count },
  ]
  return (
    <div className="stack no-print">
      <div><Button loading={reading} onClick={() => void run()}>{text('answers.counts.do')}</Button></div>
      {found && <DataTable name={text('answers.counts')} columns={columns} lines={found.counts} keyOf={(line) => `${line.month} ${line.answer}`} dense />}
      {found?.cut && <Notice tone="warn">{text('answers.cut', { most: LINES_MOST })}</Notice>}
      {trouble && <TroubleView trouble={trouble} again={() => void run()} />}
    </div>
  )
}
