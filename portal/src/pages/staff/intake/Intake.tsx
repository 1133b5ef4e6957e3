import { useBlocker, useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState, type ReactNode } from 'react'
import { ConflictDialog, Entered, Fields, errorsOf, sent, same, useCommand, type Compared, type Errors, type Outcome, type Values } from '@/command'
import { Draft, IntakeDrafts, OneIntakeDraft, Same, type OneIntakeDraftQuery, type OneIntakeDraftQueryVariables } from '@/gql/operations'
import { useFieldName, useText, type Key } from '@/i18n'
import { useBank, useBranchOptions } from '@/lib/bank'
import { troubleOf, type Trouble } from '@/lib/client'
import type { Argument } from '@/lib/command'
import { textFor, type Operation } from '@/lib/operation'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, Dialog, Instant, Notice, PageHead, Panel, Read, Stepper, TroubleView } from '@/ui'
import { CaseLink } from '../Queue'
import { Drafts, KeptLine } from './Drafts'
import { FORM, STEPS, bodyOf, completed, fieldsOf, freshForm, named, stepOf, typedOf, type Typed } from './form'
import { useKept, type Kept } from './useKept'
import '../staff.css'

/** Where one's role goes with the form: the verb that takes a form that is there already, and the page of the case. */
export interface Way {
  verb: string
  to: string
  /** What the page is called; a new application and a draft have names of their own. */
  title?: Key
  /** Fields that the role does not fill in. */
  without?: readonly string[]
}

const OF_STAFF: Way = { verb: 'editDraft', to: '/applications/$id' }

/** A new application, or the draft of one. */
export default function Intake({ way = OF_STAFF }: { way?: Way }) {
  const { id } = useParams({ strict: false }) as { id?: string }
  return id ? <Editing key={id} id={id} way={way} /> : <Beginning way={way} />
}

/** A new application, or what one has typed of one before. */
function Beginning({ way }: { way: Way }) {
  const text = useText()
  const { session, link } = useSeat()
  const bank = useBank()
  const keeps = IntakeDrafts.texts.has(session.role)
  const read = useRead(IntakeDrafts, { first: SIZES.IntakeDrafts }, !keeps)
  const [chosen, setChosen] = useState<{ typed: Typed; kept: Kept } | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [busy, setBusy] = useState(false)
  const open = async (id: string) => {
    setBusy(true)
    const query = textFor(OneIntakeDraft as Operation<unknown, never>, session.role)
    const { data, error } = await link.client.query<OneIntakeDraftQuery, OneIntakeDraftQueryVariables>(query, { id }, { requestPolicy: 'network-only' }).toPromise()
    setBusy(false)
    const draft = data?.intakeDraft
    const typed = draft && typedOf(draft.body, bank)
    setTrouble(typed ? null : error ? troubleOf(error) : { kind: 'failed' })
    if (draft && typed) setChosen({ typed, kept: { id: draft.id, version: draft.version, savedAt: draft.savedAt } })
    else read.again()
  }
  const lines = read.data?.intakeDrafts?.edges.map((edge) => edge.node) ?? []
  const head = (
    <>
      {trouble && <TroubleView trouble={trouble} />}
      {read.trouble && <Notice tone="warn">{text('drafts.unread')}</Notice>}
      {!chosen && lines.length > 0 && <Drafts lines={lines} busy={busy} open={(id) => void open(id)} again={read.again} />}
    </>
  )
  const key = chosen ? `${chosen.kept.id} ${chosen.kept.version}` : 'new'
  return <Writing key={key} first={chosen?.typed.form ?? freshForm(bank)} typed={chosen?.typed} kept={chosen?.kept} way={way} head={head} theirs={(id) => void open(id)} />
}

function Editing({ id, way }: { id: string; way: Way }) {
  const text = useText()
  const read = useRead(Draft, { id })
  return (
    <Read of={read}>
      {({ application }) =>
        application?.content && (application.stage === 'DRAFT' || way.verb !== 'editDraft') ? (
          <Writing first={application.content as unknown as Values} draft={{ id, version: application.version }} way={way} />
        ) : (
          <>
            <PageHead title={text('intake.edit')} />
            <Notice tone="warn">{text('intake.notDraft')}</Notice>
          </>
        )
      }
    </Read>
  )
}

interface DraftOf {
  id: string
  version: number
}

/** What is written, and how it is kept: a draft of a case in the case, a new application as what one has typed. */
interface WritingProps {
  first: Values
  way: Way
  /** The case that it is the form of. */
  draft?: DraftOf
  /** What was typed before, and how the server has it. */
  typed?: Typed
  kept?: Kept
  /** What stands above until somebody begins to write. */
  head?: ReactNode
  /** Goes on with what another page has saved of the same draft. */
  theirs?: (id: string) => void
}

