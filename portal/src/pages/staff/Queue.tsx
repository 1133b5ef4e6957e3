import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { ClaimNext, ClaimTask, Queue as QueueQuery, QueueCounts, ReleaseTask, type QueueQuery as QueueData, type Role, type Task, type TaskFilter } from '@/gql/operations'
import { useText, type Key } from '@/i18n'
import { useLive } from '@/lib/live'
import { troubleOf, type Trouble } from '@/lib/client'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat, useSend, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, ChoiceField, DataTable, DaysLeft, Empty, Money, Notice, PageHead, Pager, Read, Tabs, Tag, TroubleView, WDate, type Column, type Tab } from '@/ui'
import { SavedViews } from '../manager/SavedViews'
import { Csv } from './Csv'
import { laidOut } from './layout'
import { LayoutButton, useLayout } from './LayoutButton'
import { TakeTogether } from './Together'
import './staff.css'

type Line = NonNullable<QueueData['tasks']>['edges'][number]['node']

const TABS = ['all', 'mine', 'unclaimed', 'overdue', 'decide'] as const
type TabKey = (typeof TABS)[number]

/** The day before a day. */
function dayBefore(day: string): string {
  return new Date(new Date(`${day}T00:00:00Z`).getTime() - 86_400_000).toISOString().slice(0, 10)
}

function filterOf(tab: TabKey, role: Role, overdueTo: string, task: string | undefined): TaskFilter {
  const kind = task ? { task: task as Task } : {}
  switch (tab) {
    case 'all':
      return { role, ...kind }
    case 'mine':
      return { role, mine: true, ...kind }
    case 'unclaimed':
      return { role, unclaimed: true, ...kind }
    case 'overdue':
      return { role, dueTo: overdueTo, ...kind }
    // Who proposed sees what waits for the second person, too.
    case 'decide':
      return { task: 'DECIDE' }
  }
}

/** The queue of a role: what to do next, until when, and who does it. */
export default function Queue() {
  const text = useText()
  const { word } = useWords()
  const { session } = useSeat()
  const today = useToday()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { tab?: string; after?: string; task?: string }
  const tab = TABS.find((one) => one === search.tab) ?? 'all'
  const role = session.role as Role
  const overdueTo = dayBefore(today)
  const queue = useRead(QueueQuery, { first: SIZES.Queue, after: search.after ?? null, filter: filterOf(tab, role, overdueTo, search.task) })
  const counts = useRead(QueueCounts, { role, overdueTo })
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [nothing, setNothing] = useState(false)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [claimNext, claiming] = useSend(ClaimNext)
  useTitle(text('queue.title'))
  const refresh = () => {
    setChanged(new Set())
    setPicked(new Set())
    queue.again()
    counts.again()
  }
  useLive((change) => setChanged((now) => new Set(now).add(change.id)), refresh)
  useCounts(changed.size, counts.again)

  const takeNext = async () => {
    setTrouble(null)
    const result = await claimNext({})
    if (result.error) return setTrouble(troubleOf(result.error))
    const taken = result.data?.claimNext
    if (!taken) return setNothing(true)
    await navigate({ to: '/applications/$id' as never, params: { id: taken.applicationId } as never })
  }
  const tabs: Tab[] = TABS.map((key) => {
    const total = counts.data?.[key]
    return { key, title: text(`queue.tab.${key}`), count: total?.totalCount ?? undefined, exact: total?.totalIsExact ?? true, alarming: key === 'overdue' }
  })
  const columns: Column<Line>[] = [
    { key: 'number', title: text('queue.number'), show: (line) => <CaseLink id={line.applicationId} number={line.number} /> },
    { key: 'applicant', title: text('queue.applicant'), show: (line) => <Applicant name={line.applicantName} kana={line.applicantKana} /> },
    { key: 'stage', title: text('queue.stage'), show: (line) => <Tag>{word('Stage', line.stage)}</Tag> },
    { key: 'task', title: text('queue.task'), show: (line) => word('Task', line.task) },
    { key: 'amount', title: text('queue.amount'), number: true, show: (line) => <Money amount={line.amountYen} /> },
    { key: 'due', title: text('queue.due'), show: (line) => <WDate day={line.dueOn} /> },
    { key: 'left', title: text('queue.left'), show: (line) => <DaysLeft days={line.businessDaysLeft} /> },
    { key: 'who', title: text('queue.who'), show: (line) => <Claim line={line} own={line.role === role} failed={setTrouble} done={counts.again} /> },
  ]
  const laid = useLayout('queue', columns, counts.data?.layouts)
  const tasks = [...new Set(queue.data?.tasks?.edges.map((edge) => edge.node.task))].concat(search.task ? [search.task as Task] : [])
  const options = [...new Set(tasks)].map((task) => ({ value: task, label: word('Task', task) }))
  const go = (next: Record<string, string | undefined>) => void navigate({ to: '/', search: { tab, task: search.task, ...next } as never })
  return (
    <div className="stack">
      <PageHead title={text('queue.title')}>
        <Button variant="primary" loading={claiming} onClick={() => void takeNext()}>{text('queue.next')}</Button>
      </PageHead>
      <Tabs name={text('queue.tabs')} tabs={tabs} current={tab} />
      {trouble && <TroubleView trouble={trouble} />}
      {nothing && <Notice>{text('queue.nothingNext')}</Notice>}
      {changed.size > 0 && (
        <Notice>
          {text('live.changed', { count: changed.size })}
          <Button size="s" onClick={refresh}>{text('live.show')}</Button>
        </Notice>
      )}
      <SavedViews page="/" given={{ views: counts.data?.savedViews ?? undefined, again: counts.again }} />
      {tab !== 'decide' && (
        <div className="filters">
          <ChoiceField label={text('queue.filter.task')} value={search.task ?? ''} options={options} blank={text('filter.all')} onChange={(task) => go({ task: task || undefined })} />
        </div>
      )}
      <Read of={queue}>
        {({ tasks }) =>
          !tasks || tasks.edges.length === 0 ? (
            <Empty title={text(`queue.empty.${tab}`)}>{text('queue.empty.help')}</Empty>
          ) : (
            <>
              <div className="spread">
                <p className="muted small">{text('list.count', { shown: tasks.edges.length, total: tasks.totalCount ?? 0 })}{text('queue.order')}</p>
                <div className="row no-print">
                  {tab !== 'decide' && <TakeTogether lines={tasks.edges.map((edge) => edge.node).filter((line) => picked.has(line.id))} role={role} done={refresh} />}
                  <LayoutButton list="queue" columns={columns} of={laid} keeps again={counts.again} />
                  <Csv
                    operation={QueueQuery}
                    variables={{ first: SIZES.Queue, filter: filterOf(tab, role, overdueTo, search.task) }}
                    of={(data) => data.tasks}
                    name="yushi-queue.csv"
                    head={['queue.number', 'queue.applicant', 'queue.kana', 'queue.stage', 'queue.task', 'queue.amount', 'queue.due', 'queue.left', 'queue.who'].map((key) => text(key as Key))}
                    cells={(line: Line) => [line.number, line.applicantName, line.applicantKana, word('Stage', line.stage), word('Task', line.task), line.amountYen, line.dueOn, line.businessDaysLeft, line.claimedBy ?? '']}
                  />
                </div>
              </div>
              <DataTable
                sticky
                dense={laid.layout.dense}
                name={text('queue.title')}
                columns={laidOut(columns, laid.layout)}
                lines={tasks.edges.map((edge) => edge.node)}
                keyOf={(line) => line.id}
                picks={tab === 'decide' ? undefined : { picked, set: setPicked, nameOf: (line) => text('queue.pick.of', { number: line.number || line.applicantName, task: word('Task', line.task) }) }}
              />
              <Pager
                first={!search.after}
                more={tasks.pageInfo.hasNextPage}
                busy={queue.busy}
                toFirst={() => go({ after: undefined })}
                on={() => go({ after: tasks.pageInfo.endCursor ?? undefined })}
              />
            </>
          )
        }
      </Read>
    </div>
  )
}

