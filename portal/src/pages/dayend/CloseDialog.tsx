import { useState } from 'react'
import { ProposeDayClosing, ProposeDayReopening } from '@/gql/operations'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { StepOutcomeView, useStep, type StepOutcome } from '@/pages/admin/shared'
import { Dialog, Notice, TextField } from '@/ui'
import type { Day } from './DayEnd'

/** Proposes that the day is closed: a reason for each difference that is carried over. */
export function CloseDialog({ day, came, onClose }: { day: Day; came: (outcome: StepOutcome) => void; onClose: () => void }) {
  const text = useText()
  const { say } = useWords()
  const [reasons, setReasons] = useState<Record<string, string>>({})
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [tried, setTried] = useState(false)
  const [propose, busy] = useStep(ProposeDayClosing, (data) => data.proposeDayClosing?.problems)
  const blocking = day.differences.filter((one) => !one.mayBeCarried)
  const open = day.differences.filter((one) => one.mayBeCarried)
  const reasonOf = (id: string) => (reasons[id] ?? '').trim()
  const submit = async () => {
    setTried(true)
    if (open.some((one) => reasonOf(one.id) === '')) return
    const now = await propose({ date: day.date, carried: open.map((one) => ({ difference: one.id, reason: reasonOf(one.id) })) })
    if (now === 'done') came(now)
    else setOutcome(now)
  }
  return (
    <Dialog title={text('dayEnd.close')} action={text('admin.propose')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p className="muted">{text('admin.second')}</p>
      <StepOutcomeView of={outcome} />
      {blocking.map((one) => <Notice key={one.id} tone="bad">{say(one.kindLabel)}: {say(one.toDo)}</Notice>)}
      {day.differences.length === 0 && <Notice tone="good">{text('dayEnd.balanced')}</Notice>}
      {open.map((one) => (
        <TextField
          key={one.id}
          name={one.id}
          label={text('dayEnd.carry', { what: `${say(one.kindLabel)} ${one.key}` })}
          help={say(one.toDo)}
          required
          value={reasons[one.id] ?? ''}
          onChange={(value) => setReasons({ ...reasons, [one.id]: value })}
          error={tried && reasonOf(one.id) === '' ? text('field.empty', { field: text('admin.reason') }) : undefined}
        />
      ))}
    </Dialog>
  )
}

/** Proposes that a closed day is open again. */
export function ReopenDialog({ date, came, onClose }: { date: string; came: (outcome: StepOutcome) => void; onClose: () => void }) {
  const text = useText()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [propose, busy] = useStep(ProposeDayReopening, (data) => data.proposeDayReopening?.problems)
  const submit = async () => {
    setTried(true)
    if (reason.trim() === '') return
    const now = await propose({ date, reason: reason.trim() })
    if (now === 'done') came(now)
    else setOutcome(now)
  }
  return (
    <Dialog title={text('dayEnd.reopen')} action={text('admin.propose')} danger busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p className="muted">{text('dayEnd.reopen.help')}</p>
      <StepOutcomeView of={outcome} />
      <TextField name="reason" label={text('admin.reason')} required lines={3} value={reason} onChange={setReason} error={tried && reason.trim() === '' ? text('field.empty', { field: text('admin.reason') }) : undefined} />
    </Dialog>
  )
}
