import { Link } from '@tanstack/react-router'
import './tabs.css'

/** A tab that is an address: it can be shared, opened beside and gone back from. */
export interface Tab {
  key: string
  title: string
  /** How many there are; `undefined` where nobody counted. */
  count?: number
  exact?: boolean
  alarming?: boolean
}

/** Tabs over the search parameter `tab` of this address; the others of `keep` stay. */
export function Tabs({ name, tabs, current, keep }: { name: string; tabs: Tab[]; current: string; keep?: Record<string, unknown> }) {
  return (
    <nav className="tabs" aria-label={name}>
      {tabs.map((tab) => (
        <Link
          key={tab.key}
          to="."
          search={{ ...keep, tab: tab.key } as never}
          className="tab"
          aria-current={tab.key === current ? 'page' : undefined}
        >
          {tab.title}
          {tab.count !== undefined && (
            <span className={tab.alarming && tab.count > 0 ? 'tab-count tab-alarm' : 'tab-count'}>
              {tab.count}{tab.exact === false && '+'}
            </span>
          )}
        </Link>
      ))}
    </nav>
  )
}
