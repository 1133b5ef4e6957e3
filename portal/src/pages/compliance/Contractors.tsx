import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ContractorCases, Contractors as Query, ProposeContractor, ProposeContractorStep, ProposeContractorSubstitute, ReviewContractor, type ContractorService, type ContractorStep, type ContractorsQuery, type ReviewOutcome } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { StepOutcomeView, useSees, useStep } from '@/pages/admin/shared'
import { Button, Empty, Facts, Notice, Panel, Read, Tag, WDate } from '@/ui'
import { StepDialog, type Step } from './StepDialog'
import { Waiting, useOptions, useOutcome, usePages } from './shared'

type Contractor = NonNullable<ContractorsQuery['contractors']>[number]

/** The register of contractors (L-94): who may be engaged, until when a review is due, who takes over. */
export function Contractors() {
  const text = useText()
  const acts = useSees(ProposeContractor)
  const { after, pager } = usePages(SIZES.Contractors)
  const read = useRead(Query, { first: SIZES.Contractors, after })
  const { outcome, came } = useOutcome(read.again)
  const [step, setStep] = useState<Step | null>(null)
  const steps = useSteps()
  const taken = () => {
    setStep(null)
    came('done')
  }
  return (
    <div className="stack">
      {acts && <p className="row no-print"><Button variant="primary" onClick={() => setStep(steps.add())}>{text('registers.contractor.add')}</Button></p>}
      {outcome === 'done' ? <Notice tone="good">{text('registers.done')}</Notice> : <StepOutcomeView of={outcome} />}
      <Read of={read}>
        {({ contractors }) => (
          <>
            {(contractors ?? []).length === 0 && <Empty title={text('registers.contractor.empty')} />}
            {contractors?.map((one) => <One key={one.id} one={one} acts={acts} steps={steps} take={setStep} came={came} />)}
            {pager(contractors ?? [], read.busy)}
          </>
        )}
      </Read>
      {step && <StepDialog key={step.title} step={step} busy={steps.busy} onDone={taken} onClose={() => setStep(null)} />}
    </div>
  )
}

function One(props: { one: Contractor; acts: boolean; steps: ReturnType<typeof useSteps>; take: (step: Step) => void; came: Parameters<typeof Waiting>[0]['came'] }) {
  const { one, acts, steps, take, came } = props
  const text = useText()
  const { say, word } = useWords()
  const [open, setOpen] = useState(false)
  const name = one.name ?? text('registers.none')
  const counts = one.state === 'ACTIVE' || one.state === 'SUSPENDED'
  return (
    <Panel title={name} actions={<span className="row"><Tag tone={one.standing === 'FIT' ? 'good' : one.standing === null ? 'plain' : 'bad'}>{say(one.standingLabel ?? one.stateLabel)}</Tag></span>}>
      <Waiting line={one} what={name} came={came} />
      <Facts
        of={[
          [text('registers.contractor.code'), one.organisation],
          [text('registers.contractor.service'), one.serviceLabel && say(one.serviceLabel)],
          [text('registers.contractor.term'), one.contractFrom && <span key="t"><WDate day={one.contractFrom} />〜{one.contractUntil && <WDate day={one.contractUntil} />}</span>],
          [text('registers.contractor.review'), one.nextReviewOn && <span key="r" className="row"><WDate day={one.nextReviewOn} />{one.reviewOverdue && <Tag tone="bad">{text('registers.overdue')}</Tag>}</span>],
          [text('registers.contractor.substitute'), one.substitute],
          [text('registers.reason'), one.reason],
        ]}
      />
      {one.reviews && one.reviews.length > 0 && (
        <details className="small">
          <summary>{text('registers.contractor.reviews', { count: one.reviews.length })}</summary>
          <ul className="plain tight">
            {one.reviews.map((review) => <li key={`${review.on} ${review.by}`}><WDate day={review.on} />　{word('ReviewOutcome', review.outcome)}　{review.note}（{review.by}）</li>)}
          </ul>
        </details>
      )}
      {counts && (
        <div className="row no-print">
          {acts && !one.pending && steps.of(one).map((step) => <Button key={step.title} size="s" onClick={() => take(step)} aria-label={text('registers.do.of', { what: step.title, name })}>{step.title}</Button>)}
          {one.organisation && <Button size="s" aria-expanded={open} onClick={() => setOpen(!open)} aria-label={text('registers.do.of', { what: text('registers.contractor.cases'), name })}>{text('registers.contractor.cases')}</Button>}
        </div>
      )}
      {open && one.organisation && <Cases organisation={one.organisation} />}
    </Panel>
  )
}

