import { useState } from 'react'
import { HeldTasks, PreviewReassignment, ReassignTasks, type HandoverReason, type HeldTasksQuery, type ReassignTasksMutation, type Role } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { SIZES } from '@/lib/sizes'
import { useSubmitKey } from '@/lib/submit'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useCodes } from '@/pages/admin/shared'
import { ChoiceField, DataTable, Dialog, Empty, Read, Tag, TroubleView, WDate, type Column } from '@/ui'

type Line = NonNullable<HeldTasksQuery['tasks']>['edges'][number]['node']
type Outcome = NonNullable<ReassignTasksMutation['reassignTasks']>[number]

/** Roles whose work is handed over: those of the bank's own desks, but for compliance. */
const HANDED = ['BRANCH_CLERK', 'BRANCH_MANAGER', 'SCREENING_OFFICER', 'OPERATIONS']

/** Can the work of a line be handed over by this role? */
export function canHand(mine: string, role: string): boolean {
  return ReassignTasks.texts.has(mine) && HANDED.includes(role)
}

/**
 * Hands the tasks that somebody holds in a role, or that nobody has taken, to somebody else: exactly those that are picked, each with what
 * it would come to beforehand and what became of it afterwards.
 */
export function Handing({ from, role, onClose }: { from: string | null; role: Role; onClose: (changed: boolean) => void }) {
  const text = useText()
  const { word, say } = useWords()
  const filter = from === null ? { role, unclaimed: true } : { role, holder: from }
  const read = useRead(HeldTasks, { first: SIZES.HeldTasks, filter, role })
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const [ended, setEnded] = useState<{ lines: Line[]; results: Outcome[] } | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [hand, busy] = useSend(ReassignTasks)
  const reasons = useCodes('HandoverReason')
  const lines = read.data?.tasks?.edges.map((edge) => edge.node) ?? []
  const picked = lines.filter((line) => !left.has(line.id))
  const ask = { ids: picked.map((line) => line.id), from, to }
  const ready = to !== '' && picked.length > 0
  const preview = useRead(PreviewReassignment, ask, !ready || ended !== null)
  const given = { ...ask, reason: reason as HandoverReason }
  const key = useSubmitKey(given)
  const foreseen = ready ? (preview.data?.previewReassignment ?? []) : []
  const able = foreseen.filter((one) => one.possible).length
  const people = (read.data?.assignees ?? []).filter((one) => one.subject !== from)
  const submit = async () => {
    if (!ready || reason === '' || able === 0) return
    setTrouble(null)
    const answer = await hand(given, key)
    if (answer.error) setTrouble(troubleOf(answer.error))
    else setEnded({ lines: picked, results: answer.data?.reassignTasks ?? [] })
  }
  const columns = (outcomes: readonly Outcome[]): Column<Line>[] => [
    { key: 'number', title: text('handing.number'), show: (line) => line.number },
    { key: 'task', title: text('handing.task'), show: (line) => word('Task', line.task) },
    { key: 'due', title: text('handing.due'), show: (line) => <WDate day={line.dueOn} /> },
    {
      key: 'result',
      title: text('handing.result'),
      show: (line) => {
        const outcome = outcomes.find((one) => one.id === line.id)
        return outcome ? <Tag tone={outcome.possible ? 'good' : 'warn'}>{say(outcome.label)}</Tag> : '—'
      },
    },
  ]
  return (
    <Dialog
      wide
      title={text('handing.title')}
      action={ended ? undefined : text('handing.action', { count: able })}
      busy={busy}
      onSubmit={ended ? undefined : () => void submit()}
      onClose={() => onClose(ended !== null)}
    >
      <p>{text('handing.from', { who: from ?? text('workload.nobody'), role: word('Role', role) })}</p>
      {trouble && <TroubleView trouble={trouble} />}
      {ended ? (
        <>
          <p role="status">{text('handing.done', { count: ended.results.filter((one) => one.possible).length })}</p>
          <DataTable dense name={text('handing.title')} lines={ended.lines} keyOf={(line) => line.id} columns={columns(ended.results)} />
        </>
      ) : (
        <Read of={read}>
          {({ tasks }) =>
            lines.length === 0 ? (
              <Empty title={text('handing.empty')} />
            ) : (
              <>
                {people.length === 0 ? (
                  <p role="alert">{text('handing.none')}</p>
                ) : (
                  <ChoiceField
                    name="to"
                    label={text('handing.to')}
                    required
                    value={to}
                    blank={text('desk.choose')}
                    options={people.map((one) => ({ value: one.subject, label: `${one.name} (${one.subject})` }))}
                    onChange={setTo}
                  />
                )}
                <ChoiceField name="reason" label={text('handing.reason')} required value={reason} blank={text('desk.choose')} options={reasons.map((code) => ({ value: code, label: word('HandoverReason', code) }))} onChange={setReason} />
                <p role="status">{ready && preview.data ? text('handing.will', { able, not: picked.length - able }) : text('handing.choose')}</p>
                {tasks?.pageInfo.hasNextPage && <p className="muted small">{text('handing.more', { count: lines.length })}</p>}
                {ready && preview.trouble && <TroubleView trouble={preview.trouble} again={preview.again} />}
                <DataTable
                  dense
                  name={text('handing.title')}
                  lines={lines}
                  keyOf={(line) => line.id}
                  columns={columns(foreseen)}
                  picks={{
                    picked: new Set(picked.map((line) => line.id)),
                    set: (now) => setLeft(new Set(lines.filter((line) => !now.has(line.id)).map((line) => line.id))),
                    nameOf: (line) => text('handing.pick', { number: line.number, task: word('Task', line.task) }),
                  }}
                />
              </>
            )
          }
        </Read>
      )}
    </Dialog>
  )
}
