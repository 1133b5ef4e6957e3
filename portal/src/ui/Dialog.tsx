import { useId, useLayoutEffect, useRef, type FormEvent, type PropsWithChildren, type ReactNode } from 'react'
import { useText } from '@/i18n'
import { isComposing } from '@/lib/text'
import { Button } from './kit'
import './dialog.css'

/** A dialog of the browser: it keeps the focus inside, and gives it back to what opened it. */
export function Dialog(props: PropsWithChildren<{
  title: string
  /** The verb on the button that carries it out; without it there is only a way out. */
  action?: string
  danger?: boolean
  busy?: boolean
  wide?: boolean
  onClose: () => void
  onSubmit?: () => void
  footer?: ReactNode
}>) {
  const { title, action, danger, busy, wide, onClose, onSubmit, footer, children } = props
  const text = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  // Before the element leaves the page: a dialog that is closed gives the focus back, one that is taken away does not.
  useLayoutEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
    return () => element?.close()
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // A double Enter sends one request.
    if (!busy) onSubmit?.()
  }
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && isComposing(event)) event.stopPropagation()
        if (event.key === 'Enter' && event.ctrlKey && !isComposing(event) && !busy) onSubmit?.()
      }}
    >
      <form onSubmit={submit} noValidate>
        <h2 id={id}>{title}</h2>
        <div className="dialog-body stack">{children}</div>
        <div className="dialog-foot">
          {footer}
          <Button onClick={onClose}>{text(action ? 'dialog.cancel' : 'dialog.close')}</Button>
          {action && (
            <Button type="submit" variant={danger ? 'danger' : 'primary'} loading={busy}>
              {action}
            </Button>
          )}
        </div>
      </form>
    </dialog>
  )
}
