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

/** A table with a name. `rowOf` gives the key of a line; `marked` lines stand out by more than colour. */
export function DataTable<Line>(props: {
  name: string
  columns: Column<Line>[]
  lines: Line[]
  keyOf: (line: Line) => string
  dense?: boolean
}) {
  const { name, columns, lines, keyOf, dense } = props
  return (
    // Wide tables scroll by themselves, with the keyboard too.
    <div className="table-frame" tabIndex={0} role="group" aria-label={name}>
      <table className={dense ? 'table table-dense' : 'table'}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.number ? 'number' : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={keyOf(line)}>
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