function Writing({ first, draft, way, typed, kept, head, theirs }: WritingProps) {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const bank = useBank()
  const branches = useBranchOptions()
  const navigate = useNavigate()
  const [values, setValues] = useState<Values>(first)
  const [began] = useState({ values: first, version: draft?.version ?? 0, receivedAt: typed?.receivedAt ?? new Date().toISOString(), reference: crypto.randomUUID() as string })
  const [step, setStep] = useState(typed?.step ?? 0)
  const [errors, setErrors] = useState<Errors>({})
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [expected, setExpected] = useState(began.version)
  const [run, busy] = useCommand(draft ? way.verb : 'createDraft')
  const saved = useRef(false)
  const keeping = useKept(bodyOf({ form: values, step, receivedAt: began.receivedAt }), !draft && !same(values, freshForm(bank)), step, kept ?? null)
  const heading = useRef<HTMLDivElement>(null)
  const dirty = !same(values, began.values)
  const title = text(way.title ?? (draft ? 'intake.edit' : 'intake.title'))
  const fields = (place: number) => fieldsOf(place).filter((field) => !way.without?.includes(field.name))
  useTitle(title)
  const open = () => dirty && !saved.current && (Boolean(draft) || !keeping.isKept())
  // What can still be saved is saved on the way out.
  const blocker = useBlocker({ shouldBlockFn: async () => open() && (Boolean(draft) || !keeping.on || !(await keeping.flush())), enableBeforeUnload: open, withResolver: true })

  const goTo = (next: number) => {
    setStep(next)
    heading.current?.focus()
  }
  const save = async (entered: Values, version: number) => {
    // What the role does not fill in is not its to say.
    const left = Object.fromEntries((way.without ?? []).map((name) => [name, null]))
    // An application that names the draft as its number erases it.
    if (!draft && keeping.on) await keeping.flush()
    const form = { ...sent(FORM, completed(entered)), ...left, receivedAt: first['receivedAt'] ?? began.receivedAt, applicationId: first['applicationId'] ?? keeping.id() ?? began.reference }
    const answer = await run(draft ? { applicationId: draft.id, expectedVersion: version, form } : { form })
    setOutcome(answer)
    if (answer.kind === 'invalid') {
      const found = errorsOf(answer.problems, (problem) => say({ ja: problem.messageJa, en: problem.messageEn }), text)
      setErrors(Object.fromEntries(Object.entries(found).map(([path, error]) => [path.replace(/^form\./, ''), error])))
    } else setErrors({})
    if (answer.kind === 'done') {
      saved.current = true
      keeping.close()
      await navigate({ to: way.to as never, params: { id: answer.id } as never })
    }
  }
  const jump = (path: string) => {
    setStep(stepOf(path))
    // The field is there after the next paint.
    requestAnimationFrame(() => document.getElementById(`field-${path}`)?.focus())
  }
  const last = step === STEPS.length - 1
  return (
    <div className="stack">
      <PageHead title={title} />
      {(draft || !dirty || kept) && head}
      {kept && <Notice><span>{text('drafts.restored')} <Instant at={kept.savedAt} /></span></Notice>}
      <Stepper
        name={text('intake.steps')}
        steps={STEPS.map(([key], place) => ({ key, title: text(`intake.step.${key}` as Key), state: place < step ? 'done' : place === step ? 'now' : 'next' }))}
      />
      {!draft && <KeptLine standing={keeping.standing} again={() => void keeping.flush()} theirs={(id) => theirs?.(id)} insist={keeping.insist} />}
      {Object.keys(errors).length > 0 && (
        <div className="summary" role="alert">
          <strong>{text('intake.bad', { count: Object.keys(errors).length })}</strong>
          <ul>
            {Object.entries(errors).map(([path, error]) => (
              <li key={path}>
                <a href={`#field-${path}`} onClick={(event) => { event.preventDefault(); jump(path) }}><PathName path={path} /></a> {error}
              </li>
            ))}
          </ul>
        </div>
      )}
      {outcome?.kind === 'trouble' && <TroubleView trouble={outcome.trouble} again={() => void save(values, expected)} />}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!last) goTo(step + 1)
          else if (!busy) void save(values, expected)
        }}
      >
        <div ref={heading} tabIndex={-1} className="step-heading">
          <Panel title={text(`intake.step.${STEPS[step]?.[0] ?? 'confirm'}` as Key)}>
            {last ? <Check values={completed(values)} fields={fields} /> : <Fields all={fields(step)} values={values} errors={errors} choices={{}} suggestions={{ 'institution.branchCode': draft ? [] : branches }} onChange={(typed) => setValues(draft ? typed : named(typed, bank))} />}
          </Panel>
        </div>
        {step === 1 && !draft && Same.texts.has(session.role) && <SamePeople values={values} />}
        <div className="spread">
          <Button disabled={step === 0} onClick={() => goTo(step - 1)}>{text('intake.back')}</Button>
          <span className="row">
            {draft && !last && <Button loading={busy} onClick={() => void save(values, expected)}>{text('intake.save')}</Button>}
            <Button type="submit" variant="primary" loading={busy}>{text(last ? 'intake.save' : 'intake.next')}</Button>
          </span>
        </div>
      </form>
      {blocker.status === 'blocked' && (
        <Dialog title={text('intake.leave')} danger action={text('intake.leave.action')} onSubmit={blocker.proceed} onClose={blocker.reset}>
          <p>{text('intake.leave')}</p>
        </Dialog>
      )}
      {outcome?.kind === 'conflict' && draft && (
        <DraftConflict
          id={draft.id}
          before={began.values}
          mine={values}
          outcome={outcome}
          busy={busy}
          onClose={() => setOutcome(null)}
          onResend={(merged) => {
            setValues(merged)
            setExpected(outcome.version)
            void save(merged, outcome.version)
          }}
        />
      )}
    </div>
  )
}

