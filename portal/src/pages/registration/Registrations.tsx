import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { WaitingJobs } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { NotForRole, useSees } from '@/pages/admin/shared'
import { Empty, PageHead, Pager, Read, Tabs, Tag, WDate } from '@/ui'
import { Due } from './Due'
import '../partner/outside.css'

/** What a branch has to see to with scriveners: jobs that nobody has taken, and originals that are to come back. */
export default function Registrations() {
  const text = useText()
  const sees = useSees(WaitingJobs)
  useTitle(text('registrations.title'))
  return sees ? <Seen /> : <NotForRole title={text('registrations.title')} />
}

function Seen() {
  const text = useText()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { tab?: string; after?: string }
  const tab = search.tab === 'originals' ? 'originals' : 'waiting'
  const go = (after: string | undefined) => void navigate({ to: '.', search: { tab, after } as never })
  const tabs = (['waiting', 'originals'] as const).map((key) => ({ key, title: text(`registrations.tab.${key}`) }))
  return (
    <div className="outside stack">
      <PageHead title={text('registrations.title')} />
      <Tabs name={text('registrations.title')} tabs={tabs} current={tab} />
      {tab === 'originals' ? <Due to="/applications/$id" after={search.after ?? null} go={go} /> : <Waiting after={search.after ?? null} go={go} />}
    </div>
  )
}

function Waiting({ after, go }: { after: string | null; go: (after: string | undefined) => void }) {
  const text = useText()
  const { say } = useWords()
  const read = useRead(WaitingJobs, { first: SIZES.WaitingJobs, after })
  return (
    <Read of={read}>
      {({ waitingJobs }) => {
        const jobs = waitingJobs?.edges.map((edge) => edge.node) ?? []
        if (jobs.length === 0) return <Empty title={text('registrations.none')} />
        return (
          <>
            <ul className="plain cards">
              {jobs.map((job) => (
                <li key={`${job.applicationId} ${job.organisation}`} className="card">
                  <Link to={'/applications/$id' as never} params={{ id: job.applicationId } as never} search={{ tab: 'registration' } as never} className="card-link">
                    <span className="card-title">{job.number}</span>
                    <span className="muted small">{job.organisation}</span>
                  </Link>
                  <div className="row small">
                    <Tag tone={job.state === 'ASKED' ? 'plain' : 'warn'}>{say(job.stateLabel)}</Tag>
                    {job.reasonLabel && <span>{say(job.reasonLabel)}</span>}
                    <span>{text('registrations.asked')} <WDate day={job.askedOn} weekday /></span>
                  </div>
                </li>
              ))}
            </ul>
            <Pager first={after === null} more={waitingJobs?.pageInfo.hasNextPage ?? false} busy={read.busy} toFirst={() => go(undefined)} on={() => go(waitingJobs?.pageInfo.endCursor ?? undefined)} />
          </>
        )
      }}
    </Read>
  )
}
