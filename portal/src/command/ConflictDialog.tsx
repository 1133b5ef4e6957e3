import { useState } from 'react'
import { Timeline } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useRead, useSeat, type Reading } from '@/lib/use'
import { Dialog, Instant, Notice, Read } from '@/ui'
import { usePathName, useValueText } from './diff'
import { compared, type Compared } from './merge'

/** Which of two values counts, by path. */
export type Chosen = Record<string, 'mine' | 'now'>

interface Props {
  by: string | null
  at: string
  busy: boolean
  onResend: (chosen: Chosen, lines: Compared[]) => void
  onClose: () => void
}

/** The conflict of an action, for roles that read the history and for those that do not. */
export function CommandConflict(props: Props & { id: string; base: number; mine: Record<string, unknown> }) {
  const { session } = useSeat()
  return Timeline.texts.has(session.role) ? <HistoryConflict {...props} /> : <PlainConflict {...props} />
}

/** Somebody was faster, and one may not see with what: the present state comes first, then one's own step again. */
function PlainConflict({ at, onClose }: Props) {
  const text = useText()
  return (
    <Dialog title={text('conflict.title')} onClose={onClose}>
      <Notice tone="warn"><Instant at={at} /></Notice>
      <p>{text('conflict.reload')}</p>
    </Dialog>
  )
}

/** What changed since `base` comes from the history, what was entered by name or path from `mine`. */
function HistoryConflict({ id, base, mine, ...shared }: Props & { id: string; base: number; mine: Record<string, unknown> }) {
  const read = useRead(Timeline, { id, first: SIZES.Timeline, after: String(base) })
  const changes = read.data?.timeline?.edges.flatMap((edge) => edge.node.changes) ?? []
  return <ConflictDialog {...shared} read={read} lines={compared(changes, mine)} />
}

/**
 * Somebody was faster: what it was, what was entered here, and what it is now, side by side. Nothing is sent before each field that both
 * changed has been chosen.
 */
export function ConflictDialog({ by, at, busy, onResend, onClose, read, lines }: Props & { read: Reading<unknown>; lines: Compared[] }) {
  const text = useText()
  const [chosen, setChosen] = useState<Chosen>({})
  const open = lines.filter((line) => line.clash && !chosen[line.path])
  return (
    <Dialog
      wide
      title={text('conflict.title')}
      action={open.length === 0 && read.data ? text('conflict.resend') : undefined}
      busy={busy}
      onSubmit={() => onResend(chosen, lines)}
      onClose={onClose}
    >
      <Notice tone="warn">
        <span>{text('conflict.who', { by: by ?? text('conflict.somebody') })}</span> <Instant at={at} />
      </Notice>
      <p>{text(open.length > 0 ? 'conflict.choose' : 'conflict.help')}</p>
      <Read of={read}>{() => <Comparison lines={lines} chosen={chosen} choose={(path, which) => setChosen({ ...chosen, [path]: which })} />}</Read>
    </Dialog>
  )
}

function Comparison({ lines, chosen, choose }: { lines: Compared[]; chosen: Chosen; choose: (path: string, which: 'mine' | 'now') => void }) {
  const text = useText()
  const pathName = usePathName()
  const valueText = useValueText()
  const option = (line: Compared, which: 'mine' | 'now') => (
    <label className="row">
      <input type="radio" name={line.path} checked={chosen[line.path] === which} onChange={() => choose(line.path, which)} />
      {valueText(line.path, line[which])}
    </label>
  )
  return (
    <table className="compare">
      <thead>
        <tr>
          <th scope="col">{text('diff.field')}</th>
          <th scope="col">{text('conflict.base')}</th>
          <th scope="col">{text('conflict.mine')}</th>
          <th scope="col">{text('conflict.now')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.path} data-clash={line.clash}>
            <th scope="row">{pathName(line.path)}</th>
            <td>{valueText(line.path, line.before)}</td>
            <td>{line.clash ? option(line, 'mine') : line.mine === undefined ? '—' : valueText(line.path, line.mine)}</td>
            <td>{line.clash ? option(line, 'now') : valueText(line.path, line.now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
