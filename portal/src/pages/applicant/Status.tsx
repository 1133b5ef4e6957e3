import { Link, useParams } from '@tanstack/react-router'
import { VERBS } from '@/gql/verbs'
import { useLocale, useText } from '@/i18n'
import { dayText, inTokyo } from '@/lib/dates'
import { useTitle } from '@/lib/title'
import { useWords } from '@/lib/words'
import { Meeting, Money, Panel, WDate } from '@/ui'
import { Actions } from '../partner/Actions'
import { Way, type WayStep } from '../partner/Way'
import { FORM_VERBS } from './verbs'
import { MinePage, type Mine, type MyCaseOf, type MyCosts } from './mine'
import { useEasy } from './easy'
import { Ruby } from './ruby'
import { isEnded, reached, tasksOf, VERBS_OF, type MyTask } from './tasks'

/** Where things stand, what to do next, and the way to the loan. */
export default function Status() {
  const { id } = useParams({ strict: false }) as { id: string }
  return <StatusOf id={id} />
}

/** The same of a case that the address does not name. */
export function StatusOf({ id }: { id: string }) {
  const text = useText()
  useTitle(text('me.title'))
  return (
    <MinePage title={text('me.title')} id={id} current="status">
      {(mine) => <Standing {...mine} />}
    </MinePage>
  )
}

/** The tasks of one's own case. */
export function myTasks(mine: MyCaseOf, actions: Mine['actions']): MyTask[] {
  return tasksOf({ ...mine, actions: actions.filter((action) => action.enabled).map((action) => action.verb) })
}

