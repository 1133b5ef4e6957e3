import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { MyCases } from '@/gql/operations'
import { useText } from '@/i18n'
import { useLive } from '@/lib/live'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Empty, Money, PageHead, Pager, Read, Tag } from '@/ui'
import { Ruby } from './ruby'
import { StatusOf } from './Status'
import '../partner/outside.css'
import './applicant.css'

/** One's own application; the list of them, where there are several. */
export default function Home() {
  const text = useText()
  const { word, say } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { after?: string }
  const cases = useRead(MyCases, { first: SIZES.MyCases, after: search.after ?? null })
  useTitle(text('me.title'))
  useLive(cases.again, cases.again)
  const go = (after: string | undefined) => void navigate({ to: '.', search: { after } as never })
  return (
    <Read of={cases}>
      {({ applications }) => {
        const lines = applications?.edges.map((edge) => edge.node) ?? []
        const [only] = lines
        if (only && lines.length === 1 && !search.after && !applications?.pageInfo.hasNextPage) return <StatusOf id={only.id} />
        return (
          <div className="outside mine stack">
            <PageHead title={text('me.title')} />
            {lines.length === 0 ? (
              <Empty title={text('me.none')}>{text('me.none.help')}</Empty>
            ) : (
              <>
                <ul className="plain cards">
                  {lines.map((line) => (
                    <li key={line.id} className="card">
                      <Link to={'/me/$id' as never} params={{ id: line.id } as never} className="card-link">
                        <span className="card-title"><Ruby>{word('Product', line.product)}</Ruby></span>
                        <span lang="ja">{text('me.of', { name: line.applicantName })}</span>
                        <span className="muted small">{line.number || text('me.noNumber')}</span>
                      </Link>
                      <div className="row">
                        <Tag tone={line.openTasks.length > 0 ? 'now' : 'plain'}>{say(line.stageLabel)}</Tag>
                        {line.openTasks.length > 0 && <strong>{text('me.standing.yours')}</strong>}
                        <Money amount={line.amountYen} said />
                      </div>
                    </li>
                  ))}
                </ul>
                <Pager first={!search.after} more={applications?.pageInfo.hasNextPage ?? false} busy={cases.busy} toFirst={() => go(undefined)} on={() => go(applications?.pageInfo.endCursor ?? undefined)} />
              </>
            )}
          </div>
        )
      }}
    </Read>
  )
}