function PathName({ path }: { path: string }) {
  const fieldName = useFieldName()
  return <>{path.split('.').map((part) => fieldName(part.replace(/\[.*\]$/, '')) + (/\[(\d+)\]/.exec(part) ? ` ${Number(/\[(\d+)\]/.exec(part)?.[1]) + 1}` : '')).join(' › ')}</>
}

/** Everything that was entered, before it is saved. */
function Check({ values, fields }: { values: Values; fields: (step: number) => Argument[] }) {
  const text = useText()
  const form = sent(FORM, values)
  return (
    <>
      <p>{text('intake.check')}</p>
      {STEPS.slice(0, -1).map(([key], place) => (
        <div key={key}>
          <h3>{text(`intake.step.${key}` as Key)}</h3>
          <Entered all={fields(place)} values={form} />
        </div>
      ))}
    </>
  )
}

/** Cases of somebody with the same reading: perhaps this one is there already. */
function SamePeople({ values }: { values: Values }) {
  const text = useText()
  const { say } = useWords()
  const kana = String((values['parties'] as Values[])[0]?.['nameKana'] ?? '')
  const read = useRead(Same, { text: kana }, kana.length < 3)
  const found = read.data?.applications?.edges.filter((edge) => edge.node.applicantKana === kana) ?? []
  if (found.length === 0) return null
  return (
    <Notice tone="warn">
      <span>{text('intake.same')}</span>
      <ul>
        {found.map(({ node }) => (
          <li key={node.id}><CaseLink id={node.id} number={node.number} /> {node.applicantName} {say(node.stageLabel)}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** Both edited one draft: each part of the form that both changed has to be chosen. */
function DraftConflict(props: {
  id: string
  before: Values
  mine: Values
  outcome: Outcome & { kind: 'conflict' }
  busy: boolean
  onResend: (merged: Values) => void
  onClose: () => void
}) {
  const { id, before, mine, outcome, busy, onResend, onClose } = props
  const read = useRead(Draft, { id })
  const now = (read.data?.application?.content ?? {}) as unknown as Values
  const fresh = read.data?.application && read.data.application.version >= outcome.version
  const as = (values: Values, name: string) => sent(FORM, values)[name]
  const lines: Compared[] = FORM.map(({ name }) => ({ name, old: as(before, name), own: as(mine, name), theirs: as(now, name) }))
    .filter(({ old, theirs, own }) => !same(old, theirs) || !same(old, own))
    .map(({ name, old, own, theirs }) => ({ path: name, before: old, mine: own, now: theirs, clash: !same(old, own) && !same(old, theirs) && !same(own, theirs) }))
  return (
    <ConflictDialog
      by={outcome.by}
      at={outcome.at}
      busy={busy}
      read={fresh ? read : { ...read, data: undefined }}
      lines={fresh ? lines : []}
      onClose={onClose}
      onResend={(chosen) => {
        const theirs = lines.filter((line) => (line.clash ? chosen[line.path] === 'now' : same(as(before, line.path), line.mine)))
        onResend({ ...mine, ...Object.fromEntries(theirs.map((line) => [line.path, now[line.path] ?? null])) })
      }}
    />
  )
}

