import type { FieldChange } from './diff'

/** A line of the comparison: what a field was, what was entered here, and what somebody else made of it. */
export interface Compared {
  path: string
  before: unknown
  mine: unknown
  now: unknown
  /** Both changed it, differently: somebody has to choose. */
  clash: boolean
}

/**
 * Compares what was entered with what changed meanwhile. `mine` are the entered values by path. Several changes of one field in a
 * row count as one, from the first value to the last.
 */
export function compared(changes: FieldChange[], mine: Record<string, unknown>): Compared[] {
  const theirs = new Map<string, FieldChange>()
  for (const change of changes) {
    const earlier = theirs.get(change.path)
    theirs.set(change.path, { path: change.path, before: earlier ? earlier.before : change.before, after: change.after })
  }
  const lines: Compared[] = [...theirs.values()].map(({ path, before, after }) => {
    const entered = Object.entries(mine).find(([name]) => name === path || path.endsWith(`.${name}`))
    const value = entered?.[1]
    const clash = entered !== undefined && !isSame(value, after) && !isSame(value, before)
    return { path, before, mine: entered ? value : undefined, now: after, clash }
  })
  return lines.sort((one, other) => Number(other.clash) - Number(one.clash))
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}
