import { useState } from 'react'
import type { AnyVariables } from 'urql'
import { useText } from '@/i18n'
import type { Trouble } from '@/lib/client'
import { LINES_MOST, useEvery } from '@/lib/every'
import { csv, save } from '@/lib/file'
import type { Operation } from '@/lib/operation'
import { Button, Notice, TroubleView } from '@/ui'

type Cell = string | number

/**
 * Saves a list as a file for spreadsheets: every line that the filters leave, not only those of the page, up to a cap that is said. Days
 * are written as the calendar of the world has them. The file's name says nothing of what was searched for.
 */
export function Csv<Data, Variables extends AnyVariables, Line>(props: {
  operation: Operation<Data, Variables>
  variables: Omit<Variables & object, 'after'>
  of: (data: Data) => { edges: { node: Line }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null
  name: string
  head: string[]
  cells: (line: Line) => Cell[]
}) {
  const { operation, variables, of, name, head, cells } = props
  const text = useText()
  const [every, reading] = useEvery(operation, of)
  const [said, setSaid] = useState<{ count: number; cut: boolean } | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const run = async () => {
    setSaid(null)
    setTrouble(null)
    const read = await every(variables)
    if ('trouble' in read) return setTrouble(read.trouble)
    save(name, csv(head, read.lines.map(cells)))
    setSaid({ count: read.lines.length, cut: read.cut })
  }
  return (
    <div className="csv no-print">
      <Button size="s" loading={reading} onClick={() => void run()}>{text('csv.save')}</Button>
      {said && <Notice tone={said.cut ? 'warn' : 'good'}>{text(said.cut ? 'csv.cut' : 'csv.done', { count: said.count, most: LINES_MOST })}</Notice>}
      {trouble && <TroubleView trouble={trouble} again={() => void run()} />}
    </div>
  )
}
