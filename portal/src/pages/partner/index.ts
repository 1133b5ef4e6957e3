import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import { lazy } from 'react'
import type { Part } from '@/app/part'
import { listSearch } from './search'

function routes(frame: AnyRoute): AnyRoute[] {
  const under = { getParentRoute: () => frame, validateSearch: listSearch }
  return [
    createRoute({ ...under, path: '/cases', component: lazyRouteComponent(() => import('./Cases')) }),
    createRoute({ ...under, path: '/cases/$id', component: lazyRouteComponent(() => import('./Case')) }),
    createRoute({ ...under, path: '/certificates', component: lazyRouteComponent(() => import('./Certificates')) }),
    createRoute({ ...under, path: '/messages', component: lazyRouteComponent(() => import('./Messages')) }),
    createRoute({ ...under, path: '/office', component: lazyRouteComponent(() => import('../office/Office')) }),
    createRoute({ ...under, path: '/webhooks', component: lazyRouteComponent(() => import('../webhooks/Webhooks')) }),
  ]
}

/** The pages of insurers, member organisations and registries: one list of work, and a page for each case. */
export const partner: Part = {
  roles: ['INSURER', 'MEMBER_ORG', 'REGISTRY', 'FIRE_INSURER'],
  Home: lazy(() => import('./Work')),
  nav: (role) => [
    { to: '/', title: 'nav.work' },
    { to: '/cases', title: 'nav.cases' },
    ...(role === 'MEMBER_ORG' ? [{ to: '/certificates', title: 'nav.certificates' } as const] : []),
    { to: '/messages', title: 'nav.messages' },
    // A registry has no office of this kind.
    ...(role === 'REGISTRY' ? [] : [{ to: '/office', title: 'nav.office' } as const]),
    { to: '/webhooks', title: 'nav.webhooks' },
  ],
  routes,
}
