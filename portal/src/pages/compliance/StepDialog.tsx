import { useState } from 'react'
import { useText } from '@/i18n'
import { useSubmitKey } from '@/lib/submit'
import { StepOutcomeView, type StepOutcome } from '@/pages/admin/shared'
import { ChoiceField, DateField, Dialog, TextField } from '@/ui'
import { blank, given, missing, type Field, type Values } from './form'

/** A step with a line of a register: what the dialog says and asks, and how it is sent. */
export interface Step {
  title: string
  action: string
  /** What it is about, or what comes of it. */
  about?: string
  danger?: boolean
  fields: Field[]
  send: (values: Values, key: string) => Promise<StepOutcome>
}

/** Asks for what a step needs and takes it. What stands in its way is shown; nothing typed is lost then. */
export function StepDialog({ step, busy, onDone, onClose }: { step: Step; busy: boolean; onDone: () => void; onClose: () => void }) {
  const text = useText()
  const [values, setValues] = useState(() => blank(step.fields))
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const empty = tried ? missing(step.fields, values) : []
  const sent = given(step.fields, values)
  const key = useSubmitKey(sent)
  const submit = async () => {
    setTried(true)
    const [first] = missing(step.fields, values)
    if (first !== undefined) return document.getElementById(`field-${first}`)?.focus()
    const came = await step.send(sent, key)
    if (came === 'done') onDone()
    else setOutcome(came)
  }
  return (
    <Dialog title={step.title} action={step.action} danger={step.danger} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      {step.about && <p className="muted">{step.about}</p>}
      <StepOutcomeView of={outcome} />
      {step.fields.map((field) => {
        const { name, label, help, required } = field
        const shared = { name, label, help, required, error: empty.includes(name) ? text('field.empty', { field: label }) : undefined }
        const set = (value: string | null) => setValues((now) => ({ ...now, [name]: value }))
        if (field.kind === 'day') return <DateField key={name} {...shared} value={values[name] ?? null} onChange={set} />
        if (field.kind === 'choice') return <ChoiceField key={name} {...shared} value={values[name] ?? ''} blank={text('field.choose')} options={field.options ?? []} onChange={set} />
        return <TextField key={name} {...shared} lines={field.kind === 'text' ? 4 : undefined} value={values[name] ?? ''} onChange={set} />
      })}
    </Dialog>
  )
}
