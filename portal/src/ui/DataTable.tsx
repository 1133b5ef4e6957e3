import type { ReactNode } from 'react'
import { useText } from '@/i18n'
import { Button } from './kit'
import './table.css'

/** A column: its heading and what it shows of a line. */
export interface Column<Line> {
  key: string
  title: string
  show: (line: Line) => ReactNode
  /** Figures stand to the right. */
  number?: boolean
}

/** Lines that are picked for something to be done with them together. `nameOf` says a line's box to those who hear the page. */
export interface Picks<Line> {
  picked: ReadonlySet<string>
  set: (picked: ReadonlySet<string>) => void
  nameOf: (line: Line) => string
}

/** A table with a name. `keyOf` gives the key of a line; with `picks`, each has a box to pick it. */
export function DataTable<Line>(props: {
  name: string
  columns: Column<Line>[]
  lines: Line[]
  keyOf: (line: Line) => string
  dense?: boolean
  /** Head and first column stay in sight while the table scrolls. */
  sticky?: boolean
  picks?: Picks<Line>
}) {
  const { name, columns, lines, keyOf, dense, sticky, picks } = props
  const text = useText()
  const picked = picks ? lines.filter((line) => picks.picked.has(keyOf(line))).length : 0
  const toggle = (key: string, on: boolean) => {
    if (!picks) return
    const next = new Set(picks.picked)
    if (on) next.add(key)
    else next.delete(key)
    picks.set(next)
  }
  return (
    // Wide tables scroll by themselves, with the keyboard too.
    <div className={sticky ? 'table-frame table-frame-sticky' : 'table-frame'} tabIndex={0} role="group" aria-label={name}>
      <table className={dense ? 'table table-dense' : 'table'}>
        <thead>
          <tr>
            {picks && (
              <th scope="col" className="pick">
                <input
                  type="checkbox"
                  aria-label={text('table.pickAll')}
                  checked={picked > 0 && picked === lines.length}
                  ref={(box) => {
                    if (box) box.indeterminate = picked > 0 && picked < lines.length
                  }}
                  onChange={(event) => picks.set(new Set(event.target.checked ? lines.map(keyOf) : []))}
                />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.number ? 'number' : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={keyOf(line)} className={picks?.picked.has(keyOf(line)) ? 'picked' : undefined}>
              {picks && (
                <td className="pick">
                  <input type="checkbox" aria-label={picks.nameOf(line)} checked={picks.picked.has(keyOf(line))} onChange={(event) => toggle(keyOf(line), event.target.checked)} />
                </td>
              )}
              {columns.map((column) => (
                <td key={column.key} className={column.number ? 'number' : undefined}>
                  {column.show(line)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Pages that follow each other by cursors: back to the first one, and on. */
export function Pager(props: { first: boolean; more: boolean; toFirst: () => void; on: () => void; busy?: boolean }) {
  const text = useText()
  if (props.first && !props.more) return null
  return (
    <nav className="pager" aria-label={text('pager.name')}>
      <Button onClick={props.toFirst} disabled={props.first}>{text('pager.first')}</Button>
      <Button onClick={props.on} disabled={!props.more} loading={props.busy}>{text('pager.next')}</Button>
    </nav>
  )
}
