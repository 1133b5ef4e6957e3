import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useText, type Key } from '@/i18n'
import { useSeat } from '@/lib/use'
import { Button } from '@/ui'
import { tourOf } from './steps'
import './tour.css'

/** A short way through the pages of a role, above what it tells of. It holds nothing up, and is skipped with one button. */
export default function Tour({ onOver }: { onOver: () => void }) {
  const text = useText()
  const { session } = useSeat()
  const navigate = useNavigate()
  const steps = tourOf(session.role)
  const [at, setAt] = useState(0)
  const moved = useRef(false)
  const title = useRef<HTMLHeadingElement>(null)
  const step = steps[at]
  const go = (place: number) => {
    moved.current = true
    setAt(place)
    const to = steps[place]?.to
    if (to) void navigate({ to: to as never })
  }
  useEffect(() => {
    // Whoever hears the page goes along: the focus stays with the tour when its page has changed.
    if (!moved.current) return
    const timer = setTimeout(() => title.current?.focus({ preventScroll: true }))
    window.scrollTo({ top: 0 })
    return () => clearTimeout(timer)
  }, [at])
  useEffect(() => {
    const mark = step?.at
    if (!mark) return
    // The page of a step may come after it, and may put another element in place of the one that was there.
    let shown: Element | null = null
    const point = () => {
      const found = document.querySelector(mark)
      if (found === shown) return
      shown?.classList.remove('tour-here')
      found?.classList.add('tour-here')
      shown = found
    }
    const changes = new MutationObserver(point)
    changes.observe(document.body, { childList: true, subtree: true })
    point()
    return () => {
      changes.disconnect()
      shown?.classList.remove('tour-here')
    }
  }, [step])
  if (!step) return null
  const last = at === steps.length - 1
  return (
    <section
      className="tour no-print"
      aria-label={text('tour.name')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onOver()
      }}
    >
      <h2 ref={title} tabIndex={-1}>{text('tour.title', { at: at + 1, of: steps.length })}</h2>
      <p aria-live="polite">{text(`tour.${step.key}` as Key)}</p>
      <div className="row">
        <Button disabled={at === 0} onClick={() => go(at - 1)}>{text('tour.back')}</Button>
        {!last && <Button variant="primary" onClick={() => go(at + 1)}>{text('tour.on')}</Button>}
        <Button variant={last ? 'primary' : 'secondary'} onClick={onOver}>{text(last ? 'tour.end' : 'tour.skip')}</Button>
      </div>
    </section>
  )
}
