import { useState, type ReactNode } from 'react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ApproveRegisterStep, ReturnRegisterStep } from '@/gql/operations'
import { useText, type Key } from '@/i18n'
import { useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Decide, useCodes, useSees, type StepOutcome } from '@/pages/admin/shared'
import { Instant, Notice, Pager } from '@/ui'

/** What the address says: the register, and where its page begins. */
export interface RegisterSearch {
  tab?: string
  after?: string
  state?: string
}

/** The words of every code of a list, for a choice. */
export function useOptions(list: string): { value: string; label: string }[] {
  const { word } = useWords()
  return useCodes(list).map((value) => ({ value, label: word(list, value) }))
}

const STEPS: Record<string, Key> = {
  ADD: 'registers.step.ADD',
  SUSPEND: 'registers.step.SUSPEND',
  LIFT: 'registers.step.LIFT',
  END: 'registers.step.END',
  SUBSTITUTE: 'registers.step.SUBSTITUTE',
  CLOSE: 'registers.step.CLOSE',
  REVOKE: 'registers.step.REVOKE',
}

/** What waits on a line for a second person, with the decision for whoever may take it; or why the last proposal came back. */
export function Waiting(props: { line: { id: string; pending: { step: string; by: string; at: string } | null; returned: string | null }; what: string; came: (outcome: StepOutcome) => void }) {
  const { line, what, came } = props
  const text = useText()
  const { session } = useSeat()
  const decides = useSees(ApproveRegisterStep)
  const { pending, returned } = line
  if (!pending) return returned ? <p className="small muted">{text('registers.returned', { reason: returned })}</p> : null
  const known = STEPS[pending.step]
  const step = known ? text(known) : pending.step
  return (
    <Notice tone="warn">
      <span>{text('registers.waits', { step, who: pending.by })} <Instant at={pending.at} /></span>{' '}
      {decides && <Decide id={line.id} what={`${what}：${step}`} own={pending.by === session.subject} approve={[ApproveRegisterStep, (data) => data.approveRegisterStep?.problems]} giveBack={[ReturnRegisterStep, (data) => data.returnRegisterStep?.problems]} came={came} />}
    </Notice>
  )
}

/** The page of a register: its first line in the address, and the way on. A full page may have another behind it. */
export function usePages(size: number): { after: string | null; pager: (lines: { cursor: string }[], busy: boolean) => ReactNode; to: (search: Partial<RegisterSearch>) => void } {
  const search = useSearch({ strict: false }) as RegisterSearch
  const navigate = useNavigate()
  const to = (changed: Partial<RegisterSearch>) => void navigate({ to: '.', search: { ...search, after: undefined, ...changed } as never })
  const pager = (lines: { cursor: string }[], busy: boolean) => (
    <Pager first={!search.after} more={lines.length === size} busy={busy} toFirst={() => to({})} on={() => to({ after: lines.at(-1)?.cursor })} />
  )
  return { after: search.after ?? null, pager, to }
}

/** What a page says after a step: done, or what stood in the way of a decision. */
export function useOutcome(again: () => void): { outcome: StepOutcome | null; came: (outcome: StepOutcome) => void } {
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const came = (now: StepOutcome) => {
    setOutcome(now)
    again()
  }
  return { outcome, came }
}
