import { useEffect, useState, type PropsWithChildren, type ReactNode } from 'react'
import { useText } from '@/i18n'
import { tellAgain } from '@/lib/again'
import type { Trouble } from '@/lib/client'
import { signInAddress } from '@/lib/session'
import type { Reading } from '@/lib/use'
import { Button, Loader } from './kit'
import './states.css'

/** Before this many milliseconds a wait is not worth a word. */
const PATIENCE = 300

/** Something is being read. Nothing is shown at first: most answers are there at once. */
export function Loading() {
  const text = useText()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="state" role="status">
      {shown && <Loader alt={text('state.loading')} text={text('state.loading')} />}
    </div>
  )
}

/** Nothing is there, and that is fine. */
export function Empty({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children && <div className="muted">{children}</div>}
    </div>
  )
}

/** Nothing can be shown, and what to do about it. */
export function TroubleView({ trouble, again }: { trouble: Trouble; again?: () => void }) {
  const text = useText()
  if (trouble.kind === 'ended') {
    return (
      <div className="state" role="alert">
        <p className="state-title">{text('trouble.ended')}</p>
        <p><a href={signInAddress()}>{text('session.signIn')}</a></p>
      </div>
    )
  }
  return (
    <div className="state" role="alert">
      <p className="state-title">{text(`trouble.${trouble.kind}`)}</p>
      <p className="muted">{text(`trouble.${trouble.kind}.help`)}</p>
      {trouble.message && <p className="muted small">{trouble.code}: {trouble.message}</p>}
      {again && trouble.kind !== 'hidden' && <Button onClick={again}>{text('trouble.again')}</Button>}
    </div>
  )
}

/** What was read, or why it is not there. */
export function Read<Data>({ of, children }: { of: Reading<Data>; children: (data: Data) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.trouble) {
    const again = () => {
      of.again()
      tellAgain()
    }
    return <TroubleView trouble={of.trouble} again={again} />
  }
  return <Loading />
}

/** A line above the content: something to know, to mind, or that failed. */
export function Notice({ tone = 'info', children }: PropsWithChildren<{ tone?: 'info' | 'warn' | 'bad' | 'good' }>) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}
