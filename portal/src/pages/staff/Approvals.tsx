import { useState } from 'react'
import { Queue, type QueueQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useLive } from '@/lib/live'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useSearch, useNavigate } from '@tanstack/react-router'
import { Button, DataTable, DaysLeft, Empty, Money, Notice, PageHead, Pager, Read, Tag, WDate, type Column } from '@/ui'
import { Applicant, CaseLink } from './Queue'
import './staff.css'

type Line = NonNullable<QueueQuery['tasks']>['edges'][number]['node']

/** What waits for a second person, the most urgent first. What changes, and the decision, stand on the page of the case. */
export default function Approvals() {
  const text = useText()
  const { word } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { after?: string }
  const list = useRead(Queue, { first: SIZES.Queue, after: search.after ?? null, filter: { task: 'DECIDE' } })
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  useTitle(text('approvals.title'))
  const refresh = () => {
    setChanged(new Set())
    list.again()
  }
  useLive((change) => setChanged((now) => new Set(now).add(change.id)), refresh)
  const columns: Column<Line>[] = [
    { key: 'number', title: text('queue.number'), show: (line) => <CaseLink id={line.applicationId} number={line.number} /> },
    { key: 'applicant', title: text('queue.applicant'), show: (line) => <Applicant name={line.applicantName} kana={line.applicantKana} /> },
    { key: 'stage', title: text('queue.stage'), show: (line) => <Tag>{word('Stage', line.stage)}</Tag> },
    { key: 'role', title: text('approvals.by'), show: (line) => word('Role', line.role) },
    { key: 'amount', title: text('queue.amount'), number: true, show: (line) => <Money amount={line.amountYen} /> },
    { key: 'due', title: text('queue.due'), show: (line) => <WDate day={line.dueOn} /> },
    { key: 'left', title: text('queue.left'), show: (line) => <DaysLeft days={line.businessDaysLeft} /> },
  ]
  return (
    <div className="stack">
      <PageHead title={text('approvals.title')} />
      <p className="muted">{text('approvals.help')}</p>
      {changed.size > 0 && (
        <Notice>
          {text('live.changed', { count: changed.size })}
          <Button size="s" onClick={refresh}>{text('live.show')}</Button>
        </Notice>
      )}
      <Read of={list}>
        {({ tasks }) =>
          !tasks || tasks.edges.length === 0 ? (
            <Empty title={text('queue.empty.decide')} />
          ) : (
            <>
              <p className="muted small">{text('list.count', { shown: tasks.edges.length, total: tasks.totalCount ?? 0 })}{text('queue.order')}</p>
              <DataTable name={text('approvals.title')} columns={columns} lines={tasks.edges.map((edge) => edge.node)} keyOf={(line) => line.id} />
              <Pager
                first={!search.after}
                more={tasks.pageInfo.hasNextPage}
                busy={list.busy}
                toFirst={() => void navigate({ to: '.', search: {} as never })}
                on={() => void navigate({ to: '.', search: { after: tasks.pageInfo.endCursor } as never })}
              />
            </>
          )
        }
      </Read>
    </div>
  )
}
