import { Link, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react'
import type { Values } from '@/command'
import { CaseHead, type CaseHeadQuery } from '@/gql/operations'
import { useLocale, useText, type Key } from '@/i18n'
import { useLive } from '@/lib/live'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { yen } from '@/lib/yen'
import { DaysLeft, Empty, Facts, Loading, Money, Notice, PageHead, Panel, Read, Stepper, Tabs, Tag, WDate } from '@/ui'
import { Actions } from './Actions'
import { Blockers } from './Blockers'
import { Proposals } from './Proposals'
import { stepsOf } from './way'
import '../staff.css'

/** The head of a case, as the pages below it know it. */
export type CaseOf = NonNullable<CaseHeadQuery['application']>

/** What a tab is given. `version` changes with the case: what is shown is then read again. */
export interface TabProps {
  id: string
  version: number
  /** The day of the disbursement: the one that stands, or the one that is planned. */
  day: string
}

const TABS: Record<string, ComponentType<TabProps>> = {
  overview: lazy(() => import('./Overview')),
  documents: lazy(() => import('./Documents')),
  guarantee: lazy(() => import('./Guarantee')),
  'credit-life': lazy(() => import('./CreditLife')),
  contract: lazy(() => import('./Contract')),
  registration: lazy(() => import('./Registration')),
  disbursement: lazy(() => import('./Disbursement')),
  deliveries: lazy(() => import('../../desk/Deliveries')),
  history: lazy(() => import('./History')),
}

/** What a form begins with: who moves the time of an appointment keeps its place, and the other way round. */
function begunWith(verb: string, application: CaseOf): Values | undefined {
  const { contract, settlement } = application
  switch (verb) {
    case 'arrangeSigning':
      return { appointment: contract?.appointment ?? null, appointmentTime: contract?.meeting?.time ?? '', appointmentPlace: contract?.meeting?.place ?? '' }
    case 'arrangeSettlement':
      return { settlementTime: settlement?.time ?? '', settlementPlace: settlement?.place ?? '' }
    default:
      return undefined
  }
}

/** One case: where it is, what is in its way, what can be done. */
export default function Case() {
  const { id } = useParams({ strict: false }) as { id: string }
  const head = useRead(CaseHead, { id })
  const [acting, setActing] = useState(false)
  const [missed, setMissed] = useState(false)
  useLive((change) => {
    if (change.id !== id) return
    // A form that is open keeps what was looked at: its answer tells of the change.
    if (acting) setMissed(true)
    else head.again()
  }, head.again)
  useEffect(() => {
    if (acting || !missed) return
    setMissed(false)
    head.again()
  }, [acting, missed, head])
  if (head.trouble?.kind === 'hidden') return <Gone />
  return (
    <Read of={head}>
      {(data) =>
        data.application ? (
          <Shown data={data} application={data.application} changed={acting && missed} again={head.again} setActing={setActing} />
        ) : (
          <Gone />
        )
      }
    </Read>
  )
}

function Gone() {
  const text = useText()
  return (
    <>
      <PageHead title={text('case.gone')} />
      <Empty title={text('case.gone.help')} />
    </>
  )
}

function Shown(props: { data: CaseHeadQuery; application: CaseOf; changed: boolean; again: () => void; setActing: (acting: boolean) => void }) {
  const { data, application, changed, again, setActing } = props
  const text = useText()
  const locale = useLocale()
  const { word, say } = useWords()
  const search = useSearch({ strict: false }) as { tab?: string }
  const tab = search.tab && search.tab in TABS ? search.tab : 'overview'
  const Content = TABS[tab] as ComponentType<TabProps>
  const { id, version } = application
  const number = application.number || text('case.draft')
  const name = application.applicantName ? `${application.applicantName}（${application.applicantKana ?? ''}）` : ''
  // The name is no part of the title: titles stay in histories and shared links.
  useTitle(`${number}｜${say(application.stageLabel)}`)
  const tabs = Object.keys(TABS).map((key) => ({ key, title: text(`case.tab.${key}` as Key) }))
  const about = `${number} ${yen(application.amountYen, locale)}`
  return (
    <div className="stack">
      <div className="case-head">
        <p className="small"><Link to={'/' as never}>{text('case.back')}</Link></p>
        <PageHead title={`${number}　${name}`}>
          {data.allowedActions?.some((action) => action.verb === 'editDraft' && action.enabled) && (
            <Link to={'/applications/$id/edit' as never} params={{ id } as never}>{text('case.edit')}</Link>
          )}
        </PageHead>
        <div className="row">
          <Tag tone="now">{say(application.stageLabel)}</Tag>
          {application.defects && application.defects.length > 0 && <Tag tone="bad">{text('case.defects', { count: application.defects.length })}</Tag>}
          {application.hold && <Tag tone="warn">{word('HoldGround', application.hold.ground)}</Tag>}
          {application.proposals && application.proposals.length > 0 && <Tag tone="warn">{text('case.waiting', { count: application.proposals.length })}</Tag>}
          <span>{word('Product', application.product)}</span>
          <Money amount={application.amountYen} said />
          <span className="muted">{text('case.planned')} <WDate day={application.plannedDate} weekday /></span>
          <span className="muted small">{text('case.version', { version })}</span>
          <Link to={'/admin/workflow' as never} search={{ case: id } as never} className="small">{text('workflow.ofCase')}</Link>
        </div>
      </div>
      {changed && <Notice tone="warn">{text('case.changed')}</Notice>}
      <Stepper name={text('case.way')} steps={stepsOf(application.stage, (key) => text(`way.${key}` as Key), say(application.stageLabel))} />
      <div className="case-grid">
        <div className="stack">
          {application.proposals && application.proposals.length > 0 && (
            <Proposals proposals={application.proposals} actions={data.allowedActions ?? []} id={id} version={version} about={about} done={again} setActing={setActing} />
          )}
          <Blockers ways={data.explain?.ways ?? []} actions={data.allowedActions ?? []} id={id} version={version} about={about} done={again} setActing={setActing} />
          <Tabs name={text('case.tabs')} tabs={tabs} current={tab} />
          <Suspense fallback={<Loading />}>
            <Content id={id} version={version} day={application.fixedDate?.date ?? application.plannedDate} />
          </Suspense>
        </div>
        <aside className="case-side" aria-label={text('case.side')}>
          {data.allowedActions && <Actions actions={data.allowedActions} id={id} version={version} about={about} begin={(verb) => begunWith(verb, application)} done={again} setActing={setActing} />}
          <Panel title={text('case.tasks')}>
            {application.openTasks.length === 0 ? (
              <p className="muted">{text('case.tasks.none')}</p>
            ) : (
              <ul className="plain tight">
                {application.openTasks.map((task) => (
                  <li key={task.id}>
                    {say(task.label)} <span className="muted small">{word('Role', task.role)}</span>
                    <br />
                    <span className="small"><WDate day={task.dueOn} /></span>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel title={text('case.tracks')}>
            <ul className="plain tight">
              {application.tracks.map((track) => (
                <li key={`${track.track} ${track.key}`} className="spread">
                  <span>{say(track.trackLabel)} <span className="muted small">{track.key}</span></span>
                  <Tag>{say(track.stateLabel)}</Tag>
                </li>
              ))}
            </ul>
          </Panel>
          {application.plan && (
            <Panel title={text('case.plan')}>
              <Facts of={[[text('case.plan.date'), <WDate key="d" day={application.plan.date} weekday />]]} />
              {!application.plan.feasible && <Notice tone="warn">{text('case.plan.late', { step: application.plan.bottleneck ? word('PlanStep', application.plan.bottleneck) : '—' })}</Notice>}
              <ul className="plain tight">
                {application.plan.steps.map((step) => (
                  <li key={step.step} className="spread">
                    <span>{say(step.label)}</span>
                    {step.doneOn ? <Tag tone="good">{text('case.plan.done')}</Tag> : step.slack !== null && step.slack <= 0 ? <DaysLeft days={step.slack} /> : <WDate day={step.latest} />}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </aside>
      </div>
    </div>
  )
}
