import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AnswerComplaint, ComplaintFigures, Complaints as Query, FileComplaint, HandleComplaint, ProposeComplaintClosure, type ComplaintCategory, type ComplaintChannel, type ComplaintOutcome, type ComplaintState, type ComplaintsQuery, type DisputeContact } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { StepOutcomeView, useSees, useStep } from '@/pages/admin/shared'
import { Button, ChoiceField, Empty, Facts, Instant, Notice, Panel, Read, Tag, WDate } from '@/ui'
import { StepDialog, type Step } from './StepDialog'
import { Waiting, useOptions, useOutcome, usePages } from './shared'

type Complaint = NonNullable<ComplaintsQuery['complaints']>[number]

/** Complaints of customers (L-95-2): in their words, what was done, the answer in time and whom else they may turn to. */
export function Complaints({ state }: { state: string | undefined }) {
  const text = useText()
  const acts = useSees(HandleComplaint)
  const states = useOptions('ComplaintState')
  const one = states.find((option) => option.value === state)?.value as ComplaintState | undefined
  const { after, pager, to } = usePages(SIZES.Complaints)
  const read = useRead(Query, { first: SIZES.Complaints, after, state: one ?? null })
  const figures = useRead(ComplaintFigures, {})
  const { outcome, came } = useOutcome(() => {
    read.again()
    figures.again()
  })
  const [step, setStep] = useState<Step | null>(null)
  const steps = useSteps()
  const open = figures.data?.complaintFigures?.filter((line) => line.state !== 'CLOSED') ?? []
  const sum = (of: (line: (typeof open)[number]) => number) => open.reduce((all, line) => all + of(line), 0)
  return (
    <div className="stack">
      <div className="row no-print">
        <ChoiceField label={text('registers.state')} value={one ?? ''} blank={text('registers.all')} options={states} onChange={(value) => to({ state: value || undefined })} />
        {acts && <Button variant="primary" onClick={() => setStep(steps.file())}>{text('registers.complaint.file')}</Button>}
      </div>
      {figures.data && <p role="status">{text('registers.complaint.open', { count: sum((line) => line.complaints), overdue: sum((line) => line.overdue) })}</p>}
      {outcome === 'done' ? <Notice tone="good">{text('registers.done')}</Notice> : <StepOutcomeView of={outcome} />}
      <Read of={read}>
        {({ complaints }) => (
          <>
            {(complaints ?? []).length === 0 && <Empty title={text(one ? 'registers.complaint.none' : 'registers.complaint.empty')} />}
            {complaints?.map((line) => <One key={line.id} one={line} acts={acts} steps={steps} take={setStep} came={came} />)}
            {pager(complaints ?? [], read.busy)}
          </>
        )}
      </Read>
      {step && (
        <StepDialog
          key={step.title}
          step={step}
          busy={steps.busy}
          onDone={() => {
            setStep(null)
            came('done')
          }}
          onClose={() => setStep(null)}
        />
      )}
    </div>
  )
}

function One(props: { one: Complaint; acts: boolean; steps: ReturnType<typeof useSteps>; take: (step: Step) => void; came: Parameters<typeof Waiting>[0]['came'] }) {
  const { one, acts, steps, take, came } = props
  const text = useText()
  const { say, word } = useWords()
  const what = say(one.categoryLabel)
  return (
    <Panel title={what} actions={<span className="row">{one.overdue && <Tag tone="bad">{text('registers.overdue')}</Tag>}<Tag tone={one.state === 'CLOSED' ? 'plain' : 'now'}>{say(one.stateLabel)}</Tag></span>}>
      <blockquote className="complaint-words">{one.text}</blockquote>
      <Waiting line={one} what={what} came={came} />
      <Facts
        of={[
          [text('registers.complaint.received'), <span key="r"><WDate day={one.receivedOn} />　{word('ComplaintChannel', one.channel)}（{one.filedBy ?? one.recordedBy}）</span>],
          [text('registers.complaint.due'), <WDate key="d" day={one.dueOn} />],
          [text('registers.complaint.owner'), one.owner],
          [text('registers.complaint.case'), one.applicationId && <Link key="c" to={'/applications/$id' as never} params={{ id: one.applicationId } as never}>{text('audit.case.open')}</Link>],
          [text('registers.complaint.contractor'), one.contractor],
          [text('registers.complaint.answer'), one.answer && <span key="a">{one.answer.text}（<WDate day={one.answer.on} />、{one.answer.by}）</span>],
          [text('registers.complaint.offered'), one.offeredLabel && say(one.offeredLabel)],
          [text('registers.outcome'), one.outcomeLabel && <span key="o">{say(one.outcomeLabel)}{one.closedOn && <>（<WDate day={one.closedOn} />）</>}</span>],
        ]}
      />
      {one.handling.length > 0 && (
        <details className="small">
          <summary>{text('registers.complaint.handling', { count: one.handling.length })}</summary>
          <ul className="plain tight">
            {one.handling.map((line) => <li key={line.at}><Instant at={line.at} />　{line.text}（{line.by}）</li>)}
          </ul>
        </details>
      )}
      {acts && one.state !== 'CLOSED' && !one.pending && (
        <div className="row no-print">
          {steps.of(one).map((step) => <Button key={step.title} size="s" onClick={() => take(step)} aria-label={text('registers.do.of', { what: step.title, name: what })}>{step.title}</Button>)}
        </div>
      )}
    </Panel>
  )
}

