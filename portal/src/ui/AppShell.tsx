import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState, type FormEvent, type PropsWithChildren } from 'react'
import { useLanguage, useText, type Key } from '@/i18n'
import { signOut } from '@/lib/session'
import { isComposing } from '@/lib/text'
import { useFollowed, useSeat } from '@/lib/use'
import { Button } from './kit'
import './shell.css'

/** An entry of the navigation. */
export interface NavItem {
  to: string
  title: Key
}

/** The frame of every page: who works here, where one can go, whether the page is live. */
export function AppShell(props: PropsWithChildren<{ place: string; role: string; nav: NavItem[]; onSearch?: (text: string) => void; onTour?: () => void }>) {
  const { place, role, nav, onSearch, onTour, children } = props
  const text = useText()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const here = entryOf(nav, path)
  return (
    <>
      <a className="skip" href="#main">{text('shell.skip')}</a>
      <header className="shell-head">
        <Link to="/" className="shell-brand">{text('shell.product')}</Link>
        <span className="shell-place">{place}</span>
        {onSearch && <Search onSearch={onSearch} />}
        <ConnectionWords />
        <Person role={role} onTour={onTour} />
      </header>
      <div className="shell">
        <nav className="shell-nav" aria-label={text('shell.nav')}>
          <ul className="plain">
            {nav.map((item) => (
              <li key={item.to}>
                <Link to={item.to} activeOptions={{ exact: true }} aria-current={item.to === here ? 'page' : undefined} className="shell-link">
                  {text(item.title)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <main id="main" tabIndex={-1} className="shell-main">{children}</main>
      </div>
    </>
  )
}

/** The entry that a page belongs to: the one whose address is the longest beginning of the page's. */
function entryOf(nav: NavItem[], path: string): string | undefined {
  const over = nav.map((item) => item.to).filter((to) => path === to || (to !== '/' && path.startsWith(`${to}/`)))
  return over.toSorted((one, other) => other.length - one.length)[0]
}

function Search({ onSearch }: { onSearch: (text: string) => void }) {
  const text = useText()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault()
        field.current?.focus()
      }
    }
    window.addEventListener('keydown', jump)
    return () => window.removeEventListener('keydown', jump)
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch(field.current?.value.trim() ?? '')
  }
  return (
    <form role="search" className="shell-search" onSubmit={submit}>
      <input
        ref={field}
        type="search"
        maxLength={100}
        aria-label={text('shell.search')}
        placeholder={text('shell.search.hint')}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && isComposing(event)) event.preventDefault()
        }}
      />
    </form>
  )
}

function ConnectionWords() {
  const text = useText()
  const { link } = useSeat()
  const connection = useFollowed(link.connection)
  return (
    <span className={`shell-live shell-live-${connection}`} role="status">
      <span className="shell-dot" aria-hidden="true" />
      {text(`connection.${connection}`)}
    </span>
  )
}

function Person({ role, onTour }: { role: string; onTour: (() => void) | undefined }) {
  const text = useText()
  const { session } = useSeat()
  const { locale, choose } = useLanguage()
  const [failed, setFailed] = useState(false)
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event) => {
      const element = menu.current
      const away = event instanceof KeyboardEvent ? event.key === 'Escape' : !element?.contains(event.target as Node)
      if (element?.open && away) {
        element.open = false
        if (event instanceof KeyboardEvent) element.querySelector('summary')?.focus()
      }
    }
    window.addEventListener('click', close)
    window.addEventListener('keydown', close)
    return () => {
      window.removeEventListener('click', close)
      window.removeEventListener('keydown', close)
    }
  }, [])
  return (
    <details ref={menu} className="shell-person">
      <summary>{session.name.split('（')[0]}</summary>
      <div className="shell-menu">
        <p><strong>{session.name}</strong></p>
        <p className="muted small">{role}</p>
        <Button size="s" onClick={() => choose(locale === 'ja' ? 'en' : 'ja')}>
          <span lang={locale === 'ja' ? 'en' : 'ja'}>{text('shell.otherLanguage')}</span>
        </Button>
        {onTour && (
          <Button
            size="s"
            onClick={() => {
              if (menu.current) menu.current.open = false
              onTour()
            }}
          >
            {text('tour.show')}
          </Button>
        )}
        <Button size="s" onClick={() => signOut(session).catch(() => setFailed(true))}>{text('shell.signOut')}</Button>
        {failed && <p role="alert" className="field-error">{text('shell.signOut.failed')}</p>}
      </div>
    </details>
  )
}
