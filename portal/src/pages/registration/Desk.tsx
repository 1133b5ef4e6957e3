import type { ReactNode } from 'react'
import { useState } from 'react'
import { AgreeToBill, AskOfficeAgain, EndEngagement, RegistrationDesk, type RegistrationDeskQuery } from '@/gql/operations'
import { useFieldName, useText } from '@/i18n'
import { useRead, type Reading } from '@/lib/use'
import { useWords } from '@/lib/words'
import { StepOutcomeView, useStep, type StepOutcome } from '@/pages/admin/shared'
import { Button, DataTable, Empty, Facts, Money, Notice, Panel, Read, Tag, WDate } from '@/ui'
import { Originals, type Party } from './Originals'
import type { Side } from './sides'

export type DeskOf = NonNullable<RegistrationDeskQuery['registrationDesk']>
type Amounts = NonNullable<DeskOf['costs']>['estimate']

interface Parts {
  id: string
  parties: Party[]
  side: Side
  parts?: ('job' | 'originals')[]
  costs?: (desk: DeskOf, again: () => void) => ReactNode
  identity?: (desk: DeskOf, again: () => void) => ReactNode
}

/** How the job of the scrivener's office stands. `costs` and `identity`: what the office does there; `parts`: only these. */
export function Desk(props: Parts) {
  const read = useRead(RegistrationDesk, { id: props.id })
  return <DeskParts {...props} read={read} />
}

/** The same of a page that has read it. */
export function DeskParts({ id, parties, side, parts = ['job', 'originals'], costs, identity, read }: Parts & { read: Reading<RegistrationDeskQuery> }) {
  return (
    <Read of={read}>
      {({ registrationDesk: desk }) =>
        desk && (
          <>
            {parts.includes('job') && (
              <>
                <Job id={id} desk={desk} side={side} done={read.again} />
                <Costs id={id} desk={desk} side={side} done={read.again}>{costs?.(desk, read.again)}</Costs>
                <Identities desk={desk} parties={parties}>{identity?.(desk, read.again)}</Identities>
              </>
            )}
            {parts.includes('originals') && <Originals id={id} of={desk.originals} parties={parties} side={side} done={read.again} />}
          </>
        )
      }
    </Read>
  )
}

function Job({ id, desk, side, done }: { id: string; desk: DeskOf; side: Side; done: () => void }) {
  const text = useText()
  const { say } = useWords()
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [end, ending] = useStep(EndEngagement, (data) => data.endEngagement?.problems)
  const came = (now: StepOutcome) => {
    setOutcome(now)
    if (now === 'done') done()
  }
  const job = desk.engagement
  if (!job) return side === 'BRANCH' && desk.organisation ? <Panel title={text('regdesk.job')}><Notice tone="warn">{text('regdesk.job.waits', { office: desk.organisation })}</Notice></Panel> : null
  return (
    <Panel title={text('regdesk.job')}>
      <StepOutcomeView of={outcome} />
      <Facts
        of={[
          [text('regdesk.job.state'), <Tag key="s" tone={job.state === 'ACCEPTED' ? 'good' : 'warn'}>{say(job.stateLabel)}</Tag>],
          [text('regdesk.job.office'), job.organisation],
          [text('regdesk.job.by'), job.by],
          [text('regdesk.job.conflict'), job.state === 'ASKED' ? null : job.state === 'DECLINED' ? (job.reasonLabel ? say(job.reasonLabel) : null) : text('regdesk.job.noConflict')],
        ]}
      />
      {job.state === 'ACCEPTED' && side === 'BRANCH' && (
        <div><Button loading={ending} onClick={() => void end({ id }).then(came)}>{text('regdesk.job.end')}</Button></div>
      )}
      {job.state === 'DECLINED' && side === 'BRANCH' && <AskAgain id={id} came={came} />}
    </Panel>
  )
}

/** The bank's own step: an office that sees the job has no form of it. */
function AskAgain({ id, came }: { id: string; came: (now: StepOutcome) => void }) {
  const text = useText()
  const [again, asking] = useStep(AskOfficeAgain, (data) => data.askOfficeAgain?.problems)
  return <div><Button loading={asking} onClick={() => void again({ id }).then(came)}>{text('regdesk.job.again')}</Button></div>
}

function Costs({ id, desk, side, done, children }: { id: string; desk: DeskOf; side: Side; done: () => void; children?: ReactNode }) {
  const text = useText()
  const name = useFieldName()
  const { say } = useWords()
  const costs = desk.costs
  if (!costs) return children ? <Panel title={text('regdesk.costs')}>{children}</Panel> : null
  const rows: (keyof Amounts)[] = ['feeYen', 'consumptionTaxYen', 'registrationTaxYen', 'disbursementsYen', 'totalYen']
  return (
    <Panel title={text('regdesk.costs')}>
      <div className="row"><Tag tone={costs.state === 'ABOVE' ? 'warn' : 'plain'}>{say(costs.stateLabel)}</Tag></div>
      <DataTable
        name={text('regdesk.costs')}
        lines={rows}
        keyOf={(row) => row}
        columns={[
          { key: 'what', title: text('regdesk.costs.what'), show: (row) => name(row) },
          { key: 'estimate', title: text('regdesk.costs.estimate'), show: (row) => <Money amount={costs.estimate[row]} /> },
          { key: 'bill', title: text('regdesk.costs.bill'), show: (row) => (costs.bill ? <>{costs.above.includes(row) && <Tag tone="warn">{text('regdesk.costs.above')}</Tag>} <Money amount={costs.bill[row]} /></> : '—') },
        ]}
      />
      {costs.state === 'ABOVE' && side === 'BRANCH' && <Agree id={id} done={done} />}
      {children}
    </Panel>
  )
}

function Agree({ id, done }: { id: string; done: () => void }) {
  const text = useText()
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [agree, agreeing] = useStep(AgreeToBill, (data) => data.agreeToBill?.problems)
  return (
    <>
      <StepOutcomeView of={outcome} />
      <div><Button loading={agreeing} onClick={() => void agree({ id }).then((now) => { setOutcome(now); if (now === 'done') done() })}>{text('regdesk.costs.agree')}</Button></div>
    </>
  )
}

function Identities({ desk, parties, children }: { desk: DeskOf; parties: Party[]; children?: ReactNode }) {
  const text = useText()
  const { say } = useWords()
  const name = (id: string) => parties.find((party) => party.value === id)?.label ?? id
  if (!desk.engagement) return null
  return (
    <Panel title={text('regdesk.identity')}>
      {desk.identities.length === 0 && <Empty title={text('regdesk.identity.none')} />}
      {desk.identities.map((one) => (
        <Facts
          key={one.id}
          of={[
            [text('regdesk.identity.who'), <span key="w" lang="ja">{name(one.partyId)}</span>],
            [text('regdesk.identity.method'), say(one.methodLabel)],
            [text('regdesk.identity.papers'), one.paperLabels.map(say).join('、') || null],
            [text('regdesk.identity.on'), <WDate key="d" day={one.verifiedOn} />],
            [text('regdesk.identity.by'), one.by],
          ]}
        />
      ))}
      {children}
    </Panel>
  )
}