/** The running cases of an office: whose hand-over a suspension asks for. */
function Cases({ organisation }: { organisation: string }) {
  const text = useText()
  const { say } = useWords()
  const read = useRead(ContractorCases, { organisation, first: SIZES.ContractorCases })
  return (
    <Read of={read}>
      {({ contractorCases: lines }) =>
        !lines || lines.length === 0 ? (
          <p className="muted">{text('registers.contractor.cases.empty')}</p>
        ) : (
          <ul className="plain tight">
            {lines.map((line) => (
              <li key={line.applicationId}>
                <Link to={'/applications/$id' as never} params={{ id: line.applicationId } as never}>{line.number}</Link>　{say(line.stageLabel)}　{text('desk.branch', { branch: line.branch })}
                {line.substitute && <>　{text('registers.contractor.takesOver', { office: line.substitute })}</>}
              </li>
            ))}
          </ul>
        )
      }
    </Read>
  )
}

/** The steps with a contractor. All but a review wait for a second person. */
function useSteps() {
  const text = useText()
  const { word } = useWords()
  const [services, outcomes] = [useOptions('ContractorService'), useOptions('ReviewOutcome')]
  const [add, adding] = useStep(ProposeContractor, (data) => data.proposeContractor?.problems)
  const [move, moving] = useStep(ProposeContractorStep, (data) => data.proposeContractorStep?.problems)
  const [replace, replacing] = useStep(ProposeContractorSubstitute, (data) => data.proposeContractorSubstitute?.problems)
  const [review, reviewing] = useStep(ReviewContractor, (data) => data.reviewContractor?.problems)
  const propose = { action: text('admin.propose'), about: text('admin.second') }
  const moved = (one: Contractor, code: ContractorStep): Step => ({
    ...propose,
    title: word('ContractorStep', code),
    danger: code !== 'LIFT',
    fields: [{ name: 'reason', label: text('admin.reason'), kind: 'text', required: true }],
    send: (values, key) => move({ id: one.id, step: code, reason: values.reason ?? '' }, key),
  })
  return {
    busy: adding || moving || replacing || reviewing,
    add: (): Step => ({
      ...propose,
      title: text('registers.contractor.add'),
      fields: [
        { name: 'organisation', label: text('registers.contractor.code'), help: text('registers.contractor.code.help'), kind: 'line', required: true },
        { name: 'name', label: text('registers.contractor.name'), kind: 'line', required: true },
        { name: 'service', label: text('registers.contractor.service'), kind: 'choice', options: services, required: true },
        { name: 'contractFrom', label: text('registers.contractor.from'), kind: 'day', required: true },
        { name: 'contractUntil', label: text('registers.contractor.until'), help: text('registers.contractor.until.help'), kind: 'day' },
        { name: 'nextReviewOn', label: text('registers.contractor.review'), kind: 'day', required: true },
        { name: 'substitute', label: text('registers.contractor.substitute'), help: text('registers.contractor.substitute.help'), kind: 'line' },
      ],
      send: (values, key) => add({
        organisation: values.organisation ?? '', name: values.name ?? '', service: values.service as ContractorService,
        contractFrom: values.contractFrom ?? '', contractUntil: values.contractUntil ?? null, nextReviewOn: values.nextReviewOn ?? '', substitute: values.substitute ?? null,
      }, key),
    }),
    of: (one: Contractor): Step[] => [
      {
        title: text('registers.contractor.doReview'),
        action: text('registers.record'),
        fields: [
          { name: 'on', label: text('registers.contractor.reviewedOn'), kind: 'day', required: true },
          { name: 'outcome', label: text('registers.outcome'), kind: 'choice', options: outcomes, required: true },
          { name: 'note', label: text('registers.contractor.found'), kind: 'text', required: true },
          { name: 'nextReviewOn', label: text('registers.contractor.review'), kind: 'day', required: true },
        ],
        send: (values, key) => review({ id: one.id, on: values.on ?? '', outcome: values.outcome as ReviewOutcome, note: values.note ?? '', nextReviewOn: values.nextReviewOn ?? '' }, key),
      },
      {
        ...propose,
        title: text('registers.contractor.replace'),
        fields: [{ name: 'substitute', label: text('registers.contractor.substitute'), help: text('registers.contractor.substitute.help'), kind: 'line', value: one.substitute ?? undefined }],
        send: (values, key) => replace({ id: one.id, substitute: values.substitute ?? null }, key),
      },
      moved(one, one.state === 'SUSPENDED' ? 'LIFT' : 'SUSPEND'),
      moved(one, 'END'),
    ],
  }
}