function Standing({ mine, actions, costs, done, setActing }: Mine) {
  const text = useText()
  const { word, say } = useWords()
  const tasks = myTasks(mine, actions)
  const inTasks = new Set(Object.values(VERBS_OF).flat())
  // The form of an application has a page of its own.
  const others = actions.filter((action) => !inTasks.has(action.verb) && !(VERBS[action.verb] ?? []).some((argument) => argument.type === 'FormInput'))
  const form = actions.find((action) => action.enabled && action.verb !== 'editDraft' && FORM_VERBS.some((verb) => verb === action.verb))
  return (
    <>
      <Sentence mine={mine} tasks={tasks} />
      <p className="row"><Ruby>{word('Product', mine.product)}</Ruby> <Money amount={mine.amountYen} said /></p>
      {tasks.length > 0 && (
        <Panel title={text('me.tasks')}>
          <ul className="plain task-list">
            {tasks.map((task) => (
              <li key={task.key}>
                <Link to={'/me/$id/tasks/$task' as never} params={{ id: mine.id, task: task.key } as never} className={`task task-${task.standing}`}>
                  <span>
                    <span className="task-name"><Ruby>{text(`me.task.${task.key}`)}</Ruby></span>
                    {task.dueOn && <span className="small">{text('me.until')} <WDate day={task.dueOn} weekday /></span>}
                  </span>
                  <span className={`standing standing-${task.standing}`}>{text(`me.standing.${task.standing}`)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {!isEnded(mine.stage) && (
        <Panel title={text('me.way')}>
          <Way name={text('me.way')} steps={wayOf(mine).map((step) => ({ ...step, title: <Ruby>{text(`me.step.${step.key}`)}</Ruby> }))} />
        </Panel>
      )}
      <Meetings of={mine} />
      {mine.deadlines.length > 0 && !mine.isFinal && (
        <Panel title={text('me.deadlines')}>
          <ul className="plain lines">
            {mine.deadlines.map((deadline) => (
              <li key={`${deadline.timer} ${deadline.key}`}><Deadline label={deadline.label} /><WDate day={inTokyo(deadline.dueAt).day} weekday /></li>
            ))}
          </ul>
        </Panel>
      )}
      {costs && <Costs of={costs} />}
      {(others.length > 0 || form) && (
        <Panel title={text('me.others')}>
          {form && <FormLink id={mine.id} name={say(form.label)} />}
          <Actions actions={others} id={mine.id} version={mine.version} about={mine.number} choices={choicesOf(mine, word)} done={done} setActing={setActing} quiet />
        </Panel>
      )}
    </>
  )
}

/** When and where one is expected: to sign, until the contract is formed, and to settle, until the money is out. */
function Meetings({ of: mine }: { of: MyCaseOf }) {
  const text = useText()
  const { contract, fixedDate, settlement } = mine
  const signs = contract?.appointment && !contract.formedOn && !isEnded(mine.stage)
  const settles = fixedDate && settlement && reached(mine.stage) < 7
  if (!signs && !settles) return null
  return (
    <Panel title={text('me.meetings')}>
      <ul className="plain lines">
        {signs && <li><span><Ruby>{text('me.meeting.contract')}</Ruby></span><span><Meeting day={contract.appointment} at={contract.meeting} /></span></li>}
        {settles && <li><span><Ruby>{text('me.meeting.settlement')}</Ruby></span><span><Meeting day={fixedDate.date} at={settlement} /></span></li>}
      </ul>
    </Panel>
  )
}

/** What the scrivener's office said that the registration will cost. */
function Costs({ of: costs }: { of: MyCosts }) {
  const text = useText()
  const lines = [
    ['me.costs.fee', costs.feeYen],
    ['me.costs.consumptionTax', costs.consumptionTaxYen],
    ['me.costs.registrationTax', costs.registrationTaxYen],
    ['me.costs.disbursements', costs.disbursementsYen],
    ['me.costs.total', costs.totalYen],
  ] as const
  return (
    <Panel title={text('me.costs')}>
      <ul className="plain lines">
        {lines.map(([key, amount]) => (
          <li key={key}><span><Ruby>{text(key)}</Ruby></span><Money amount={amount} /></li>
        ))}
      </ul>
      <p className="small">{text('me.costs.help')} {costs.estimatedAt && <WDate day={inTokyo(costs.estimatedAt).day} weekday />}</p>
    </Panel>
  )
}

/** The way to the form of the application. */
export function FormLink({ id, name }: { id: string; name: string }) {
  return <p><Link to={'/me/$id/apply' as never} params={{ id } as never} className="tall">{name}</Link></p>
}

function Deadline({ label }: { label: { ja: string; en: string } }) {
  const { say } = useWords()
  return <span><Ruby>{say(label)}</Ruby></span>
}

/** Where things stand, in one sentence, and what is asked for. */
function Sentence({ mine, tasks }: { mine: MyCaseOf; tasks: MyTask[] }) {
  const text = useText()
  const locale = useLocale()
  const { say } = useWords()
  const easy = useEasy()
  const yours = tasks.filter((task) => task.standing === 'yours')
  const first = [...yours].sort((one, other) => (one.dueOn ?? '9') < (other.dueOn ?? '9') ? -1 : 1)[0]
  const stage = say(mine.stageLabel)
  const now = isEnded(mine.stage) ? text('me.now.ended', { stage }) : reached(mine.stage) === 7 ? text('me.now.paid') : text(easy ? 'me.now.easy' : 'me.now', { stage })
  const next = !first
    ? isEnded(mine.stage) || reached(mine.stage) === 7 ? null : text(easy ? 'me.nothing.easy' : 'me.nothing')
    : first.dueOn
      ? text(easy ? 'me.next.until.easy' : 'me.next.until', { task: text(`me.task.${first.key}`), day: dayText(first.dueOn, locale, true) })
      : text(easy ? 'me.next.easy' : 'me.next', { task: text(`me.task.${first.key}`) })
  return (
    <div className="now">
      <p className="now-stage"><Ruby>{now}</Ruby></p>
      {next && <p><Ruby>{next}</Ruby></p>}
    </div>
  )
}

const STEPS = ['apply', 'decision', 'contract', 'registration', 'money'] as const

/** The way to the loan with the days that are known. */
function wayOf(mine: MyCaseOf): (WayStep & { key: (typeof STEPS)[number] })[] {
  const at = reached(mine.stage)
  const posted = mine.postings.filter((posting) => posting.state === 'POSTED').map((posting) => posting.date).sort()[0]
  const receipt = mine.filings?.map((filing) => filing.receipt?.receivedOn).find((day) => day)
  const days: Record<(typeof STEPS)[number], string | null | undefined> = {
    apply: mine.receivedAt ? inTokyo(mine.receivedAt).day : null,
    decision: mine.approval?.approvedOn,
    contract: mine.contract?.formedOn,
    registration: receipt,
    money: posted ?? mine.fixedDate?.date,
  }
  const done = { apply: at > 0, decision: at > 2, contract: at > 4, registration: Boolean(receipt) || at > 6, money: at > 6 }
  const now = STEPS.find((key) => !done[key])
  return STEPS.map((key) => ({ key, title: null, state: done[key] ? 'done' : key === now ? 'now' : 'next', day: done[key] || key === 'money' ? days[key] : null }))
}

/** What forms choose from: the people, loans and properties of the case. */
export function choicesOf(mine: MyCaseOf, word: (list: string, code: string) => string) {
  return {
    partyId: (mine.content?.parties ?? []).map((party) => ({ value: party.partyId, label: `${party.nameKanji}（${word('PartyRole', party.role)}）` })),
    loanNo: (mine.content?.loans ?? []).map((loan) => ({ value: String(loan.loanNo), label: String(loan.loanNo) })),
    propertyNo: (mine.content?.properties ?? []).map((property) => ({ value: String(property.propertyNo), label: `${word('PropertyKind', property.kind)} ${property.number}` })),
    code: (mine.approval?.conditions ?? []).map((condition) => ({ value: condition.code, label: `${condition.code} ${condition.text}` })),
  }
}
