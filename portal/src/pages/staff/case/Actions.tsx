import { useEffect, useState } from 'react'
import { ActionDialog, BACK, ClosedActions, type Action, type Values } from '@/command'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { Button, Notice, Panel } from '@/ui'
import { useCaseChoices } from './choices'

/** Verbs that stand elsewhere on the page: decisions beside what is decided, the form on its own page. */
const ELSEWHERE = new Set(['approveProposal', 'returnProposal', 'retractProposal', 'editDraft'])

/** Everything that the signed-in person may do now, and what not, with the reason. */
export function Actions(props: { actions: Action[]; id: string; version: number; about: string; begin: (verb: string) => Values | undefined; done: () => void; setActing: (acting: boolean) => void }) {
  const { id, version, about, begin, done, setActing } = props
  const text = useText()
  const { say } = useWords()
  const [open, setOpen] = useState<Action | null>(null)
  const [was, setWas] = useState<string | null>(null)
  const choices = useCaseChoices(id, open !== null)
  useEffect(() => {
    if (!open) return
    setActing(true)
    return () => setActing(false)
  }, [open, setActing])
  const all = props.actions.filter((action) => !ELSEWHERE.has(action.verb))
  const enabled = all.filter((action) => action.enabled)
  const closed = all.filter((action) => !action.enabled)
  // Rows of facts put something on record; all others move the case or one of its tracks. For an answer somebody waits.
  const records = enabled.filter((action) => action.row.startsWith('F-') && action.verb !== 'answerGuarantor')
  const steps = enabled.filter((action) => !records.includes(action))
  const first = steps.find((action) => !BACK.has(action.verb))
  const name = (action: Action) => `${say(action.label)}${action.key ? `（${action.key}）` : ''}`
  const button = (action: Action, first: boolean) => (
    <Button key={`${action.row} ${action.key}`} variant={first ? 'primary' : 'secondary'} wide onClick={() => setOpen(action)}>
      {name(action)}
    </Button>
  )
  return (
    <Panel title={text('actions.title')}>
      {was && <Notice tone="good">{text('actions.done', { what: was })}</Notice>}
      <div className="actions">
        {enabled.length === 0 && <p className="muted">{text('actions.none')}</p>}
        {steps.map((action) => button(action, action === first))}
        {records.length > 0 && (
          <details open={steps.length === 0}>
            <summary>{text('actions.records', { count: records.length })}</summary>
            <div className="actions">{records.map((action) => button(action, false))}</div>
          </details>
        )}
        <ClosedActions of={closed} title={text('actions.closed', { count: closed.length })} nameOf={name} />
      </div>
      {open && (
        <ActionDialog
          id={id}
          version={version}
          about={about}
          action={open}
          choices={choices}
          begin={begin(open.verb)}
          onClose={() => setOpen(null)}
          onDone={() => {
            setWas(name(open))
            setOpen(null)
            done()
          }}
        />
      )}
    </Panel>
  )
}
