import { createContext, useCallback, useContext, useEffect, useRef, useState, type PropsWithChildren } from 'react'
import { Dialog } from '@/ui'
import type { Sheet } from './sheet'
import { Viewer } from './Viewer'
import './viewer.css'

const ShowContext = createContext<(sheet: Sheet) => void>(() => undefined)

/** Shows a file beside what is around it. */
export function useShow() {
  return useContext(ShowContext)
}

/** From this width on there is room for a file beside the list. */
const ROOM = '(min-width: 75rem)'

function useRoom(): boolean {
  const [room, setRoom] = useState(() => window.matchMedia(ROOM).matches)
  useEffect(() => {
    const asked = window.matchMedia(ROOM)
    const told = () => setRoom(asked.matches)
    asked.addEventListener('change', told)
    return () => asked.removeEventListener('change', told)
  }, [])
  return room
}

/** A list, and beside it the file that was opened from it; where there is no room, and with `over`, the file lies over it. */
export function Beside({ over = false, children }: PropsWithChildren<{ over?: boolean }>) {
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const opener = useRef<Element | null>(null)
  const room = useRoom() && !over
  const show = useCallback((next: Sheet) => {
    opener.current = document.activeElement
    setSheet(next)
  }, [])
  const close = () => {
    setSheet(null)
    // Whoever works with keys goes on where the file was opened.
    if (opener.current instanceof HTMLElement) opener.current.focus()
  }
  return (
    <ShowContext.Provider value={show}>
      <div className={sheet && room ? 'beside beside-open' : 'beside'}>
        <div className="stack beside-list">{children}</div>
        {sheet && room && (
          <section
            className="panel viewer no-print"
            aria-label={sheet.title}
            onKeyDown={(event) => {
              if (event.key === 'Escape') close()
            }}
          >
            <Viewer key={sheet.file} sheet={sheet} heading onClose={close} />
          </section>
        )}
        {sheet && !room && (
          <Dialog wide title={sheet.title} onClose={close}>
            <Viewer key={sheet.file} sheet={sheet} />
          </Dialog>
        )}
      </div>
    </ShowContext.Provider>
  )
}
