import { useText, type Key } from '@/i18n'
import { Instant, Tag } from '@/ui'
import { toneOf } from './what'
import './desk.css'

/** How a parcel stands, in words. */
export function Standing({ of }: { of: string }) {
  const text = useText()
  const known = ['DELIVERED', 'WAITING', 'PARKED', 'CLOSED', 'BOUNCED', 'DELAYED', 'POSTED'].includes(of)
  return <Tag tone={toneOf(of)}>{known ? text(`desk.state.${of}` as Key) : of}</Tag>
}

/** Every try, the earliest first. */
export function Tries({ of }: { of: { at: string; ended: string; said: string | null }[] }) {
  const text = useText()
  if (of.length === 0) return <p className="muted small">{text('desk.tries.none')}</p>
  return (
    <ol className="tries small">
      {of.map((one, place) => (
        <li key={`${one.at} ${place}`}><Instant at={one.at} /> <Standing of={one.ended} /> {one.said && <span className="muted">{one.said}</span>}</li>
      ))}
    </ol>
  )
}
