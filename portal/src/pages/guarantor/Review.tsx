import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Review as ReviewQuery, type ReviewQuery as ReviewData } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Facts, Later, Loading, Money, Notice, PageHead, Panel, Read, Tag, WDate } from '@/ui'
import { Actions } from '../partner/Actions'
import { Gone, Tasks } from '../partner/parts'
import { useKept } from '../partner/use'
import { Answer } from './Answer'
import { Memos } from './Memos'
import { Questions } from './Questions'
import { Sent } from './Sent'
import '../partner/outside.css'
import './guarantor.css'

// Files come with what shows them, once somebody wants them.
const ReviewFiles = lazy(() => import('./ReviewFiles'))

type ReviewOf = NonNullable<ReviewData['application']>
type Offers = NonNullable<ReviewData['allowedActions']>

/** Verbs that have a form of their own on this page. */
const ANSWERS = ['approveGuarantee', 'conditionGuarantee']

/** A review: what the bank sent at the left, the decision at the right. */
export default function Review() {
  const { id } = useParams({ strict: false }) as { id: string }
  const read = useRead(ReviewQuery, { id })
  const kept = useKept(id, read.data?.application?.version ?? 0, read)
  return (
    <Read of={read}>
      {({ application, allowedActions }) =>
        application ? <Shown review={application} actions={allowedActions ?? []} done={read.again} {...kept} /> : <Gone />
      }
    </Read>
  )
}

function Shown(props: { review: ReviewOf; actions: Offers; done: () => void; setActing: (acting: boolean) => void; changed: boolean }) {
  const { review, actions, done, setActing, changed } = props
  const text = useText()
  const { say } = useWords()
  useTitle(`${review.number}｜${text('review.title')}`)
  const guarantees = review.tracks.filter((track) => track.track === 'GUAR')
  return (
    <div className="outside review stack">
      <PageHead title={review.number} />
      <div className="row">
        <span lang="ja">{review.applicantName}（{review.applicantKana}）</span>
        <Money amount={review.amountYen} said />
        {review.content && <span className="muted">{review.content.institution.bankName} {review.content.institution.branchName}</span>}
        {guarantees.map((track) => <Tag key={track.key} tone="now">{`${say(track.stateLabel)}（${track.key}）`}</Tag>)}
      </div>
      {changed && <Notice tone="warn">{text('do.changed')}</Notice>}
      <div className="review-grid">
        <div className="stack">
          {review.content && <Sent content={review.content} contentVersion={review.contentVersion} />}
          <Panel title={text('review.files')}>
            <Later title={text('review.files.show')}>
              <Suspense fallback={<Loading />}>
                <ReviewFiles id={review.id} nameOf={(partyId) => review.content?.parties.find((party) => party.partyId === partyId)?.nameKanji ?? text('review.case')} />
              </Suspense>
            </Later>
          </Panel>
        </div>
        <aside className="review-side stack" aria-label={text('review.decide')}>
          <Panel title={text('review.decide')}>
            <Tasks of={review.openTasks} />
            <Decide review={review} actions={actions} done={done} setActing={setActing} />
          </Panel>
          <Memos key={review.id} id={review.id} />
          <Questions of={review.guaranteeQuestions} />
          <Earlier of={review.guarantees} />
        </aside>
      </div>
    </div>
  )
}

/** The kinds of answer as buttons, and the form of the one that is chosen. */
function Decide({ review, actions, done, setActing }: { review: ReviewOf; actions: Offers; done: () => void; setActing: (acting: boolean) => void }) {
  const text = useText()
  const { say } = useWords()
  const [verb, setVerb] = useState<string | null>(null)
  const [was, setWas] = useState<string | null>(null)
  const choose = (chosen: string | null) => {
    setVerb(chosen)
    setActing(chosen !== null)
    setWas(null)
  }
  const answers = actions.filter((action) => ANSWERS.includes(action.verb))
  const others = actions.filter((action) => !ANSWERS.includes(action.verb))
  const latest = review.guarantees.at(-1)
  // A decision that is no longer possible loses its form.
  const chosen = answers.find((action) => action.verb === verb && action.enabled)
  return (
    <>
      {was && <Notice tone="good">{text('do.done', { what: was })}</Notice>}
      {actions.length === 0 && <p className="muted">{text('review.nothing')}</p>}
      {answers.length > 0 && (
        <div className="review-answers" role="group" aria-label={text('review.kind')}>
          {answers.map((action) => (
            <Button key={action.row} wide disabled={!action.enabled} aria-pressed={action.verb === verb} variant={action.verb === verb ? 'primary' : 'secondary'} onClick={() => choose(action.verb === verb ? null : action.verb)}>
              {say(action.label)}
            </Button>
          ))}
        </div>
      )}
      {chosen && (
        <Answer
          key={chosen.verb}
          id={review.id}
          version={review.version}
          loans={review.content?.loans ?? []}
          earlier={latest}
          conditions={latest?.conditions ?? []}
          conditional={chosen.verb === 'conditionGuarantee'}
          done={() => {
            choose(null)
            setWas(say(chosen.label))
            done()
          }}
        />
      )}
      <Actions actions={others} id={review.id} version={review.version} about={review.number} nameOf={(action) => say(action.label)} done={done} setActing={setActing} quiet />
    </>
  )
}

/** What was decided for earlier versions of the content, as the bank sees it. */
function Earlier({ of }: { of: ReviewOf['guarantees'] }) {
  const text = useText()
  return (
    <Panel title={text('review.earlier')}>
      {of.length === 0 && <p className="muted">{text('review.earlier.none')}</p>}
      {of.map((guarantee) => (
        <div key={`${guarantee.contentVersion} ${guarantee.guaranteeNumber}`} className="tight">
          <h3>{text('review.version', { version: guarantee.contentVersion })}</h3>
          <Facts
            of={[
              [text('review.number'), guarantee.guaranteeNumber],
              [text('review.amount'), <Money key="a" amount={guarantee.amountYen} said />],
              [text('review.term'), `${guarantee.termMonths}${text('review.months')}`],
              [text('review.valid'), <WDate key="v" day={guarantee.validUntil} weekday />],
            ]}
          />
          <DataTable
            dense
            name={text('review.fees')}
            lines={guarantee.loans}
            keyOf={(loan) => String(loan.loanNo)}
            columns={[
              { key: 'no', title: text('review.loan'), number: true, show: (loan) => loan.loanNo },
              { key: 'rate', title: text('review.rate'), number: true, show: (loan) => (loan.monthlyRatePercent ? `${loan.monthlyRatePercent}%` : '—') },
              { key: 'sum', title: text('review.lumpSum'), number: true, show: (loan) => (loan.lumpSumFeeYen === null ? '—' : <Money amount={loan.lumpSumFeeYen} />) },
            ]}
          />
          {guarantee.conditions.length > 0 && <ul>{guarantee.conditions.map((condition) => <li key={condition}>{condition}</li>)}</ul>}
        </div>
      ))}
    </Panel>
  )
}
