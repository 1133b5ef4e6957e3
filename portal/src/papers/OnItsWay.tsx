import { useLocale, useText } from '@/i18n'
import { half } from '@/lib/upload'
import { Button, Notice, Tag } from '@/ui'
import { sizeText } from './lines'
import type { Sending, useUploads } from './useUploads'

/** A file on its way: how far it is, what broke off, what was refused and why. */
export function OnItsWay({ one, uploads, small }: { one: Sending; uploads: ReturnType<typeof useUploads>; small: boolean }) {
  const text = useText()
  const locale = useLocale()
  const size = small ? 's' : undefined
  const about = { name: one.file.name }
  const going = one.state === 'turn' || one.state === 'sending'
  return (
    <div className="paper-on-its-way">
      <span className="row">
        {one.state === 'attached' && <Tag tone="good">{text('papers.sent.attached')}</Tag>}
        {one.state === 'waiting' && <Tag tone="now">{text('papers.sent.waiting')}</Tag>}
        {one.state === 'broken' && <Tag tone="warn">{text('papers.sent.broken')}</Tag>}
        {(one.state === 'refused' || one.state === 'over') && <Tag tone="bad">{text('papers.sent.refused')}</Tag>}
        <span lang="ja">{one.file.name}</span>
        <span className="muted small">{text('papers.sent.far', { received: sizeText(one.received), bytes: sizeText(one.file.size) })}</span>
      </span>
      {(going || one.state === 'broken') && <progress value={one.received} max={one.file.size} aria-label={text('papers.sent.progress', about)} />}
      {one.state === 'broken' && <Notice tone="warn">{text('papers.sent.broken.help')}</Notice>}
      {one.state === 'waiting' && <Notice>{text('papers.sent.waiting.help')}</Notice>}
      {one.state === 'over' && <Notice tone="bad">{text('papers.sent.over')}</Notice>}
      {one.state === 'refused' && <Notice tone="bad">{one.message ? half(one.message, locale) : text('papers.sent.refused.help')}</Notice>}
      <span className="row">
        {one.state === 'broken' && <Button size={size} variant="primary" onClick={() => uploads.goOn(one)} aria-label={text('papers.goOn.of', about)}>{text('papers.goOn')}</Button>}
        {going || one.state === 'broken' ? (
          <Button size={size} onClick={() => uploads.stop(one)} aria-label={text('papers.stop.of', about)}>{text('papers.stop')}</Button>
        ) : (
          <Button size={size} onClick={() => uploads.drop(one.key)} aria-label={text('papers.drop.of', about)}>{text('dialog.close')}</Button>
        )}
      </span>
    </div>
  )
}
