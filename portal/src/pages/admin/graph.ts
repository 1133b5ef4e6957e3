import { Graph, layout } from '@dagrejs/dagre'

/** A row of the table, as far as a picture needs it. */
export interface TableRow {
  id: string
  from: string[]
  to?: string | null
}

/** A way from stage to stage, with the rows that take it. */
export interface Way {
  from: string
  to: string
  rows: string[]
}

/** A stage in the picture: its middle. */
export interface Spot {
  stage: string
  x: number
  y: number
}

/** The picture of the stages. */
export interface Picture {
  width: number
  height: number
  spots: Spot[]
  lines: (Way & { points: { x: number; y: number }[] })[]
}

/** Size of a stage in the picture. */
export const [BOX_WIDTH, BOX_HEIGHT] = [118, 40]

/** Stages in which a case has ended. */
export const ENDS: ReadonlySet<string> = new Set(['DISCARDED', 'DECLINED', 'APPROVAL_RESCINDED', 'APPROVAL_EXPIRED', 'WITHDRAWN', 'CONTRACT_TERMINATED', 'DRAWINGS_REPAID', 'HANDED_OVER'])

/** The end that a loan is meant to come to. */
const AIM = 'HANDED_OVER'

/** Is this row one of the main stage? Tracks name themselves before a colon; facts lead nowhere. */
export function isMain(row: TableRow): boolean {
  return Boolean(row.to) && !row.to?.includes(':')
}

/** The ways between stages, each once, in the order of the table. Ways that stay where they are have no line. */
export function waysOf(rows: TableRow[]): Way[] {
  const ways = new Map<string, Way>()
  for (const row of rows.filter(isMain)) {
    for (const from of row.from) {
      if (!row.to || from === row.to) continue
      const way = ways.get(`${from} ${row.to}`) ?? { from, to: row.to, rows: [] }
      way.rows.push(row.id)
      ways.set(`${from} ${row.to}`, way)
    }
  }
  return [...ways.values()]
}

/** The ways that are drawn: those to an end which is not the aim are many and say little, unless they are asked for or were taken. */
export function drawn(ways: Way[], ends: boolean, taken: ReadonlySet<string>): Way[] {
  return ways.filter((way) => ends || way.to === AIM || !ENDS.has(way.to) || taken.has(`${way.from} ${way.to}`))
}

/** The way that a case took: the stages in their order, from the rows of its entries. Each step is `from to`. */
export function pathTaken(rows: TableRow[], taken: string[]): { steps: string[]; visited: string[] } {
  const known = new Map(rows.filter(isMain).map((row) => [row.id, row]))
  const [steps, visited] = [[] as string[], ['DRAFT']]
  for (const id of taken) {
    const row = known.get(id)
    const now = visited.at(-1) ?? ''
    if (!row?.to || row.to === now || !row.from.includes(now)) continue
    steps.push(`${now} ${row.to}`)
    visited.push(row.to)
  }
  return { steps, visited }
}

/** Where everything stands. */
export function pictureOf(ways: Way[]): Picture {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 10, ranksep: 32, marginx: 12, marginy: 12 })
  graph.setDefaultEdgeLabel(() => ({}))
  const stages = [...new Set(ways.flatMap((way) => [way.from, way.to]))]
  for (const stage of stages) graph.setNode(stage, { width: BOX_WIDTH, height: BOX_HEIGHT })
  for (const way of ways) graph.setEdge(way.from, way.to, {})
  layout(graph)
  const size = graph.graph() as { width?: number; height?: number }
  return {
    width: Math.ceil(size.width ?? 0),
    height: Math.ceil(size.height ?? 0),
    spots: stages.map((stage) => {
      const { x, y } = graph.node(stage) as { x: number; y: number }
      return { stage, x, y }
    }),
    lines: ways.map((way) => ({ ...way, points: (graph.edge(way.from, way.to) as { points: { x: number; y: number }[] }).points })),
  }
}

/** A line through points as the path of an SVG. */
export function pathOf(points: { x: number; y: number }[]): string {
  return points.map(({ x, y }, place) => `${place === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ')
}

/** The words of a stage as they fit into its box: long ones in Latin letters take two lines. */
export function folded(words: string): string[] {
  if (words.length <= 14) return [words]
  const middle = words.length / 2
  const spaces = [...words].flatMap((sign, place) => (sign === ' ' ? [place] : []))
  const [fold] = spaces.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))
  return fold === undefined ? [words] : [words.slice(0, fold), words.slice(fold + 1)]
}
