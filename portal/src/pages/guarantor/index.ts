import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import { lazy } from 'react'
import type { Part } from '@/app/part'
import { listSearch } from '../partner/search'
import { daySearch, periodSearch } from './search'

const work = () => import('../partner/Work')

function routes(frame: AnyRoute): AnyRoute[] {
  const under = { getParentRoute: () => frame, validateSearch: listSearch }
  return [
    createRoute({ ...under, path: '/reviews', component: lazyRouteComponent(work) }),
    createRoute({ ...under, path: '/reviews/all', component: lazyRouteComponent(() => import('../partner/Cases')) }),
    createRoute({ getParentRoute: () => frame, validateSearch: daySearch, path: '/reviews/day', component: lazyRouteComponent(() => import('./Day')) }),
    createRoute({ getParentRoute: () => frame, validateSearch: periodSearch, path: '/reviews/history', component: lazyRouteComponent(() => import('./History')) }),
    createRoute({ ...under, path: '/reviews/$id', component: lazyRouteComponent(() => import('./Review')) }),
    createRoute({ ...under, path: '/messages', component: lazyRouteComponent(() => import('../partner/Messages')) }),
    createRoute({ ...under, path: '/office', component: lazyRouteComponent(() => import('../office/Office')) }),
    createRoute({ ...under, path: '/webhooks', component: lazyRouteComponent(() => import('../webhooks/Webhooks')) }),
  ]
}

/** The pages of guarantee companies: what waits for their decision, and what they decided. */
export const guarantor: Part = {
  roles: ['GUARANTOR'],
  Home: lazy(work),
  nav: () => [
    { to: '/', title: 'nav.reviews' },
    { to: '/reviews/all', title: 'nav.cases' },
    { to: '/reviews/day', title: 'nav.reviewDay' },
    { to: '/reviews/history', title: 'nav.reviewHistory' },
    { to: '/messages', title: 'nav.messages' },
    { to: '/office', title: 'nav.office' },
    { to: '/webhooks', title: 'nav.webhooks' },
  ],
  routes,
}
