import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { LaneCards, Stages, type Stage, type StagesQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { CaseLink } from '@/pages/staff/Queue'
import { Button, DataTable, Empty, Money, PageHead, Read, Tabs, TroubleView, Warning, WDate, type Column } from '@/ui'
import { AsOf } from './AsOf'
import { BranchFilter, useBranch } from './BranchFilter'
import type { FigureSearch } from './index'
import { askedOf, cardsOf, inGroups, type Card } from './lanes'
import './manager.css'

type Figure = NonNullable<StagesQuery['stageFigures']>['stages'][number]

/** Every open case by stage. Cases are not moved here: what moves them stands on their own pages. */
export default function Board() {
  const text = useText()
  const search = useSearch({ strict: false }) as FigureSearch
  const branch = useBranch()
  const read = useRead(Stages, { branch: branch ?? null })
  const asTable = search.tab === 'table'
  useTitle(text('board.title'))
  const tabs = [
    { key: 'board', title: text('board.asBoard') },
    { key: 'table', title: text('board.asTable') },
  ]
  return (
    <div className="stack">
      <PageHead title={text('board.title')}>
        <Button loading={read.busy && read.data !== undefined} onClick={read.again}>{text('figures.again')}</Button>
      </PageHead>
      <BranchFilter />
      <Tabs name={text('board.views')} tabs={tabs} current={asTable ? 'table' : 'board'} keep={{ branch }} />
      <Read of={read}>
        {({ stageFigures: figures }) =>
          !figures || figures.stages.length === 0 ? (
            <Empty title={text(branch ? 'branch.empty' : 'board.empty')}>{text(branch ? 'branch.empty.help' : 'board.empty.help')}</Empty>
          ) : (
            <>
              <AsOf figures={figures} />
              {asTable ? <StageTable stages={figures.stages} /> : <Lanes key={branch} stages={figures.stages} />}
            </>
          )
        }
      </Read>
    </div>
  )
}

function StageTable({ stages }: { stages: Figure[] }) {
  const text = useText()
  const { say } = useWords()
  const columns: Column<Figure>[] = [
    { key: 'stage', title: text('figures.stage'), show: (line) => <StageLink stage={line.stage}>{say(line.label)}</StageLink> },
    { key: 'cases', title: text('figures.cases'), number: true, show: (line) => text('figures.count', { count: line.cases }) },
    { key: 'amount', title: text('figures.amount'), number: true, show: (line) => <Money amount={line.amountYen} /> },
    { key: 'overdue', title: text('figures.overdue'), number: true, show: (line) => <Overdue count={line.overdue} /> },
    { key: 'median', title: text('figures.median'), number: true, show: (line) => <Days days={line.medianAge} /> },
  ]
  return <DataTable name={text('board.title')} columns={columns} lines={stages} keyOf={(line) => line.stage} />
}

/** The first lanes come with their cards; those of further ones are read once somebody wants them. */
function Lanes({ stages }: { stages: Figure[] }) {
  const text = useText()
  const [wanted, setWanted] = useState(1)
  const groups = inGroups(stages)
  return (
    <>
      <div className="lanes" tabIndex={0} role="region" aria-label={text('board.lanes')}>
        {groups.map((group, place) => (
          <Group key={group[0]?.stage} figures={group} wanted={place < wanted} />
        ))}
      </div>
      {wanted < groups.length && <div><Button size="s" onClick={() => setWanted(wanted + 1)}>{text('board.further')}</Button></div>}
    </>
  )
}

function Group({ figures, wanted }: { figures: Figure[]; wanted: boolean }) {
  const stages = figures.map((figure) => figure.stage)
  const read = useRead(LaneCards, askedOf(stages, SIZES.LaneCards, useBranch()), !wanted)
  const cards = read.data && cardsOf(stages, read.data)
  return (
    <>
      {read.trouble && <TroubleView trouble={read.trouble} again={read.again} />}
      {figures.map((figure) => (
        <Lane key={figure.stage} figure={figure} cards={cards?.get(figure.stage)} />
      ))}
    </>
  )
}

function Lane({ figure, cards }: { figure: Figure; cards: Card[] | undefined }) {
  const text = useText()
  const { say, word } = useWords()
  const more = figure.cases - (cards?.length ?? 0)
  return (
    <section className="lane" aria-label={say(figure.label)}>
      <div className="lane-head">
        <h2>{say(figure.label)}</h2>
        <p className="row">
          <strong>{text('figures.count', { count: figure.cases })}</strong>
          <Overdue count={figure.overdue} />
        </p>
        <p className="muted small"><Money amount={figure.amountYen} /></p>
      </div>
      <ul className="plain tight">
        {cards?.map((node) => (
          <li key={node.id} className="lane-card">
            <CaseLink id={node.id} number={node.number} />
            {node.applicantName && <span lang="ja">{node.applicantName}</span>}
            <span className="small">{word('Product', node.product)}</span>
            <span className="spread small">
              <Money amount={node.amountYen} />
              <WDate day={node.plannedDate} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <StageLink stage={figure.stage}>{text('board.more', { count: more })}</StageLink>}
    </section>
  )
}

/** Leads to the list of the cases of a stage, and of the branch that the page shows. */
export function StageLink({ stage, children }: { stage: Stage; children: string }) {
  const branch = useBranch()
  return <Link to={'/applications' as never} search={{ stage, branch } as never}>{children}</Link>
}

/** How many are overdue: a sign and words beside the colour. */
export function Overdue({ count }: { count: number }) {
  const text = useText()
  if (count === 0) return <span className="muted">{text('figures.overdue.none')}</span>
  return <span className="left left-over"><Warning />{text('figures.overdue.count', { count })}</span>
}

/** Business days; a dash where there are none. */
export function Days({ days }: { days: number | null | undefined }) {
  const text = useText()
  return <>{days === null || days === undefined ? '—' : text('figures.days', { days })}</>
}