/** Counts are read again at most every 30 seconds while things change. */
function useCounts(changes: number, again: () => void) {
  const last = useRef(Date.now())
  useEffect(() => {
    if (changes === 0) return
    const wait = Math.max(0, 30_000 - (Date.now() - last.current))
    const timer = setTimeout(() => {
      last.current = Date.now()
      again()
    }, wait)
    return () => clearTimeout(timer)
  }, [changes, again])
}

/** The number of a case, which leads to it; a draft has none yet. */
export function CaseLink({ id, number }: { id: string; number: string }) {
  const text = useText()
  return <Link to={'/applications/$id' as never} params={{ id } as never} className="nowrap">{number || text('case.draft')}</Link>
}

/** A name with its reading above it. */
export function Applicant({ name, kana }: { name: string; kana: string }) {
  return (
    <span className="applicant">
      <span className="muted">{kana}</span>
      <span lang="ja">{name}</span>
    </span>
  )
}

/** Who does it: one's own to give back, a free one to take. */
function Claim({ line, own, failed, done }: { line: Line; own: boolean; failed: (trouble: Trouble | null) => void; done: () => void }) {
  const text = useText()
  const [claim, claiming] = useSend(ClaimTask)
  const [release, releasing] = useSend(ReleaseTask)
  const number = line.number || line.applicantName
  const run = async (send: typeof claim | typeof release) => {
    failed(null)
    const result = await send({ id: line.id })
    if (result.error) failed(troubleOf(result.error))
    else done()
  }
  if (line.isMine) {
    return (
      <span className="row">
        {text('queue.mine')}
        <Button size="s" loading={releasing} onClick={() => void run(release)} aria-label={text('queue.release.of', { number })}>{text('queue.release')}</Button>
      </span>
    )
  }
  if (line.claimedBy) return <>{line.claimedBy}</>
  if (!own) return <>—</>
  return <Button size="s" loading={claiming} onClick={() => void run(claim)} aria-label={text('queue.claim.of', { number })}>{text('queue.claim')}</Button>
}
