import { useContext, useState } from 'react'
import type { Problem } from '@/command'
import type { Operation } from '@/lib/operation'
import { useLocale, useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSeat, useSend } from '@/lib/use'
import { WordsContext } from '@/lib/words'
import { Button, Dialog, Empty, Notice, PageHead, TextField, TroubleView } from '@/ui'

/** Every code of a list of words, in its order. */
export function useCodes(list: string): string[] {
  return [...(useContext(WordsContext).get(list)?.keys() ?? [])]
}

/** Does the API have this for the role of the page? */
export function useSees(operation: Operation<never, never> | Operation<unknown, never>): boolean {
  const { session } = useSeat()
  return operation.texts.has(session.role)
}

/** The page is not for this role. */
export function NotForRole({ title }: { title: string }) {
  const text = useText()
  return (
    <>
      <PageHead title={title} />
      <Empty title={text('admin.notForRole')}>{text('admin.notForRole.help')}</Empty>
    </>
  )
}

/** Everything that stands against a step, in the language of the page. */
export function Problems({ of }: { of: Problem[] }) {
  const text = useText()
  const locale = useLocale()
  if (of.length === 0) return null
  return (
    <Notice tone="bad">
      <ul className="plain tight">
        {of.map((one) => (
          <li key={`${one.field} ${one.rule}`}>
            {locale === 'ja' ? one.messageJa : one.messageEn}
            <span className="muted small">（{one.field}・{one.rule}）{text('field.accepted', { accepted: one.accepted })}</span>
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** What a step came to. */
export type StepOutcome = { problems: Problem[] } | { trouble: Trouble } | 'done'

/** Sends a step with four eyes. The same key for the same submit: a second try after a lost answer runs once. */
export function useStep<Data, Variables extends Record<string, unknown>>(
  operation: Operation<Data, Variables>,
  problemsOf: (data: Data) => Problem[] | undefined,
): [(variables: Variables, key?: string) => Promise<StepOutcome>, boolean] {
  const [send, busy] = useSend(operation)
  const step = async (variables: Variables, key?: string): Promise<StepOutcome> => {
    const result = await send(variables, key)
    if (result.error || !result.data) return { trouble: result.error ? troubleOf(result.error) : { kind: 'failed' } }
    const problems = problemsOf(result.data) ?? []
    return problems.length > 0 ? { problems } : 'done'
  }
  return [step, busy]
}

/** What stands in the way, shown; nothing after a step that was done. */
export function StepOutcomeView({ of }: { of: StepOutcome | null }) {
  if (of === null || of === 'done') return null
  return 'problems' in of ? <Problems of={of.problems} /> : <TroubleView trouble={of.trouble} />
}

/** Asks for a reason, and carries out with it. */
function ReasonDialog(props: { title: string; action: string; about: string; busy: boolean; outcome: StepOutcome | null; onSubmit: (reason: string) => void; onClose: () => void }) {
  const { title, action, about, busy, outcome, onSubmit, onClose } = props
  const text = useText()
  const [reason, setReason] = useState('')
  const [empty, setEmpty] = useState(false)
  const submit = () => {
    setEmpty(reason.trim() === '')
    if (reason.trim() !== '') onSubmit(reason.trim())
  }
  return (
    <Dialog title={title} action={action} danger busy={busy} onClose={onClose} onSubmit={submit}>
      <p>{about}</p>
      <StepOutcomeView of={outcome} />
      <TextField name="reason" label={text('admin.reason')} required lines={3} value={reason} onChange={setReason} error={empty ? text('field.empty', { field: text('admin.reason') }) : undefined} />
    </Dialog>
  )
}

/** The decision of the second person about what somebody proposed: approve, or return with a reason. */
export function Decide<Approved, Returned>(props: {
  what: string
  /** Proposed by the person who looks: somebody else decides. */
  own: boolean
  id: string
  approve: [Operation<Approved, { id: string }>, (data: Approved) => Problem[] | undefined]
  giveBack: [Operation<Returned, { id: string; reason: string }>, (data: Returned) => Problem[] | undefined]
  came: (outcome: StepOutcome) => void
}) {
  const { what, own, id, came } = props
  const text = useText()
  const [approve, approving] = useStep(...props.approve)
  const [giveBack, returning] = useStep(...props.giveBack)
  const [asking, setAsking] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  if (own) return <span className="muted small">{text('admin.own')}</span>
  const returned = async (reason: string) => {
    const now = await giveBack({ id, reason })
    setOutcome(now)
    if (now !== 'done') return
    setAsking(false)
    came(now)
  }
  return (
    <span className="row">
      <Button size="s" variant="primary" loading={approving} onClick={() => void approve({ id }).then(came)} aria-label={text('admin.approve.of', { what })}>{text('admin.approve')}</Button>
      <Button size="s" onClick={() => setAsking(true)} aria-label={text('admin.return.of', { what })}>{text('admin.return')}</Button>
      {asking && <ReasonDialog title={text('admin.return')} action={text('admin.return.do')} about={what} busy={returning} outcome={outcome} onSubmit={(reason) => void returned(reason)} onClose={() => setAsking(false)} />}
    </span>
  )
}
