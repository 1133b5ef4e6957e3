import { useState } from 'react'
import { ProposeTraining, ProposeTrainingRevocation, Trainings as Query, type TrainingCourse, type TrainingsQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { StepOutcomeView, useSees, useStep } from '@/pages/admin/shared'
import { Button, DataTable, Empty, Notice, Read, Tag, WDate, type Column } from '@/ui'
import { StepDialog, type Step } from './StepDialog'
import { Waiting, useOptions, useOutcome, usePages } from './shared'

type Training = NonNullable<TrainingsQuery['trainings']>[number]

/** Trainings that colleagues passed (L-95): who may explain what, until when. */
export function Trainings() {
  const text = useText()
  const { say } = useWords()
  const acts = useSees(ProposeTraining)
  const courses = useOptions('TrainingCourse')
  const { after, pager } = usePages(SIZES.Trainings)
  const read = useRead(Query, { first: SIZES.Trainings, after })
  const { outcome, came } = useOutcome(read.again)
  const [step, setStep] = useState<Step | null>(null)
  const [add, adding] = useStep(ProposeTraining, (data) => data.proposeTraining?.problems)
  const [revoke, revoking] = useStep(ProposeTrainingRevocation, (data) => data.proposeTrainingRevocation?.problems)
  const propose = { action: text('admin.propose'), about: text('admin.second') }
  const adds = (): Step => ({
    ...propose,
    title: text('registers.training.add'),
    fields: [
      { name: 'subject', label: text('registers.training.subject'), help: text('registers.training.subject.help'), kind: 'line', required: true },
      { name: 'course', label: text('registers.training.course'), kind: 'choice', options: courses, required: true },
      { name: 'passedOn', label: text('registers.training.passedOn'), kind: 'day', required: true },
      { name: 'validUntil', label: text('registers.training.validUntil'), kind: 'day', required: true },
    ],
    send: (values, key) => add({ subject: values.subject ?? '', course: values.course as TrainingCourse, passedOn: values.passedOn ?? '', validUntil: values.validUntil ?? '' }, key),
  })
  const revokes = (line: Training): Step => ({
    ...propose,
    title: text('registers.training.revoke'),
    danger: true,
    fields: [{ name: 'reason', label: text('admin.reason'), kind: 'text', required: true }],
    send: (values, key) => revoke({ id: line.id, reason: values.reason ?? '' }, key),
  })
  const columns: Column<Training>[] = [
    { key: 'subject', title: text('registers.training.subject'), show: (line) => line.subject ?? '—' },
    { key: 'course', title: text('registers.training.course'), show: (line) => (line.courseLabel ? say(line.courseLabel) : '—') },
    { key: 'passed', title: text('registers.training.passedOn'), show: (line) => <WDate day={line.passedOn} /> },
    { key: 'until', title: text('registers.training.validUntil'), show: (line) => <WDate day={line.validUntil} /> },
    { key: 'state', title: text('registers.state'), show: (line) => <Tag tone={line.state === 'PASSED' ? 'good' : line.state === 'PROPOSED' ? 'now' : 'plain'}>{say(line.stateLabel)}</Tag> },
    {
      key: 'do',
      title: text('registers.steps'),
      show: (line) => (
        <>
          <Waiting line={line} what={line.subject ?? ''} came={came} />
          {acts && line.state === 'PASSED' && !line.pending && <Button size="s" onClick={() => setStep(revokes(line))} aria-label={text('registers.do.of', { what: text('registers.training.revoke'), name: line.subject ?? '' })}>{text('registers.training.revoke')}</Button>}
        </>
      ),
    },
  ]
  return (
    <div className="stack">
      {acts && <p className="row no-print"><Button variant="primary" onClick={() => setStep(adds())}>{text('registers.training.add')}</Button></p>}
      {outcome === 'done' ? <Notice tone="good">{text('registers.done')}</Notice> : <StepOutcomeView of={outcome} />}
      <Read of={read}>
        {({ trainings }) => (
          <>
            {!trainings || trainings.length === 0 ? <Empty title={text('registers.training.empty')} /> : <DataTable name={text('registers.tab.trainings')} columns={columns} lines={trainings} keyOf={(line) => line.id} dense />}
            {pager(trainings ?? [], read.busy)}
          </>
        )}
      </Read>
      {step && (
        <StepDialog
          key={step.title}
          step={step}
          busy={adding || revoking}
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
