import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ApproveRate, PostedRates, ProposeRate, RateLines, ReturnRate, type PostedRatesQuery, type RateLinesQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead, useSeat, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, DateField, Empty, Instant, Notice, PageHead, Panel, Read, Tag, WDate, type Column } from '@/ui'
import type { AdminSearch } from './index'
import { RateDialog } from './RateDialog'
import { Decide, NotForRole, StepOutcomeView, useSees, type StepOutcome } from './shared'

type Posted = NonNullable<PostedRatesQuery['postedRates']>[number]
type Line = NonNullable<RateLinesQuery['rateLines']>[number]

/** Series whose rate is a table of the guarantor. */
export const REFUNDS = 'GUARANTEE_REFUND'
/** Lines of the history: what the limits of one request let through. */
const LINES = 25

/** Posted rates of a day, and what was entered with four eyes. */
export default function Rates() {
  const text = useText()
  const [posted, lines, enters] = [useSees(PostedRates), useSees(RateLines), useSees(ProposeRate)]
  const [proposing, setProposing] = useState(false)
  const [done, setDone] = useState(0)
  useTitle(text('rates.title'))
  if (!posted && !lines) return <NotForRole title={text('rates.title')} />
  return (
    <div className="stack">
      <PageHead title={text('rates.title')}>{enters && <Button variant="primary" onClick={() => setProposing(true)}>{text('rates.propose')}</Button>}</PageHead>
      <p className="muted">{text('rates.help')}</p>
      {done > 0 && <Notice tone="good">{text('admin.proposed')}</Notice>}
      {posted && <OfDay />}
      {lines && <Entered key={done} enters={enters} />}
      {proposing && (
        <RateDialog
          done={() => {
            setProposing(false)
            setDone(done + 1)
          }}
          onClose={() => setProposing(false)}
        />
      )}
    </div>
  )
}

function OfDay() {
  const text = useText()
  const { say } = useWords()
  const today = useToday()
  const search = useSearch({ strict: false }) as AdminSearch
  const navigate = useNavigate()
  const day = search.date ?? today
  const read = useRead(PostedRates, { date: day })
  const columns: Column<Posted>[] = [
    { key: 'series', title: text('rates.series'), show: (line) => say(line.label) },
    { key: 'rate', title: text('rates.rate'), number: true, show: (line) => text('rates.percent', { percent: line.ratePercent }) },
    { key: 'from', title: text('rates.from'), show: (line) => <WDate day={line.from} /> },
    { key: 'to', title: text('rates.to'), show: (line) => (line.to ? <WDate day={line.to} /> : text('rates.open')) },
  ]
  return (
    <Panel title={text('rates.ofDay')}>
      <DateField key={day} label={text('rates.day')} value={day} onChange={(date) => date && date !== day && void navigate({ to: '.', search: { ...search, date } } as never)} />
      <Read of={read}>
        {({ postedRates: lines }) => (!lines || lines.length === 0 ? <Empty title={text('rates.ofDay.empty')} /> : <DataTable name={text('rates.ofDay')} columns={columns} lines={lines} keyOf={(line) => line.series} dense />)}
      </Read>
    </Panel>
  )
}

function Entered({ enters }: { enters: boolean }) {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const read = useRead(RateLines, { first: LINES })
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const came = (now: StepOutcome) => {
    setOutcome(now)
    read.again()
  }
  const columns: Column<Line>[] = [
    { key: 'series', title: text('rates.series'), show: (line) => <>{say(line.label)}{line.cells.length > 0 && <Cells line={line} />}</> },
    { key: 'rate', title: text('rates.rate'), number: true, show: (line) => (line.series === REFUNDS ? '—' : text('rates.percent', { percent: line.ratePercent })) },
    { key: 'from', title: text('rates.from'), show: (line) => <WDate day={line.validFrom} /> },
    { key: 'state', title: text('users.state'), show: (line) => <Tag tone={line.state === 'PROPOSED' ? 'now' : 'plain'}>{say(line.stateLabel)}</Tag> },
    { key: 'by', title: text('admin.proposedBy'), show: (line) => <>{line.proposedBy}<br /><span className="muted small"><Instant at={line.proposedAt} /></span></> },
    { key: 'decided', title: text('admin.decidedBy'), show: (line) => <>{line.decidedBy ?? '—'}{line.reason && <span className="muted small">（{line.reason}）</span>}</> },
    ...(enters ? [{ key: 'decide', title: text('admin.decide'), show: (line: Line) => <Decision line={line} own={line.proposedBy === session.subject} came={came} /> }] : []),
  ]
  return (
    <Panel title={text('rates.entered')}>
      <StepOutcomeView of={outcome} />
      <Read of={read}>
        {({ rateLines: lines }) => (!lines || lines.length === 0 ? <Empty title={text('rates.entered.empty')} /> : <DataTable name={text('rates.entered')} columns={columns} lines={lines} keyOf={(line) => line.id} dense />)}
      </Read>
    </Panel>
  )
}

function Decision({ line, own, came }: { line: Line; own: boolean; came: (outcome: StepOutcome) => void }) {
  const { say } = useWords()
  if (line.state !== 'PROPOSED') return <>—</>
  return <Decide id={line.id} what={say(line.label)} own={own} approve={[ApproveRate, (data) => data.approveRate?.problems]} giveBack={[ReturnRate, (data) => data.returnRate?.problems]} came={came} />
}

function Cells({ line }: { line: Line }) {
  const text = useText()
  return (
    <details className="small">
      <summary>{text('rates.cells', { count: line.cells.length })}</summary>
      <ul className="plain">
        {line.cells.map((cell) => (
          <li key={`${cell.termYears} ${cell.elapsedYears}`}>{text('rates.cell', { term: cell.termYears, elapsed: cell.elapsedYears, percent: cell.percent })}</li>
        ))}
      </ul>
    </details>
  )
}
