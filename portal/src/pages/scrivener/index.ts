import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import { lazy } from 'react'
import type { Part } from '@/app/part'
import { listSearch } from '../partner/search'

const work = () => import('../partner/Work')

function routes(frame: AnyRoute): AnyRoute[] {
  const under = { getParentRoute: () => frame, validateSearch: listSearch }
  return [
    createRoute({ ...under, path: '/jobs', component: lazyRouteComponent(work) }),
    createRoute({ ...under, path: '/jobs/calendar', component: lazyRouteComponent(() => import('./Calendar')) }),
    createRoute({ ...under, path: '/jobs/all', component: lazyRouteComponent(() => import('../partner/Cases')) }),
    createRoute({ ...under, path: '/jobs/$id', component: lazyRouteComponent(() => import('./Job')) }),
    createRoute({ ...under, path: '/messages', component: lazyRouteComponent(() => import('../partner/Messages')) }),
    createRoute({ ...under, path: '/office', component: lazyRouteComponent(() => import('../office/Office')) }),
    createRoute({ ...under, path: '/webhooks', component: lazyRouteComponent(() => import('../webhooks/Webhooks')) }),
  ]
}

/** The pages of judicial scriveners, for the phone at the settlement table first. */
export const scrivener: Part = {
  roles: ['SCRIVENER'],
  Home: lazy(work),
  nav: () => [
    { to: '/', title: 'nav.jobs' },
    { to: '/jobs/calendar', title: 'nav.calendar' },
    { to: '/jobs/all', title: 'nav.cases' },
    { to: '/messages', title: 'nav.messages' },
    { to: '/office', title: 'nav.office' },
    { to: '/webhooks', title: 'nav.webhooks' },
  ],
  routes,
}
