import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ApproveDayStep, BusinessDay, ProposeDayClosing, ReturnDayStep, type BusinessDayQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead, useSeat, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import type { AdminSearch } from '@/pages/admin'
import { Decide, NotForRole, StepOutcomeView, useSees, type StepOutcome } from '@/pages/admin/shared'
import { Button, DataTable, DateField, Empty, Instant, Money, Notice, PageHead, Panel, Read, Tag, WDate } from '@/ui'
import { CloseDialog, ReopenDialog } from './CloseDialog'
import { HandIn } from './HandIn'

/** A business day as the API says it. */
export type Day = NonNullable<BusinessDayQuery['businessDay']>
type Step = Day['steps'][number]

const TONES = { OPEN: 'now', PENDING: 'now', CLOSED: 'good', MOVED: 'bad' } as const

/** The end of a business day: orders, outcomes and ledger side by side, what does not agree, and the closing by two people. */
export default function DayEnd() {
  const text = useText()
  const { word } = useWords()
  const { session } = useSeat()
  const today = useToday()
  const [sees, closes] = [useSees(BusinessDay), useSees(ProposeDayClosing)]
  const search = useSearch({ strict: false }) as AdminSearch
  const navigate = useNavigate()
  const date = search.date ?? today
  const read = useRead(BusinessDay, { date }, !sees)
  const [asking, setAsking] = useState<'close' | 'reopen' | null>(null)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  useTitle(text('dayEnd.title'))
  if (!sees) return <NotForRole title={text('dayEnd.title')} />
  const go = (to: string) => void navigate({ to: '.', search: { ...search, date: to } } as never)
  const came = (now: StepOutcome) => {
    setOutcome(now)
    if (now !== 'done') return
    setAsking(null)
    read.again()
  }
  return (
    <div className="stack">
      <PageHead title={text('dayEnd.title')}><Button onClick={read.again}>{text('desk.again')}</Button></PageHead>
      <p className="muted">{text('dayEnd.help')}</p>
      <DateField key={date} label={text('dayEnd.date')} value={date} onChange={(day) => day && day !== date && go(day)} />
      <StepOutcomeView of={outcome} />
      <Read of={read}>
        {({ businessDay: day }) =>
          !day ? (
            <Empty title={text('dayEnd.empty')} />
          ) : (
            <>
              <p className="row">
                <Tag tone={TONES[day.state]}>{word('BusinessDayState', day.state)}</Tag>
                {day.lastClosed && <span className="muted">{text('dayEnd.lastClosed')} <WDate day={day.lastClosed} /></span>}
                {closes && !day.pending && day.state === 'OPEN' && <Button variant="primary" onClick={() => setAsking('close')}>{text('dayEnd.close')}</Button>}
                {closes && !day.pending && day.lastClosed === day.date && <Button onClick={() => setAsking('reopen')}>{text('dayEnd.reopen')}</Button>}
              </p>
              {day.state === 'MOVED' && <Notice tone="bad">{text('dayEnd.moved')}</Notice>}
              {day.earliestOpen && day.earliestOpen < day.date && (
                <Notice tone="warn">{text('dayEnd.earlier')} <Button size="s" onClick={() => go(day.earliestOpen as string)}>{day.earliestOpen}</Button></Notice>
              )}
              {day.pending && <Pending of={day.pending} own={day.pending.proposedBy === session.subject} closes={closes} came={came} />}
              <Gaps day={day} />
              {closes && (day.state === 'OPEN') && !day.pending && <HandIn key={day.date} date={day.date} done={read.again} />}
              <Orders day={day} />
              <Transfers day={day} />
              <Steps steps={day.steps} />
              {asking === 'close' && <CloseDialog day={day} came={came} onClose={() => setAsking(null)} />}
              {asking === 'reopen' && <ReopenDialog date={day.date} came={came} onClose={() => setAsking(null)} />}
            </>
          )
        }
      </Read>
    </div>
  )
}

function Pending({ of, own, closes, came }: { of: NonNullable<Day['pending']>; own: boolean; closes: boolean; came: (outcome: StepOutcome) => void }) {
  const text = useText()
  const { say } = useWords()
  return (
    <Notice tone="info">
      <p>{text('dayEnd.pending', { what: say(of.stepLabel), day: of.day, by: of.proposedBy })}{of.why && `（${of.why}）`}</p>
      <CarriedList of={of.carried} />
      {closes && <Decide id={of.id} what={say(of.stepLabel)} own={own} approve={[ApproveDayStep, (data) => data.approveDayStep?.problems]} giveBack={[ReturnDayStep, (data) => data.returnDayStep?.problems]} came={came} />}
    </Notice>
  )
}

function CarriedList({ of }: { of: Step['carried'] }) {
  const { say } = useWords()
  if (of.length === 0) return null
  return (
    <ul className="plain tight small">
      {of.map((one) => <li key={one.difference.id}>{say(one.difference.kindLabel)} {one.difference.key} — {one.reason}</li>)}
    </ul>
  )
}