/** The steps with a complaint; only its closing waits for a second person. */
function useSteps() {
  const text = useText()
  const [categories, channels] = [useOptions('ComplaintCategory'), useOptions('ComplaintChannel')]
  const [contacts, outcomes] = [useOptions('DisputeContact'), useOptions('ComplaintOutcome')]
  const [file, filing] = useStep(FileComplaint, (data) => data.fileComplaint?.problems)
  const [handle, handling] = useStep(HandleComplaint, (data) => data.handleComplaint?.problems)
  const [answer, answering] = useStep(AnswerComplaint, (data) => data.answerComplaint?.problems)
  const [close, closing] = useStep(ProposeComplaintClosure, (data) => data.proposeComplaintClosure?.problems)
  const record = { action: text('registers.record') }
  return {
    busy: filing || handling || answering || closing,
    file: (): Step => ({
      ...record,
      title: text('registers.complaint.file'),
      fields: [
        { name: 'category', label: text('registers.complaint.category'), kind: 'choice', options: categories, required: true },
        { name: 'text', label: text('registers.complaint.words'), help: text('registers.complaint.words.help'), kind: 'text', required: true },
        { name: 'channel', label: text('registers.complaint.channel'), kind: 'choice', options: channels.filter((option) => option.value !== 'ONLINE'), required: true },
        { name: 'receivedOn', label: text('registers.complaint.received'), kind: 'day', required: true },
        { name: 'contractor', label: text('registers.complaint.contractor'), kind: 'line' },
      ],
      send: (values, key) => file({
        category: values.category as ComplaintCategory, text: values.text ?? '', channel: values.channel as ComplaintChannel, receivedOn: values.receivedOn ?? null, contractor: values.contractor ?? null,
      }, key),
    }),
    of: (one: Complaint): Step[] => [
      {
        ...record,
        title: text('registers.complaint.handle'),
        fields: [
          { name: 'note', label: text('registers.complaint.done'), kind: 'text', required: true },
          { name: 'owner', label: text('registers.complaint.owner'), help: text('registers.complaint.owner.help'), kind: 'line', value: one.owner ?? undefined },
        ],
        send: (values, key) => handle({ id: one.id, note: values.note ?? '', owner: values.owner ?? null }, key),
      },
      ...(one.answer ? [] : [{
        ...record,
        title: text('registers.complaint.doAnswer'),
        fields: [
          { name: 'text', label: text('registers.complaint.answer'), kind: 'text' as const, required: true },
          { name: 'offered', label: text('registers.complaint.offered'), help: text('registers.complaint.offered.help'), kind: 'choice' as const, options: contacts },
        ],
        send: (values: Parameters<Step['send']>[0], key: string) => answer({ id: one.id, text: values.text ?? '', offered: values.offered as DisputeContact | null }, key),
      }]),
      {
        title: text('registers.complaint.close'),
        action: text('admin.propose'),
        about: text('admin.second'),
        fields: [{ name: 'outcome', label: text('registers.outcome'), kind: 'choice', options: outcomes, required: true }],
        send: (values, key) => close({ id: one.id, outcome: values.outcome as ComplaintOutcome }, key),
      },
    ],
  }
}
