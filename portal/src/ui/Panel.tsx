import { useId, useState, type PropsWithChildren, type ReactNode } from 'react'
import './panel.css'

/** A part of a page with its heading. */
export function Panel({ title, actions, children }: PropsWithChildren<{ title: string; actions?: ReactNode }>) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="spread">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** A part of a page that asks for what it shows once somebody opens it. */
export function Later({ title, children }: PropsWithChildren<{ title: string }>) {
  const [wanted, setWanted] = useState(false)
  return (
    <details onToggle={(event) => event.currentTarget.open && setWanted(true)}>
      <summary>{title}</summary>
      {wanted && children}
    </details>
  )
}

/** Names and values beside each other. What has no value shows a dash. */
export function Facts({ of }: { of: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? '—'}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The head of a page: its one heading and what can be done with the whole. */
export function PageHead({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <div className="spread page-head">
      <h1 tabIndex={-1}>{title}</h1>
      {children && <div className="row no-print">{children}</div>}
    </div>
  )
}
