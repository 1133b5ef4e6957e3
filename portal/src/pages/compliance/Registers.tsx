import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Contractors as ContractorsQuery, EmergencyAccesses, RegisterReminders, type EmergencyAccessesQuery, type RegisterRemindersQuery } from '@/gql/operations'
import { useText, type Key } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { NotForRole, useSees } from '@/pages/admin/shared'
import { CheckField, DataTable, Empty, Instant, PageHead, Pager, Read, Tabs, Tag, WDate, type Column } from '@/ui'
import { Complaints } from './Complaints'
import { Contractors } from './Contractors'
import { Trainings } from './Trainings'
import { usePages, type RegisterSearch } from './shared'
import './compliance.css'

const TABS = ['due', 'contractors', 'complaints', 'trainings', 'emergencies'] as const
type TabName = (typeof TABS)[number]
const TITLES: Record<TabName, Key> = {
  due: 'registers.tab.due',
  contractors: 'registers.tab.contractors',
  complaints: 'registers.tab.complaints',
  trainings: 'registers.tab.trainings',
  emergencies: 'registers.tab.emergencies',
}

/** The registers that compliance keeps: what comes due, contractors, complaints, trainings, and looks in emergency. Auditors read them. */
export default function Registers() {
  const text = useText()
  const sees = useSees(ContractorsQuery)
  useTitle(text('registers.title'))
  return sees ? <Seen /> : <NotForRole title={text('registers.title')} />
}

function Seen() {
  const text = useText()
  const search = useSearch({ strict: false }) as RegisterSearch
  const reminded = useSees(RegisterReminders)
  const tabs = TABS.filter((name) => name !== 'due' || reminded)
  const current = tabs.find((name) => name === search.tab) ?? (reminded ? 'due' : 'contractors')
  return (
    <div className="stack">
      <PageHead title={text('registers.title')} />
      <p className="muted">{text('registers.help')}</p>
      <Tabs name={text('registers.title')} tabs={tabs.map((key) => ({ key, title: text(TITLES[key]) }))} current={current} />
      {current === 'due' && <Due />}
      {current === 'contractors' && <Contractors />}
      {current === 'complaints' && <Complaints state={search.state} />}
      {current === 'trainings' && <Trainings />}
      {current === 'emergencies' && <Emergencies />}
    </div>
  )
}

type Reminder = NonNullable<RegisterRemindersQuery['registerReminders']>[number]

/** What comes due, the earliest first; a line goes when it was seen to. */
function Due() {
  const text = useText()
  const { say } = useWords()
  const { after, pager } = usePages(SIZES.RegisterReminders)
  const read = useRead(RegisterReminders, { first: SIZES.RegisterReminders, after })
  const columns: Column<Reminder>[] = [
    { key: 'due', title: text('registers.due'), show: (line) => <span className="row"><WDate day={line.dueOn} />{line.isOverdue && <Tag tone="bad">{text('registers.overdue')}</Tag>}</span> },
    { key: 'register', title: text('registers.register'), show: (line) => say(line.registerLabel) },
    { key: 'group', title: text('registers.group'), show: (line) => (line.groupLabel ? say(line.groupLabel) : '—') },
    { key: 'key', title: text('registers.key'), show: (line) => (line.register === 'CONTRACTORS' ? line.key : <Link to="." search={{ tab: 'complaints' } as never}>{text('registers.complaint.look')}</Link>) },
    { key: 'told', title: text('registers.told'), show: (line) => <Instant at={line.toldAt} /> },
  ]
  return (
    <Read of={read}>
      {({ registerReminders: lines }) => (
        <>
          {!lines || lines.length === 0 ? <Empty title={text('registers.due.empty')} /> : <DataTable name={text('registers.tab.due')} columns={columns} lines={lines} keyOf={(line) => line.id} dense />}
          {pager(lines ?? [], read.busy)}
        </>
      )}
    </Read>
  )
}

type Use = NonNullable<EmergencyAccessesQuery['emergencyAccesses']>['edges'][number]['node']

/** Looks in emergency (L-91): who, why, until when, and what the review found. The review itself is an action of the case. */
function Emergencies() {
  const text = useText()
  const { say } = useWords()
  const search = useSearch({ strict: false }) as RegisterSearch
  const navigate = useNavigate()
  const unreviewed = search.state !== 'all'
  const to = (changed: Partial<RegisterSearch>) => void navigate({ to: '.', search: { ...search, after: undefined, ...changed } as never })
  const read = useRead(EmergencyAccesses, { first: SIZES.EmergencyAccesses, after: search.after ?? null, unreviewed })
  const columns: Column<Use>[] = [
    { key: 'case', title: text('registers.emergency.case'), show: (line) => <><Link to={'/applications/$id' as never} params={{ id: line.applicationId } as never}>{line.number}</Link><br /><span className="muted small">{text('desk.branch', { branch: line.branch })}</span></> },
    { key: 'who', title: text('registers.emergency.who'), show: ({ access }) => <>{access.subject}<br /><span className="muted small">{say(access.roleLabel)}</span></> },
    { key: 'why', title: text('admin.reason'), show: ({ access }) => access.reason },
    { key: 'when', title: text('registers.emergency.when'), show: ({ access }) => <><Instant at={access.openedAt} />〜<Instant at={access.endedAt ?? access.endsAt} />{access.isOpen && <> <Tag tone="warn">{text('registers.emergency.open')}</Tag></>}</> },
    {
      key: 'review',
      title: text('registers.emergency.review'),
      show: ({ access }) =>
        access.review ? (
          <>{say(access.review.outcomeLabel)}　{access.review.note}（{access.review.by}、<Instant at={access.review.at} />）</>
        ) : (
          <span className="row">{text('registers.emergency.due')} <WDate day={access.reviewDueOn} />{access.isOverdue && <Tag tone="bad">{text('registers.overdue')}</Tag>}</span>
        ),
    },
  ]
  return (
    <div className="stack">
      <p className="muted">{text('registers.emergency.help')}</p>
      <CheckField label={text('registers.emergency.unreviewed')} value={unreviewed} onChange={(on) => to({ state: on ? undefined : 'all' })} />
      <Read of={read}>
        {({ emergencyAccesses }) => {
          const lines = emergencyAccesses?.edges.map((edge) => edge.node) ?? []
          return (
            <>
              {lines.length === 0 ? <Empty title={text(unreviewed ? 'registers.emergency.none' : 'registers.emergency.empty')} /> : <DataTable name={text('registers.tab.emergencies')} columns={columns} lines={lines} keyOf={(line) => `${line.applicationId} ${line.access.id}`} dense />}
              <Pager first={!search.after} more={emergencyAccesses?.pageInfo.hasNextPage ?? false} busy={read.busy} toFirst={() => to({})} on={() => to({ after: emergencyAccesses?.pageInfo.endCursor ?? undefined })} />
            </>
          )
        }}
      </Read>
    </div>
  )
}
