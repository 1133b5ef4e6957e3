import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import { lazy } from 'react'
import type { Part } from '@/app/part'
import { listSearch } from '../partner/search'

const home = () => import('./Home')

function routes(frame: AnyRoute): AnyRoute[] {
  const under = { getParentRoute: () => frame, validateSearch: listSearch }
  return [
    createRoute({ ...under, path: '/me', component: lazyRouteComponent(home) }),
    createRoute({ ...under, path: '/me/messages', component: lazyRouteComponent(() => import('../partner/Messages')) }),
    createRoute({ ...under, path: '/me/apply', component: lazyRouteComponent(() => import('./Apply')) }),
    createRoute({ ...under, path: '/me/$id/apply', component: lazyRouteComponent(() => import('./Apply')) }),
    createRoute({ ...under, path: '/me/$id', component: lazyRouteComponent(() => import('./Status')) }),
    createRoute({ ...under, path: '/me/$id/tasks/$task', component: lazyRouteComponent(() => import('./TaskPage')) }),
    createRoute({ ...under, path: '/me/$id/decision', component: lazyRouteComponent(() => import('./Decision')) }),
    createRoute({ ...under, path: '/me/$id/schedule', component: lazyRouteComponent(() => import('./Schedule')) }),
    createRoute({ ...under, path: '/me/$id/letters', component: lazyRouteComponent(() => import('./Letters')) }),
  ]
}

/** The pages of applicants and those who sign with them, for the phone first. */
export const applicant: Part = {
  roles: ['APPLICANT', 'CO_OBLIGOR'],
  Home: lazy(home),
  nav: (role) => [
    { to: '/', title: 'nav.me' },
    ...(role === 'APPLICANT' ? [{ to: '/me/apply', title: 'nav.apply' } as const] : []),
    { to: '/me/messages', title: 'nav.messages' },
  ],
  routes,
}
