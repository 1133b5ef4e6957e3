import { useEffect, useRef, useState } from 'react'
import { VERBS } from '@/gql/verbs'
import { useFieldName, useText } from '@/i18n'
import { useWords, type Label } from '@/lib/words'
import { Dialog, Notice, TroubleView } from '@/ui'
import { CommandConflict } from './ConflictDialog'
import { lastName } from './diff'
import { Fields, type Choices, type Errors } from './Fields'
import { Reasons } from './Reasons'
import { useCommand, type Outcome, type Problem } from './send'
import { blanks, fromKey, missing, sent, withSingles, type Value, type Values } from './values'

/** An action that the API offers. */
export interface Offered {
  verb: string
  label: Label
  key: string | null
  proposes: boolean
}

/** Verbs that cost somebody something: their button says so. */
const COSTLY = new Set(['declineLoan', 'terminateContract', 'rescindApproval', 'reversePosting', 'orderPosting', 'closeCase', 'blockAml', 'recordDeath', 'withdrawPayee', 'declineGuarantee', 'rejectInsurance'])

/**
 * The form of an action, as the schema asks for it, and what comes of it: done, in the way, changed by somebody else, or wrong in a field.
 * The version is the one that was looked at when the form was opened.
 */
export function ActionDialog(props: {
  id: string
  version: number
  /** Of which case: number and amount, for the confirmation. */
  about: string
  action: Offered
  choices?: Choices
  given?: Values
  /** What fields begin with; they can be changed. */
  begin?: Values
  onDone: (version: number) => void
  onClose: () => void
}) {
  const { id, version, about, action, choices = {}, given, begin, onDone, onClose } = props
  const text = useText()
  const fieldName = useFieldName()
  const { say } = useWords()
  const verb = action.verb
  const all = VERBS[verb] ?? []
  const known = { ...fromKey(all, action.key), ...given }
  const asked = all.filter((argument) => !(argument.name in known))
  const [base, setBase] = useState(version)
  const [typed, setValues] = useState<Values>(() => ({ ...blanks(all), ...begin, ...known }))
  const values = withSingles(asked, typed, choices)
  const [errors, setErrors] = useState<Errors>({})
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [run, busy] = useCommand(verb)
  const summary = useRef<HTMLDivElement>(null)
  const failed = Object.keys(errors).length > 0 || outcome?.kind === 'blocked'
  useEffect(() => {
    if (failed) summary.current?.focus()
  }, [failed, errors, outcome])

  const submit = async (entered: Values, expected: number) => {
    const empty = missing(asked, entered)
    if (empty.length > 0) {
      setErrors(Object.fromEntries(empty.map((path) => [path, text('field.empty', { field: fieldName(lastName(path)) })])))
      setOutcome(null)
      return
    }
    setErrors({})
    const answer = await run({ applicationId: id, expectedVersion: expected, ...sent(all, entered) })
    if (answer.kind === 'done') return onDone(answer.version)
    setOutcome(answer)
    if (answer.kind === 'invalid') setErrors(errorsOf(answer.problems, (problem) => say({ ja: problem.messageJa, en: problem.messageEn }), text))
  }

  if (outcome?.kind === 'conflict') {
    return (
      <CommandConflict
        id={id}
        base={base}
        by={outcome.by}
        at={outcome.at}
        mine={Object.fromEntries(asked.map((argument) => [argument.name, values[argument.name]]))}
        busy={busy}
        onClose={onClose}
        onResend={(chosen, lines) => {
          const theirs = lines.filter((line) => chosen[line.path] === 'now').map((line): [string, Value] => [lastName(line.path), line.now as Value])
          const merged = { ...values, ...Object.fromEntries(theirs) }
          setValues(merged)
          setBase(outcome.version)
          void submit(merged, outcome.version)
        }}
      />
    )
  }
  return (
    <Dialog
      title={say(action.label)}
      action={text(action.proposes ? 'action.propose' : 'action.do', { what: say(action.label) })}
      danger={COSTLY.has(verb)}
      busy={busy}
      onSubmit={() => void submit(values, base)}
      onClose={onClose}
    >
      <p className="muted">{about}{action.key && `（${action.key}）`}</p>
      {action.proposes && <Notice>{text('action.secondPerson')}</Notice>}
      {failed && (
        <div className="summary" ref={summary} tabIndex={-1} role="alert">
          <strong>{text(outcome?.kind === 'blocked' ? 'action.blocked' : 'form.wrong')}</strong>
          {outcome?.kind === 'blocked' && <Reasons of={outcome.unmet} />}
          <ul>
            {Object.entries(errors).map(([path, error]) => (
              <li key={path}><a href={`#field-${path}`} onClick={(event) => jump(event, path)}>{error}</a></li>
            ))}
          </ul>
        </div>
      )}
      {outcome?.kind === 'trouble' && <TroubleView trouble={outcome.trouble} />}
      <Fields all={asked} values={values} errors={errors} choices={choices} onChange={setValues} />
      {asked.length === 0 && !action.proposes && <p>{text('action.sure')}</p>}
    </Dialog>
  )
}

/** Leads to a field without leaving the page. */
function jump(event: React.MouseEvent, path: string) {
  event.preventDefault()
  document.getElementById(`field-${path}`)?.focus()
}

/** What the server says of fields, by their paths, with what would be accepted. */
export function errorsOf(problems: Problem[], say: (problem: Problem) => string, text: ReturnType<typeof useText>): Errors {
  return Object.fromEntries(
    problems.map((problem) => [
      problem.field,
      `${say(problem)}${problem.accepted ? text('field.accepted', { accepted: problem.accepted }) : ''}${problem.rule ? ` [${problem.rule}]` : ''}`,
    ]),
  )
}
