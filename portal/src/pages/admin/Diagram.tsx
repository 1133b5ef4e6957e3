import { useMemo, type KeyboardEvent } from 'react'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { BOX_HEIGHT, BOX_WIDTH, folded, pathOf, pictureOf, type Way } from './graph'
import './workflow.css'

/** The stages and the ways between them. Each stage can be reached with the keyboard and chosen; the list beside it says the same in words. */
export function Diagram(props: { ways: Way[]; taken: ReadonlySet<string>; visited: ReadonlySet<string>; now: string | null; chosen: string | null; choose: (stage: string) => void }) {
  const { ways, taken, visited, now, chosen, choose } = props
  const text = useText()
  const { word } = useWords()
  const picture = useMemo(() => pictureOf(ways), [ways])
  const press = (event: KeyboardEvent, stage: string) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    choose(stage)
  }
  const stateOf = (stage: string) => (stage === now ? 'now' : visited.has(stage) ? 'visited' : 'plain')
  const spoken = (stage: string) => {
    const state = stateOf(stage)
    const leads = ways.filter((way) => way.from === stage).map((way) => word('Stage', way.to))
    const next = leads.length > 0 ? text('workflow.leads', { to: leads.join('、') }) : text('workflow.leads.nowhere')
    return `${word('Stage', stage)}${state === 'plain' ? '' : text(`workflow.state.${state}`)}：${next}`
  }
  return (
    <div className="diagram" tabIndex={0} role="region" aria-label={text('workflow.diagram')}>
      <svg role="group" aria-label={text('workflow.diagram.said', { stages: picture.spots.length, ways: ways.length })} width={picture.width} height={picture.height} viewBox={`0 0 ${picture.width} ${picture.height}`}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" className="way-head" /></marker>
          <marker id="arrow-taken" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 8 4 0 8z" className="way-head-taken" /></marker>
        </defs>
        {[...picture.lines].sort((one, other) => Number(isTaken(one, taken)) - Number(isTaken(other, taken))).map((line) => {
          const was = isTaken(line, taken)
          const near = chosen === line.from || chosen === line.to
          return <path key={`${line.from} ${line.to}`} d={pathOf(line.points)} className={`way${was ? ' way-taken' : ''}${near ? ' way-near' : ''}`} markerEnd={was ? 'url(#arrow-taken)' : 'url(#arrow)'} />
        })}
        {picture.spots.map(({ stage, x, y }) => (
          <g
            key={stage}
            role="button"
            tabIndex={0}
            aria-pressed={stage === chosen}
            aria-label={spoken(stage)}
            className={`spot spot-${stateOf(stage)}${stage === chosen ? ' spot-chosen' : ''}`}
            transform={`translate(${x - BOX_WIDTH / 2} ${y - BOX_HEIGHT / 2})`}
            onClick={() => choose(stage)}
            onKeyDown={(event) => press(event, stage)}
          >
            <rect width={BOX_WIDTH} height={BOX_HEIGHT} rx="6" />
            <Words mark={stateOf(stage) === 'visited' ? '✓ ' : stateOf(stage) === 'now' ? '● ' : ''} lines={folded(word('Stage', stage))} />
          </g>
        ))}
      </svg>
    </div>
  )
}

/** The words in the middle of their box, with the space at which they are folded: they are the name of the box. */
function Words({ mark, lines }: { mark: string; lines: string[] }) {
  return (
    <text className={lines.length > 1 ? 'spot-long' : undefined} x={BOX_WIDTH / 2} y={BOX_HEIGHT / 2}>
      {lines.map((line, place) => (
        <tspan key={line} x={BOX_WIDTH / 2} dy={place > 0 ? '1.15em' : lines.length > 1 ? '-0.55em' : undefined}>{place === 0 ? mark : ''}{line}{place < lines.length - 1 ? ' ' : ''}</tspan>
      ))}
    </text>
  )
}

function isTaken(way: Way, taken: ReadonlySet<string>): boolean {
  return taken.has(`${way.from} ${way.to}`)
}
