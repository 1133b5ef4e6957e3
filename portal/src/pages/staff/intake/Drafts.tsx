import { useState } from 'react'
import { DiscardIntakeDraft, type IntakeDraftsQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSend } from '@/lib/use'
import { Button, Dialog, Instant, Notice, Panel, TroubleView } from '@/ui'
import type { Standing } from './useKept'

type Line = NonNullable<IntakeDraftsQuery['intakeDrafts']>['edges'][number]['node']

/** What one has begun and not handed over: to go on with, or to discard. */
export function Drafts({ lines, busy, open, again }: { lines: Line[]; busy: boolean; open: (id: string) => void; again: () => void }) {
  const text = useText()
  const [leaving, setLeaving] = useState<Line | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [discard, discarding] = useSend(DiscardIntakeDraft)
  const name = (line: Line) => line.applicantName ?? text('drafts.noName')
  const run = async (line: Line) => {
    const { error } = await discard({ id: line.id })
    const found = error ? troubleOf(error) : null
    // One that is gone already is what was wanted.
    if (found && found.kind !== 'hidden') return setTrouble(found)
    setTrouble(null)
    setLeaving(null)
    again()
  }
  return (
    <Panel title={text('drafts.title', { count: lines.length })}>
      <p className="muted small">{text('drafts.help')}</p>
      <ul className="plain tight">
        {lines.map((line) => (
          <li key={line.id} className="spread">
            <span className="row">
              <strong lang="ja">{name(line)}</strong>
              <span className="small">{text('drafts.savedAt')} <Instant at={line.savedAt} /></span>
              <span className="muted small">{text('drafts.until')} <Instant at={line.forgottenAt} /></span>
            </span>
            <span className="row">
              <Button size="s" loading={busy} onClick={() => open(line.id)} aria-label={text('drafts.open.of', { name: name(line) })}>{text('drafts.open')}</Button>
              <Button size="s" onClick={() => setLeaving(line)} aria-label={text('drafts.discard.of', { name: name(line) })}>{text('drafts.discard')}</Button>
            </span>
          </li>
        ))}
      </ul>
      {leaving && (
        <Dialog title={text('drafts.discard.title')} danger action={text('drafts.discard')} busy={discarding} onSubmit={() => void run(leaving)} onClose={() => setLeaving(null)}>
          <p>{text('drafts.discard.help', { name: name(leaving) })}</p>
          {trouble && <TroubleView trouble={trouble} />}
        </Dialog>
      )}
    </Panel>
  )
}

/** How what was typed stands: said as it is, also where it is on this page alone. */
export function KeptLine({ standing, again, theirs, insist }: { standing: Standing; again: () => void; theirs: (id: string) => void; insist: () => void }) {
  const text = useText()
  switch (standing.kind) {
    case 'nothing':
      return null
    case 'saving':
      return <p className="muted small" role="status">{text('drafts.saving')}</p>
    case 'saved':
      return <p className="muted small" role="status">{text('drafts.saved')} <Instant at={standing.at} /></p>
    case 'failed':
      return (
        <Notice tone="bad">
          <span>{text(standing.trouble.kind === 'offline' ? 'drafts.offline' : 'drafts.failed')} {standing.trouble.kind === 'failed' && standing.trouble.message}</span>{' '}
          <Button size="s" onClick={again}>{text('drafts.again')}</Button>
        </Notice>
      )
    case 'changed':
      return (
        <Notice tone="warn">
          <span>{text('drafts.changed')} <Instant at={standing.theirs.savedAt} /></span>{' '}
          <span className="row">
            <Button size="s" onClick={() => theirs(standing.theirs.id)}>{text('drafts.theirs')}</Button>
            <Button size="s" onClick={insist}>{text('drafts.mine')}</Button>
          </span>
        </Notice>
      )
    case 'gone':
      return (
        <Notice tone="warn">
          <span>{text('drafts.gone')}</span>{' '}
          <Button size="s" onClick={insist}>{text('drafts.anew')}</Button>
        </Notice>
      )
  }
}
