import { Stages, type Role, type StagesQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Empty, PageHead, Panel, Read, type Column } from '@/ui'
import { AsOf } from './AsOf'
import { Bars } from './Bars'
import { BranchFilter, useBranch } from './BranchFilter'
import { Days, Overdue, StageLink } from './Board'
import { agesOf, sideOf, waitingBySide, type Side } from './figures'
import './manager.css'

type Figure = NonNullable<StagesQuery['stageFigures']>['stages'][number]

/** How long open cases have stood in their stages, and for whom they wait. */
export default function Ageing() {
  const text = useText()
  const branch = useBranch()
  const read = useRead(Stages, { branch: branch ?? null })
  useTitle(text('sla.title'))
  return (
    <div className="stack">
      <PageHead title={text('sla.title')}>
        <Button loading={read.busy && read.data !== undefined} onClick={read.again}>{text('figures.again')}</Button>
      </PageHead>
      <p className="muted">{text('sla.help')}</p>
      <BranchFilter />
      <Read of={read}>
        {({ stageFigures: figures }) =>
          !figures || figures.stages.length === 0 ? (
            <Empty title={text(branch ? 'branch.empty' : 'board.empty')}>{text(branch ? 'branch.empty.help' : 'board.empty.help')}</Empty>
          ) : (
            <>
              <AsOf figures={figures} />
              <ByAge stages={figures.stages} />
              <BySide stages={figures.stages} />
            </>
          )
        }
      </Read>
    </div>
  )
}

function ByAge({ stages }: { stages: Figure[] }) {
  const text = useText()
  const { say } = useWords()
  const name = (age: { from: number; to?: number | null }) =>
    age.to === null || age.to === undefined ? text('sla.age.over', { from: age.from }) : text('sla.age', { from: age.from, to: age.to })
  const bars = stages.map((stage) => ({
    key: stage.stage,
    title: say(stage.label),
    parts: stage.ages.map((age) => ({ key: String(age.from), title: name(age), value: age.cases })),
  }))
  const { all, oldest } = agesOf(stages)
  const said = text('sla.said', { all, oldest, from: stages[0]?.ages.at(-1)?.from ?? 0 })
  const columns: Column<Figure>[] = [
    { key: 'stage', title: text('figures.stage'), show: (line) => <StageLink stage={line.stage}>{say(line.label)}</StageLink> },
    ...(stages[0]?.ages ?? []).map((age, place): Column<Figure> => ({
      key: String(age.from),
      title: name(age),
      number: true,
      show: (line) => line.ages[place]?.cases ?? 0,
    })),
    { key: 'median', title: text('figures.median'), number: true, show: (line) => <Days days={line.medianAge} /> },
    { key: 'ninetieth', title: text('figures.ninetieth'), number: true, show: (line) => <Days days={line.ninetiethAge} /> },
    { key: 'overdue', title: text('figures.overdue'), number: true, show: (line) => <Overdue count={line.overdue} /> },
  ]
  return (
    <Panel title={text('sla.byAge')}>
      <Bars said={said} bars={bars} />
      <DataTable name={text('sla.byAge')} columns={columns} lines={stages} keyOf={(line) => line.stage} dense />
    </Panel>
  )
}

function BySide({ stages }: { stages: Figure[] }) {
  const text = useText()
  const { say, word } = useWords()
  const sides = waitingBySide(stages)
  const columns: Column<Figure>[] = [
    { key: 'stage', title: text('figures.stage'), show: (line) => <StageLink stage={line.stage}>{say(line.label)}</StageLink> },
    ...sides.map((side): Column<Figure> => ({
      key: side,
      title: text(`sla.side.${side}`),
      show: (line) => <Waiting of={line.waitingOn.filter((one) => sideOf(one.role) === side)} name={(role) => word('Role', role)} side={side} />,
    })),
  ]
  return (
    <Panel title={text('sla.waitingOn')}>
      <p className="muted small">{text('sla.waitingOn.help')}</p>
      {sides.length === 0 ? <Empty title={text('sla.waitingOn.none')} /> : <DataTable name={text('sla.waitingOn')} columns={columns} lines={stages} keyOf={(line) => line.stage} dense />}
    </Panel>
  )
}

function Waiting({ of, name, side }: { of: { role: Role; cases: number; overdue: number }[]; name: (role: string) => string; side: Side }) {
  const text = useText()
  if (of.length === 0) return <span className="muted">—</span>
  return (
    <ul className="plain">
      {of.map((one) => (
        <li key={one.role} className="row small">
          {side === 'bank' || side === 'others' ? `${name(one.role)} ` : ''}
          {text('figures.count', { count: one.cases })}
          {one.overdue > 0 && <Overdue count={one.overdue} />}
        </li>
      ))}
    </ul>
  )
}
