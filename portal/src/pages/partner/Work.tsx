import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { GiveWorkBack, TakeWork, Work as WorkQuery, type WorkQuery as WorkData } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useLive } from '@/lib/live'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSeat, useSend, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DaysLeft, Empty, Loading, Money, Notice, PageHead, Pager, Read, Tabs, TroubleView, WDate } from '@/ui'
import { caseOf, grouped } from './when'
import './outside.css'

const Today = lazy(() => import('../scrivener/Today'))

type Line = NonNullable<WorkData['tasks']>['edges'][number]['node']

/** The open work of somebody outside the bank: what is late, what is for today, what comes. */
export default function Work() {
  const text = useText()
  const { session } = useSeat()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { tab?: string; after?: string }
  const tab = search.tab === 'mine' ? 'mine' : 'all'
  const work = useRead(WorkQuery, { first: SIZES.Work, after: search.after ?? null, filter: tab === 'mine' ? { mine: true } : {} })
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const title = text(session.role === 'SCRIVENER' || session.role === 'GUARANTOR' ? `work.title.${session.role}` : 'work.title.other')
  useTitle(title)
  const refresh = () => {
    setChanged(new Set())
    work.again()
  }
  useLive((change) => setChanged((now) => new Set(now).add(change.id)), refresh)
  const today = useToday()
  const go = (after: string | undefined) => void navigate({ to: '.', search: { tab, after } as never })
  const tabs = [
    { key: 'all', title: text('work.tab.all'), ...(tab === 'all' && counted(work.data)) },
    { key: 'mine', title: text('work.tab.mine'), ...(tab === 'mine' && counted(work.data)) },
  ]
  return (
    <div className="outside stack">
      <PageHead title={title} />
      {session.role === 'SCRIVENER' && <Suspense fallback={<Loading />}><Today /></Suspense>}
      <Tabs name={text('work.tabs')} tabs={tabs} current={tab} />
      {trouble && <TroubleView trouble={trouble} />}
      {changed.size > 0 && (
        <Notice>
          {text('live.changed', { count: changed.size })}
          <Button onClick={refresh}>{text('live.show')}</Button>
        </Notice>
      )}
      <Read of={work}>
        {({ tasks }) =>
          !tasks || tasks.edges.length === 0 ? (
            <Empty title={text(`work.empty.${tab}`)}>{text('work.empty.help')}</Empty>
          ) : (
            <>
              {grouped(tasks.edges.map((edge) => edge.node), today).map(([when, lines]) => (
                <section key={when} className="stack" aria-labelledby={`when-${when}`}>
                  <h2 id={`when-${when}`}>{text(`work.when.${when}`, { count: lines.length })}</h2>
                  <ul className="plain cards">
                    {lines.map((line) => (
                      <Card key={line.id} line={line} role={session.role} today={today} failed={setTrouble} done={work.again} />
                    ))}
                  </ul>
                </section>
              ))}
              <Pager first={!search.after} more={tasks.pageInfo.hasNextPage} busy={work.busy} toFirst={() => go(undefined)} on={() => go(tasks.pageInfo.endCursor ?? undefined)} />
            </>
          )
        }
      </Read>
    </div>
  )
}

function counted(data: WorkData | undefined): { count?: number; exact?: boolean } {
  const total = data?.tasks?.totalCount
  return total == null ? {} : { count: total, exact: data?.tasks?.totalIsExact ?? true }
}

/** A piece of work. The card leads to the case; who does it is said below. */
function Card({ line, role, today, failed, done }: { line: Line; role: string; today: string; failed: (trouble: Trouble | null) => void; done: () => void }) {
  const text = useText()
  const { say } = useWords()
  const [take, taking] = useSend(TakeWork)
  const [give, giving] = useSend(GiveWorkBack)
  const run = async (send: typeof take | typeof give) => {
    failed(null)
    const result = await send({ id: line.id })
    if (result.error) failed(troubleOf(result.error))
    else done()
  }
  return (
    <li className="card">
      <Link to={caseOf(role) as never} params={{ id: line.applicationId } as never} className="card-link">
        <span className="card-title">{say(line.label)}</span>
        {line.applicantName && <span lang="ja">{line.applicantName}</span>}
        <span className="muted small">{line.number}</span>
      </Link>
      <div className="row small">
        <span>{text('work.due')} <WDate day={line.dueOn} weekday /></span>
        <DaysLeft days={line.businessDaysLeft} />
        {line.plannedDate && <span>{text(line.plannedDate === today ? 'work.settlesToday' : 'work.settles')} <WDate day={line.plannedDate} weekday /></span>}
        {line.amountYen !== undefined && <Money amount={line.amountYen} />}
      </div>
      <div className="row">
        {line.isMine && <span className="small">{text('work.mine')}</span>}
        <Button
          loading={taking || giving}
          onClick={() => void run(line.isMine ? give : take)}
          aria-label={text(line.isMine ? 'work.give.of' : 'work.take.of', { number: line.number })}
        >
          {text(line.isMine ? 'work.give' : 'work.take')}
        </Button>
      </div>
    </li>
  )
}
