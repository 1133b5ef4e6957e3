import { useEffect, useRef } from 'react'
import { useText } from '@/i18n'
import './stepper.css'

/** A step of a way: done, where it stands now, or still to come. */
export interface Step {
  key: string
  title: string
  note?: string
  state: 'done' | 'now' | 'next'
}

/** The steps of a way from left to right. */
export function Stepper({ name, steps }: { name: string; steps: Step[] }) {
  const text = useText()
  const list = useRef<HTMLOListElement>(null)
  const now = steps.findIndex((step) => step.state === 'now')
  useEffect(() => {
    // Where there is little room, the present step is in sight.
    const [row, step] = [list.current, list.current?.children[now] as HTMLElement | undefined]
    if (row && step) row.scrollLeft = step.offsetLeft - (row.clientWidth - step.clientWidth) / 2
  }, [now])
  return (
    <ol ref={list} tabIndex={0} className="stepper" aria-label={name}>
      {steps.map((step, place) => (
        <li key={step.key} className={`step step-${step.state}`} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className="step-mark" aria-hidden="true">{step.state === 'done' ? '✓' : place + 1}</span>
          <span className="step-title">{step.title}</span>
          <span className="hidden">{text(`stepper.${step.state}`)}</span>
          {step.note && <span className="muted small">{step.note}</span>}
        </li>
      ))}
    </ol>
  )
}
