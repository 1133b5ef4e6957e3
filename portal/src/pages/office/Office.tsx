import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Colleagues as ColleaguesQuery, HandOver, OfficeJobs, ProposeColleague, ProposeColleagueChange, type HandoverReason } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useSubmitKey } from '@/lib/submit'
import { useWords } from '@/lib/words'
import { NotForRole, StepOutcomeView, useCodes, useSees, useStep, type StepOutcome } from '@/pages/admin/shared'
import { caseOf } from '@/pages/partner/when'
import { Button, CheckField, ChoiceField, Dialog, Empty, Instant, Notice, PageHead, Pager, Read, Tabs, Tag, TextField } from '@/ui'
import { mayWith, stepsAbout, takers, type Colleague, type Job } from './who'
import '@/pages/partner/outside.css'

const TABS = { office: 'OFFICE', mine: 'CALLER', nobody: 'NOBODY' } as const
type Tab = keyof typeof TABS | 'people'

/** Who of the office answers for which case, and who works here. */
export default function Office() {
  const text = useText()
  const sees = useSees(OfficeJobs)
  useTitle(text('office.title'))
  return sees ? <Seen /> : <NotForRole title={text('office.title')} />
}

function Seen() {
  const text = useText()
  const search = useSearch({ strict: false }) as { tab?: string; after?: string }
  const tab: Tab = search.tab === 'people' || (search.tab ?? '') in TABS ? (search.tab as Tab) : 'office'
  // An office is small: everybody is read at once, for the lists of whom something can be given to.
  const people = useRead(ColleaguesQuery, { first: SIZES.Colleagues })
  return (
    <div className="outside stack">
      <PageHead title={text('office.title')} />
      <p className="muted">{text('office.help')}</p>
      <Tabs name={text('office.tabs')} tabs={(['office', 'mine', 'nobody', 'people'] as const).map((key) => ({ key, title: text(`office.tab.${key}`) }))} current={tab} />
      <Read of={people}>
        {({ colleagues }) => (tab === 'people' ? <People people={colleagues ?? []} /> : <Jobs key={tab} tab={tab} people={colleagues ?? []} after={search.after ?? null} />)}
      </Read>
    </div>
  )
}

function Jobs({ tab, people, after }: { tab: keyof typeof TABS; people: Colleague[]; after: string | null }) {
  const text = useText()
  const { session } = useSeat()
  const navigate = useNavigate()
  const read = useRead(OfficeJobs, { of: TABS[tab], first: SIZES.OfficeJobs, after })
  const [asked, setAsked] = useState<{ job: Job; take: boolean } | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const lead = people.some((one) => one.subject === session.subject && one.isLead)
  const go = (to: string | undefined) => void navigate({ to: '.', search: { tab, after: to } as never })
  return (
    <>
      {done && <Notice tone="good">{done}</Notice>}
      <Read of={read}>
        {({ officeJobs }) => {
          const jobs = officeJobs?.edges.map((edge) => edge.node) ?? []
          if (jobs.length === 0) return <Empty title={text(`office.empty.${tab}`)} />
          return (
            <>
              <ul className="plain cards">
                {jobs.map((job) => {
                  const may = mayWith(job, session.subject, lead)
                  return (
                    <li key={job.applicationId} className="card">
                      <Link to={caseOf(session.role) as never} params={{ id: job.applicationId } as never} className="card-link">
                        <span className="card-title">{job.number}</span>
                        <span className="muted small">{text('office.bank', { bank: job.institution, branch: job.branch })}</span>
                      </Link>
                      <div className="row">
                        {job.responsible ? (
                          <><Tag tone={job.responsible === session.subject ? 'now' : 'plain'}>{text(job.responsible === session.subject ? 'office.mine' : 'office.responsible')}</Tag><span lang="ja">{job.responsibleName ?? job.responsible}</span></>
                        ) : (
                          <Tag tone="warn">{text('office.nobody')}</Tag>
                        )}
                        {job.left && <span className="small">{text('office.left', { who: job.left })}</span>}
                        {job.since && <span className="muted small">{text('office.since')} <Instant at={job.since} /></span>}
                      </div>
                      <div className="row">
                        {may.take && <Button variant="primary" onClick={() => setAsked({ job, take: true })} aria-label={text('office.take.of', { number: job.number })}>{text('office.take')}</Button>}
                        {may.hand && <Button onClick={() => setAsked({ job, take: false })} aria-label={text('office.hand.of', { number: job.number })}>{text('office.hand')}</Button>}
                      </div>
                    </li>
                  )
                })}
              </ul>
              <Pager first={after === null} more={officeJobs?.pageInfo.hasNextPage ?? false} busy={read.busy} toFirst={() => go(undefined)} on={() => go(officeJobs?.pageInfo.endCursor ?? undefined)} />
            </>
          )
        }}
      </Read>
      {asked && (
        <HandDialog
          {...asked}
          people={people}
          onClose={() => setAsked(null)}
          onDone={(to) => {
            setDone(text('office.done', { number: asked.job.number, who: to }))
            setAsked(null)
            read.again()
          }}
        />
      )}
    </>
  )
}

