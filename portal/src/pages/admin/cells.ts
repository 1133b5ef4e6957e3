import { narrow } from '@/lib/text'

/** A cell of the guarantor's table. */
export interface Cell {
  termYears: number
  elapsedYears: number
  percent: string
}

/** Cells as they are typed or pasted, one a line: years of the term, years gone, percent. `null` where a line is none. */
export function cellsOf(typed: string): Cell[] | null {
  const lines = narrow(typed).split('\n').map((line) => line.trim()).filter(Boolean)
  const cells = lines.map((line) => {
    const found = /^(\d{1,2})[\s,]+(\d{1,2})[\s,]+(\d{1,3}(?:\.\d{1,3})?)$/.exec(line)
    return found ? { termYears: Number(found[1]), elapsedYears: Number(found[2]), percent: found[3] ?? '' } : null
  })
  return cells.some((cell) => cell === null) ? null : (cells as Cell[])
}
