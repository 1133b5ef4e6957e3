import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import { lazy } from 'react'
import type { Part } from '@/app/part'
import type { NavItem } from '@/ui'

/** What stands in the address of a page of administration. Whatever it is, it is text. */
export type AdminSearch = Partial<Record<'tab' | 'after' | 'case' | 'stage' | 'by' | 'ends' | 'year' | 'kind' | 'who' | 'number' | 'from' | 'to' | 'edition' | 'date', string>>

const NAMES = ['tab', 'after', 'case', 'stage', 'by', 'ends', 'year', 'kind', 'who', 'number', 'from', 'to', 'edition', 'date'] as const

/** Only what the pages know, and only what is not empty. */
export function adminSearch(given: Record<string, unknown>): AdminSearch {
  const known = NAMES.filter((name) => given[name] !== undefined && given[name] !== '').map((name) => [name, String(given[name])])
  return Object.fromEntries(known) as AdminSearch
}

const ENTERS_RATES = ['OPERATIONS', 'AUDITOR', 'BRANCH_CLERK', 'BRANCH_MANAGER', 'SCREENING_OFFICER']
const CLOSES_DAYS = ['OPERATIONS', 'AUDITOR']
const WATCHES = ['AUDITOR', 'COMPLIANCE']
const ACCOUNTS = ['USER_ADMIN', 'AUDITOR']

/** Where a role finds how the bank is set up, and what was recorded. */
export function adminNav(role: string): NavItem[] {
  return [
    ...(ACCOUNTS.includes(role) ? [{ to: '/admin/users', title: 'nav.users' } as const] : []),
    ...(role === 'USER_ADMIN' ? [] : [{ to: '/admin/deputies', title: 'nav.deputies' } as const]),
    ...(ENTERS_RATES.includes(role) ? [{ to: '/admin/rates', title: 'nav.rates' } as const] : []),
    ...(CLOSES_DAYS.includes(role) ? [{ to: '/admin/day-end', title: 'nav.dayEnd' } as const] : []),
    { to: '/admin/book', title: 'nav.book' },
    { to: '/admin/calendar', title: 'nav.bankDays' },
    { to: '/admin/workflow', title: 'nav.workflow' },
    { to: '/admin/notices', title: 'nav.notices' },
    ...(role === 'USER_ADMIN' ? [{ to: '/admin/webhooks', title: 'nav.webhooks' } as const] : []),
    ...(WATCHES.includes(role) ? [{ to: '/admin/audit', title: 'nav.audit' } as const] : []),
  ]
}

/** The routes of administration. What a role does not see, its page says. */
export function adminRoutes(frame: AnyRoute): AnyRoute[] {
  const under = { getParentRoute: () => frame, validateSearch: adminSearch }
  return [
    createRoute({ ...under, path: '/admin/users', component: lazyRouteComponent(() => import('./Users')) }),
    createRoute({ ...under, path: '/admin/deputies', component: lazyRouteComponent(() => import('./Deputies')) }),
    createRoute({ ...under, path: '/admin/rates', component: lazyRouteComponent(() => import('./Rates')) }),
    createRoute({ ...under, path: '/admin/day-end', component: lazyRouteComponent(() => import('../dayend/DayEnd')) }),
    createRoute({ ...under, path: '/admin/book', component: lazyRouteComponent(() => import('./Book')) }),
    createRoute({ ...under, path: '/admin/calendar', component: lazyRouteComponent(() => import('./Calendar')) }),
    createRoute({ ...under, path: '/admin/workflow', component: lazyRouteComponent(() => import('./Workflow')) }),
    createRoute({ ...under, path: '/admin/notices', component: lazyRouteComponent(() => import('./Notices')) }),
    createRoute({ ...under, path: '/admin/audit', component: lazyRouteComponent(() => import('./Audit')) }),
    createRoute({ ...under, path: '/admin/webhooks', component: lazyRouteComponent(() => import('../webhooks/Webhooks')) }),
  ]
}

/** The pages of user administrators, who have no part in the cases. */
export const admin: Part = {
  roles: ['USER_ADMIN'],
  Home: lazy(() => import('./Users')),
  nav: adminNav,
  routes: adminRoutes,
}
