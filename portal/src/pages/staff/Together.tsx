import { useState } from 'react'
import { ClaimTask, type QueueQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf } from '@/lib/client'
import { useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Dialog, Tag } from '@/ui'

type Line = NonNullable<QueueQuery['tasks']>['edges'][number]['node']

/** What became of a line: taken, left out before anything was sent, or refused with a reason. */
type Result = 'taken' | { refused: string }

/** Why a line is left out; null: it is free to take. */
function skipped(line: Line, role: string): 'mine' | 'claimed' | 'role' | null {
  if (line.isMine) return 'mine'
  if (line.claimedBy) return 'claimed'
  return line.role === role ? null : 'role'
}

/**
 * Takes several pieces of work: exactly those that were picked, shown beforehand with those that are left out and why; each is sent by
 * itself, and each says what became of it. Whoever was faster keeps his.
 */
export function TakeTogether({ lines, role, done }: { lines: Line[]; role: string; done: () => void }) {
  const text = useText()
  const { word } = useWords()
  const [open, setOpen] = useState(false)
  const [results, setResults] = useState<ReadonlyMap<string, Result>>(new Map())
  const [claim] = useSend(ClaimTask)
  const [busy, setBusy] = useState(false)
  const free = lines.filter((line) => skipped(line, role) === null && results.get(line.id) !== 'taken')
  const ended = results.size > 0 && !busy
  const run = async () => {
    setBusy(true)
    for (const line of free) {
      const { error } = await claim({ id: line.id })
      const trouble = error && troubleOf(error)
      const result: Result = trouble ? { refused: trouble.message ?? text(`trouble.${trouble.kind}`) } : 'taken'
      setResults((now) => new Map(now).set(line.id, result))
    }
    setBusy(false)
  }
  const close = () => {
    setOpen(false)
    if (results.size > 0) done()
    setResults(new Map())
  }
  const standing = (line: Line) => {
    const result = results.get(line.id)
    if (result === 'taken') return <Tag tone="good">{text('together.taken')}</Tag>
    if (result) return <><Tag tone="bad">{text('together.refused')}</Tag> {result.refused}</>
    const why = skipped(line, role)
    return why ? <><Tag tone="warn">{text('together.skipped')}</Tag> {text(`together.skipped.${why}`, { who: line.claimedBy ?? '' })}</> : <Tag>{text('together.will')}</Tag>
  }
  return (
    <>
      <Button size="s" disabled={lines.length === 0} onClick={() => setOpen(true)}>{text('together.open', { count: lines.length })}</Button>
      {open && (
        <Dialog
          title={text('together.title')}
          action={ended ? undefined : text('together.action', { count: free.length })}
          busy={busy}
          onSubmit={() => void run()}
          onClose={close}
        >
          <p role="status">{text(ended ? 'together.ended' : 'together.help', { count: ended ? [...results.values()].filter((one) => one === 'taken').length : free.length, skipped: lines.length - free.length })}</p>
          <DataTable
            dense
            name={text('together.title')}
            lines={lines}
            keyOf={(line) => line.id}
            columns={[
              { key: 'number', title: text('queue.number'), show: (line) => line.number },
              { key: 'task', title: text('queue.task'), show: (line) => word('Task', line.task) },
              { key: 'state', title: text('together.state'), show: standing },
            ]}
          />
        </Dialog>
      )}
    </>
  )
}
