import type { ReactNode } from 'react'
import { useText } from '@/i18n'
import { WDate } from '@/ui'
import './outside.css'

/** A step of a way from top to bottom. */
export interface WayStep {
  key: string
  title: ReactNode
  state: 'done' | 'now' | 'next'
  day?: string | null | undefined
}

/** The steps of a way from top to bottom, with the day of each that has one. */
export function Way({ name, steps }: { name: string; steps: WayStep[] }) {
  const text = useText()
  return (
    <ol className="way" aria-label={name}>
      {steps.map((step, place) => (
        <li key={step.key} className={`way-step way-${step.state}`} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className="way-mark" aria-hidden="true">{step.state === 'done' ? '✓' : place + 1}</span>
          <span className="way-words">
            <span className="way-title">{step.title}</span>
            <span className="small muted">
              {text(`stepper.${step.state}`)}
              {step.day && <> <WDate day={step.day} /></>}
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}
