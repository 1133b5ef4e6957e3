import { useState } from 'react'
import { Deputies as Query, EndDeputy, NameDeputy, type DeputiesQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead, useSeat, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, DateField, Dialog, Empty, PageHead, Read, Tag, TextField, WDate, type Column } from '@/ui'
import { NotForRole, StepOutcomeView, useSees, useStep, type StepOutcome } from './shared'

type Deputy = NonNullable<DeputiesQuery['deputies']>[number]

/** The latest lines: what the limits of one request let through. */
const MOST = 30

/** Who acts for absent colleagues. */
export default function Deputies() {
  const text = useText()
  const sees = useSees(Query)
  useTitle(text('deputies.title'))
  return sees ? <Seen /> : <NotForRole title={text('deputies.title')} />
}

function Seen() {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const names = useSees(NameDeputy)
  const read = useRead(Query, { first: MOST })
  const [naming, setNaming] = useState(false)
  const [ending, setEnding] = useState<Deputy | null>(null)
  const today = useToday()
  const stateOf = (line: Deputy) => (line.endedAt ? 'ended' : line.until < today ? 'over' : line.from > today ? 'ahead' : 'now')
  const mayEnd = (line: Deputy) => names && ['now', 'ahead'].includes(stateOf(line)) && (session.role === 'COMPLIANCE' || [line.absent, line.deputy].includes(session.subject))
  const columns: Column<Deputy>[] = [
    { key: 'absent', title: text('deputies.absent'), show: (line) => <>{line.absent}<span className="muted small">（{say(line.roleLabel)}）</span></> },
    { key: 'deputy', title: text('deputies.deputy'), show: (line) => line.deputy },
    { key: 'from', title: text('deputies.from'), show: (line) => <WDate day={line.from} /> },
    { key: 'until', title: text('deputies.until'), show: (line) => <WDate day={line.until} /> },
    { key: 'reason', title: text('admin.reason'), show: (line) => line.reason },
    { key: 'state', title: text('users.state'), show: (line) => <Tag tone={stateOf(line) === 'now' ? 'now' : 'plain'}>{text(`deputies.state.${stateOf(line)}`)}</Tag> },
    ...(names ? [{ key: 'end', title: text('users.steps'), show: (line: Deputy) => (mayEnd(line) ? <Button size="s" onClick={() => setEnding(line)} aria-label={text('deputies.end.of', { deputy: line.deputy })}>{text('deputies.end')}</Button> : '—') }] : []),
  ]
  const done = () => {
    setNaming(false)
    setEnding(null)
    read.again()
  }
  return (
    <div className="stack">
      <PageHead title={text('deputies.title')}>{names && <Button variant="primary" onClick={() => setNaming(true)}>{text('deputies.name')}</Button>}</PageHead>
      <p className="muted">{text('deputies.help')}</p>
      <Read of={read}>
        {({ deputies: lines }) => (!lines || lines.length === 0 ? <Empty title={text('deputies.empty')} /> : <DataTable name={text('deputies.title')} columns={columns} lines={lines} keyOf={(line) => line.id} />)}
      </Read>
      {naming && <NameDialog today={today} done={done} onClose={() => setNaming(false)} />}
      {ending && <EndDialog deputy={ending} done={done} onClose={() => setEnding(null)} />}
    </div>
  )
}

function NameDialog({ today, done, onClose }: { today: string; done: () => void; onClose: () => void }) {
  const text = useText()
  const [deputy, setDeputy] = useState('')
  const [from, setFrom] = useState<string | null>(today)
  const [until, setUntil] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [name, busy] = useStep(NameDeputy, (data) => data.nameDeputy?.problems)
  const submit = async () => {
    setTried(true)
    if (deputy.trim() === '' || reason.trim() === '' || !from || !until) return
    const came = await name({ deputy: deputy.trim(), from, until, reason: reason.trim() })
    if (came === 'done') done()
    else setOutcome(came)
  }
  const missing = (value: string | null, label: string) => (tried && !value?.trim() ? text('field.empty', { field: label }) : undefined)
  return (
    <Dialog title={text('deputies.name')} action={text('deputies.name.do')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p className="muted">{text('deputies.name.help')}</p>
      <StepOutcomeView of={outcome} />
      <TextField name="deputy" label={text('deputies.deputy')} help={text('deputies.deputy.help')} required value={deputy} onChange={setDeputy} error={missing(deputy, text('deputies.deputy'))} />
      <DateField name="from" label={text('deputies.from')} required value={from} onChange={setFrom} error={missing(from, text('deputies.from'))} />
      <DateField name="until" label={text('deputies.until')} required value={until} onChange={setUntil} error={missing(until, text('deputies.until'))} />
      <TextField name="reason" label={text('admin.reason')} required value={reason} onChange={setReason} error={missing(reason, text('admin.reason'))} />
    </Dialog>
  )
}

function EndDialog({ deputy, done, onClose }: { deputy: Deputy; done: () => void; onClose: () => void }) {
  const text = useText()
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [end, busy] = useStep(EndDeputy, (data) => data.endDeputy?.problems)
  const submit = async () => {
    const came = await end({ id: deputy.id })
    if (came === 'done') done()
    else setOutcome(came)
  }
  return (
    <Dialog title={text('deputies.end')} action={text('deputies.end.do')} danger busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p>{text('deputies.end.effect', { absent: deputy.absent, deputy: deputy.deputy })}</p>
      <StepOutcomeView of={outcome} />
    </Dialog>
  )
}