/** What does not agree, each with what to do. */
function Gaps({ day }: { day: Day }) {
  const text = useText()
  const { say } = useWords()
  return (
    <Panel title={text('dayEnd.differences')}>
      {day.differences.length === 0 ? (
        <Notice tone="good">{text('dayEnd.balanced')}</Notice>
      ) : (
        <DataTable
          dense
          name={text('dayEnd.differences')}
          lines={day.differences}
          keyOf={(line) => line.id}
          columns={[
            { key: 'kind', title: text('dayEnd.difference'), show: (line) => <Tag tone="bad">{say(line.kindLabel)}</Tag> },
            { key: 'key', title: text('dayEnd.key'), show: (line) => line.key || '—' },
            { key: 'ordered', title: text('dayEnd.ordered'), number: true, show: (line) => <Yen of={line.orderedYen} /> },
            { key: 'found', title: text('dayEnd.found'), number: true, show: (line) => <Yen of={line.foundYen} /> },
            { key: 'todo', title: text('dayEnd.toDo'), show: (line) => say(line.toDo) },
          ]}
        />
      )}
    </Panel>
  )
}

function Yen({ of }: { of: number | null | undefined }) {
  return of === null || of === undefined ? <>—</> : <Money amount={of} />
}

function Orders({ day }: { day: Day }) {
  const text = useText()
  const { say, word } = useWords()
  return (
    <Panel title={text('dayEnd.columns')}>
      {day.lines.length === 0 ? (
        <Empty title={text('dayEnd.columns.empty')} />
      ) : (
        <DataTable
          dense
          name={text('dayEnd.columns')}
          lines={day.lines}
          keyOf={(line) => line.key}
          columns={[
            { key: 'key', title: text('dayEnd.key'), show: (line) => <>{line.key}{line.orderedOn && line.orderedOn < day.date && <span className="muted small">（{text('dayEnd.carriedFrom')} <WDate day={line.orderedOn} />）</span>}</> },
            { key: 'ordered', title: text('dayEnd.ordered'), number: true, show: (line) => <Yen of={line.orderedYen} /> },
            { key: 'outcome', title: text('dayEnd.outcome'), show: (line) => (line.outcomeLabel ? say(line.outcomeLabel) : '—') },
            { key: 'ledger', title: text('dayEnd.ledger'), number: true, show: (line) => <Yen of={line.ledgerYen} /> },
            { key: 'difference', title: text('dayEnd.difference'), show: (line) => (line.difference ? <Tag tone="bad">{word('DayDifferenceKind', line.difference)}</Tag> : '—') },
          ]}
        />
      )}
    </Panel>
  )
}

function Transfers({ day }: { day: Day }) {
  const text = useText()
  const { say, word } = useWords()
  if (day.transfers.length === 0) return null
  return (
    <Panel title={text('dayEnd.transfers')}>
      <DataTable
        dense
        name={text('dayEnd.transfers')}
        lines={day.transfers}
        keyOf={(line) => line.key}
        columns={[
          { key: 'key', title: text('dayEnd.key'), show: (line) => line.key },
          { key: 'sent', title: text('dayEnd.sent'), number: true, show: (line) => <Yen of={line.sentYen} /> },
          { key: 'result', title: text('dayEnd.result'), show: (line) => (line.result ? <>{say(line.result.outcomeLabel)}<span className="muted small">（{say(line.result.codeLabel)}）</span></> : '—') },
          { key: 'amount', title: text('dayEnd.found'), number: true, show: (line) => <Yen of={line.result?.amountYen} /> },
          { key: 'difference', title: text('dayEnd.difference'), show: (line) => (line.difference ? <Tag tone="bad">{word('DayDifferenceKind', line.difference)}</Tag> : '—') },
        ]}
      />
    </Panel>
  )
}

/** What was handed in and done, with the lines of each result file. */
function Steps({ steps }: { steps: Step[] }) {
  const text = useText()
  const { say } = useWords()
  return (
    <Panel title={text('dayEnd.steps')}>
      {steps.length === 0 ? (
        <Empty title={text('dayEnd.steps.empty')} />
      ) : (
        <DataTable
          dense
          name={text('dayEnd.steps')}
          lines={steps}
          keyOf={(line) => line.id}
          columns={[
            { key: 'step', title: text('dayEnd.step'), show: (line) => <>{say(line.stepLabel)}{line.why && <span className="muted small">（{line.why}）</span>}<CarriedList of={line.carried} /><Results of={line.results} /></> },
            { key: 'state', title: text('users.state'), show: (line) => <Tag>{say(line.stateLabel)}</Tag> },
            { key: 'by', title: text('admin.proposedBy'), show: (line) => <>{line.proposedBy}<br /><span className="muted small"><Instant at={line.proposedAt} /></span></> },
            { key: 'decided', title: text('admin.decidedBy'), show: (line) => <>{line.decidedBy ?? '—'}{line.reason && <span className="muted small">（{line.reason}）</span>}</> },
          ]}
        />
      )}
    </Panel>
  )
}

function Results({ of }: { of: Step['results'] }) {
  const text = useText()
  const { say } = useWords()
  if (of.length === 0) return null
  return (
    <details className="small">
      <summary>{text('dayEnd.results', { count: of.length })}</summary>
      <ul className="plain tight">
        {of.map((one) => <li key={one.line}>{text('dayEnd.resultLine', { line: one.line })} {say(one.outcomeLabel)}（{say(one.codeLabel)}） <Money amount={one.amountYen} /> {one.key ?? ''}</li>)}
      </ul>
    </details>
  )
}
