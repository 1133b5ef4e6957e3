import { useEffect, useState } from 'react'
import { ActionDialog, ClosedActions, type Action, type Choices, type Values } from '@/command'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { Button, Notice } from '@/ui'

/** What can be done now, as large buttons, and what cannot yet, with the reason. `nameOf` says an action in the page's own words. */
export function Actions(props: {
  actions: Action[]
  id: string
  version: number
  about: string
  choices?: Choices
  given?: (action: Action) => Values | undefined
  begin?: (action: Action) => Values | undefined
  nameOf?: (action: Action) => string
  done: () => void
  setActing?: (acting: boolean) => void
  /** None of them is what one came for. */
  quiet?: boolean
}) {
  const { actions, id, version, about, choices, given, begin, nameOf, done, setActing, quiet } = props
  const text = useText()
  const { say } = useWords()
  const [open, setOpen] = useState<Action | null>(null)
  const [was, setWas] = useState<string | null>(null)
  useEffect(() => setActing?.(open !== null), [open, setActing])
  const name = nameOf ?? ((action: Action) => `${say(action.label)}${action.key ? `（${action.key}）` : ''}`)
  const enabled = actions.filter((action) => action.enabled)
  const closed = actions.filter((action) => !action.enabled)
  return (
    <div className="actions">
      {was && <Notice tone="good">{text('do.done', { what: was })}</Notice>}
      {enabled.map((action, place) => (
        <Button key={`${action.row} ${action.key}`} wide variant={place === 0 && !quiet ? 'primary' : 'secondary'} onClick={() => setOpen(action)}>
          {name(action)}
        </Button>
      ))}
      <ClosedActions of={closed} title={text('do.closed', { count: closed.length })} nameOf={name} />
      {open && (
        <ActionDialog
          id={id}
          version={version}
          about={about}
          action={open}
          choices={choices}
          given={given?.(open)}
          begin={begin?.(open)}
          onClose={() => setOpen(null)}
          onDone={() => {
            setWas(name(open))
            setOpen(null)
            done()
          }}
        />
      )}
    </div>
  )
}