/** Asks to whom and why. The reason is a word of a list: a free text about a case would outlive its erasure. */
function HandDialog({ job, take, people, onClose, onDone }: { job: Job; take: boolean; people: Colleague[]; onClose: () => void; onDone: (to: string) => void }) {
  const text = useText()
  const { word } = useWords()
  const { session } = useSeat()
  const reasons = useCodes('HandoverReason')
  const [to, setTo] = useState(take ? session.subject : '')
  const [reason, setReason] = useState(take ? 'ASSIGNMENT' : '')
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [hand, busy] = useStep(HandOver, (data) => data.handOverJob?.problems)
  const given = { id: job.applicationId, to, reason: reason as HandoverReason }
  const key = useSubmitKey(given)
  const submit = async () => {
    setTried(true)
    if (to === '' || reason === '') return
    const came = await hand(given, key)
    if (came === 'done') onDone(people.find((one) => one.subject === to)?.name ?? to)
    else setOutcome(came)
  }
  const empty = (value: string, label: string) => (tried && value === '' ? text('field.empty', { field: label }) : undefined)
  return (
    <Dialog title={text(take ? 'office.take.of' : 'office.hand.of', { number: job.number })} action={text(take ? 'office.take' : 'office.hand')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <StepOutcomeView of={outcome} />
      <p className="muted">{text('office.hand.help')}</p>
      {!take && <ChoiceField name="to" label={text('office.to')} required value={to} blank={text('office.choose')} options={takers(people, job).map((one) => ({ value: one.subject, label: `${one.name}（${one.subject}）` }))} onChange={setTo} error={empty(to, text('office.to'))} />}
      <ChoiceField name="reason" label={text('office.reason')} required value={reason} blank={text('office.choose')} options={reasons.map((code) => ({ value: code, label: word('HandoverReason', code) }))} onChange={setReason} error={empty(reason, text('office.reason'))} />
    </Dialog>
  )
}

/** Everybody of the office. A lead proposes; an administrator of the bank decides. */
function People({ people }: { people: Colleague[] }) {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const [adding, setAdding] = useState(false)
  const [asked, setAsked] = useState<{ one: Colleague; step: ReturnType<typeof stepsAbout>[number] } | null>(null)
  const [done, setDone] = useState(false)
  const lead = people.some((one) => one.subject === session.subject && one.isLead)
  const proposed = () => {
    setAdding(false)
    setAsked(null)
    setDone(true)
  }
  return (
    <>
      {done && <Notice tone="good">{text('office.proposed')}</Notice>}
      {lead ? <div><Button variant="primary" onClick={() => setAdding(true)}>{text('office.add')}</Button></div> : <p className="muted">{text('office.leadsOnly')}</p>}
      {people.length === 0 && <Empty title={text('office.empty.people')} />}
      <ul className="plain cards">
        {people.map((one) => (
          <li key={one.accountId} className="card">
            <div className="row">
              <strong lang="ja">{one.name}</strong>
              <span className="muted small">{one.subject}</span>
              {one.isLead && <Tag tone="now">{text('office.lead')}</Tag>}
              <Tag tone={one.state === 'ACTIVE' ? 'plain' : 'warn'}>{say(one.stateLabel)}</Tag>
            </div>
            {lead && stepsAbout(one, session.subject).length > 0 && (
              <div className="row">
                {stepsAbout(one, session.subject).map((step) => (
                  <Button key={step} onClick={() => setAsked({ one, step })} aria-label={text('office.step.of', { name: one.name, step: text(`office.step.${step}`) })}>{text(`office.step.${step}`)}</Button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
      {adding && <Adding done={proposed} onClose={() => setAdding(false)} />}
      {asked && <Changing {...asked} done={proposed} onClose={() => setAsked(null)} />}
    </>
  )
}

function Adding({ done, onClose }: { done: () => void; onClose: () => void }) {
  const text = useText()
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [isLead, setLead] = useState(false)
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [propose, busy] = useStep(ProposeColleague, (data) => data.proposeColleague?.problems)
  const given = { login: login.trim(), name: name.trim(), isLead }
  const key = useSubmitKey(given)
  const submit = async () => {
    setTried(true)
    if (given.login === '' || given.name === '') return
    const came = await propose(given, key)
    if (came === 'done') done()
    else setOutcome(came)
  }
  const empty = (value: string, label: string) => (tried && value.trim() === '' ? text('field.empty', { field: label }) : undefined)
  return (
    <Dialog title={text('office.add')} action={text('office.propose')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p className="muted">{text('office.second')}</p>
      <StepOutcomeView of={outcome} />
      <TextField name="login" label={text('office.login')} help={text('office.login.help')} required value={login} onChange={setLogin} error={empty(login, text('office.login'))} />
      <TextField name="name" label={text('office.name')} required value={name} onChange={setName} error={empty(name, text('office.name'))} />
      <CheckField label={text('office.lead.new')} value={isLead} onChange={setLead} />
    </Dialog>
  )
}

function Changing({ one, step, done, onClose }: { one: Colleague; step: ReturnType<typeof stepsAbout>[number]; done: () => void; onClose: () => void }) {
  const text = useText()
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [propose, busy] = useStep(ProposeColleagueChange, (data) => data.proposeColleagueChange?.problems)
  const key = useSubmitKey([one.accountId, step])
  const submit = async () => {
    const came = await propose({ id: one.accountId, step }, key)
    if (came === 'done') done()
    else setOutcome(came)
  }
  return (
    <Dialog title={text('office.step.of', { name: one.name, step: text(`office.step.${step}`) })} action={text('office.propose')} danger={step === 'SUSPEND'} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p>{text(`office.effect.${step}`, { name: one.name })}</p>
      <p className="muted">{text('office.second')}</p>
      <StepOutcomeView of={outcome} />
    </Dialog>
  )
}
