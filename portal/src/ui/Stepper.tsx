import { useText } from '@/i18n'
import './stepper.css'

/** A step of a way: done, where it stands now, or still to come. */
export interface Step {
  key: string
  title: string
  note?: string
  state: 'done' | 'now' | 'next'
}

/** The steps of a way from left to right; from top to bottom where there is little room. */
export function Stepper({ name, steps }: { name: string; steps: Step[] }) {
  const text = useText()
  return (
    <ol className="stepper" aria-label={name}>
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
