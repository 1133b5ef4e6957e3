import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import type { Part } from '@/app/part'
import { adminNav, adminRoutes } from '@/pages/admin'

/** What stands in the address of a page with figures. Whatever it is, it is text. */
export type FigureSearch = Partial<Record<'tab' | 'from' | 'to' | 'branch' | 'product', string>>

const NAMES = ['tab', 'from', 'to', 'branch', 'product'] as const

/** Only what the pages know, and only what is not empty. */
export function figureSearch(given: Record<string, unknown>): FigureSearch {
  const known = NAMES.filter((name) => given[name] !== undefined && given[name] !== '').map((name) => [name, String(given[name])])
  return Object.fromEntries(known) as FigureSearch
}

function routes(frame: AnyRoute): AnyRoute[] {
  const under = { getParentRoute: () => frame, validateSearch: figureSearch }
  return [
    createRoute({ ...under, path: '/board', component: lazyRouteComponent(() => import('./Board')) }),
    createRoute({ ...under, path: '/sla', component: lazyRouteComponent(() => import('./Ageing')) }),
    createRoute({ ...under, path: '/workload', component: lazyRouteComponent(() => import('./Workload')) }),
    createRoute({ ...under, path: '/reports', component: lazyRouteComponent(() => import('./Reports')) }),
  ]
}

/** The pages of managers and of administration, beside those of the staff: everybody inside the bank sees what the API shows to the role. */
export function withFigures(part: Part): Part {
  return {
    ...part,
    nav: (role) => [
      ...part.nav(role),
      { to: '/board', title: 'nav.board' },
      { to: '/sla', title: 'nav.sla' },
      { to: '/workload', title: 'nav.workload' },
      { to: '/reports', title: 'nav.reports' },
      ...adminNav(role),
    ],
    routes: (frame) => [...part.routes(frame), ...routes(frame), ...adminRoutes(frame)],
  }
}
