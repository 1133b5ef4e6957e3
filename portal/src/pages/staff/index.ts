import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import { lazy } from 'react'
import type { Part } from '@/app/part'
import { issuedSearch } from '../desk/issued'

const STAFF = ['BRANCH_CLERK', 'BRANCH_MANAGER', 'SCREENING_OFFICER', 'OPERATIONS', 'COMPLIANCE', 'AUDITOR'] as const

/** What stands in the address of the list of applications. */
export interface ListSearch {
  stage?: string
  product?: string
  branch?: string
  plannedFrom?: string
  plannedTo?: string
  receivedFrom?: string
  receivedTo?: string
  sort?: string
  after?: string
}

const LIST_NAMES = ['stage', 'product', 'branch', 'plannedFrom', 'plannedTo', 'receivedFrom', 'receivedTo', 'sort', 'after'] as const

/** Only what the list knows, and only what is not empty: an address that somebody shortened by hand still works. */
export function listSearch(given: Record<string, unknown>): ListSearch {
  // A number in an address is read as one: names and dates stay text.
  const known = LIST_NAMES.filter((name) => given[name] !== undefined && given[name] !== '').map((name) => [name, String(given[name])])
  return Object.fromEntries(known) as ListSearch
}

function tabSearch(given: Record<string, unknown>): { tab?: string; after?: string } {
  const { tab, after } = given
  return { ...(typeof tab === 'string' && { tab }), ...(after !== undefined && { after: String(after) }) }
}

function deskSearch(given: Record<string, unknown>): { tab?: string; after?: string; branch?: string } {
  const { branch } = given
  // A number in an address is read as one.
  return { ...tabSearch(given), ...(branch !== undefined && branch !== '' && { branch: String(branch) }) }
}

function registerSearch(given: Record<string, unknown>): { tab?: string; after?: string; state?: string } {
  const { state } = given
  return { ...tabSearch(given), ...(typeof state === 'string' && { state }) }
}

function routes(frame: AnyRoute): AnyRoute[] {
  const under = { getParentRoute: () => frame }
  return [
    createRoute({ ...under, path: '/applications', validateSearch: listSearch, component: lazyRouteComponent(() => import('./Applications')) }),
    createRoute({ ...under, path: '/applications/new', component: lazyRouteComponent(() => import('./intake/Intake')) }),
    createRoute({ ...under, path: '/applications/$id/edit', component: lazyRouteComponent(() => import('./intake/Intake')) }),
    createRoute({ ...under, path: '/applications/$id', validateSearch: tabSearch, component: lazyRouteComponent(() => import('./case/Case')) }),
    createRoute({ ...under, path: '/incidents', validateSearch: deskSearch, component: lazyRouteComponent(() => import('../desk/Incidents')) }),
    createRoute({ ...under, path: '/registers', validateSearch: registerSearch, component: lazyRouteComponent(() => import('../compliance/Registers')) }),
    createRoute({ ...under, path: '/notices', validateSearch: issuedSearch, component: lazyRouteComponent(() => import('../desk/Issued')) }),
    createRoute({ ...under, path: '/letters-to-post', validateSearch: tabSearch, component: lazyRouteComponent(() => import('../desk/ToPost')) }),
    createRoute({ ...under, path: '/registrations', validateSearch: tabSearch, component: lazyRouteComponent(() => import('../registration/Registrations')) }),
    createRoute({ ...under, path: '/approvals', validateSearch: tabSearch, component: lazyRouteComponent(() => import('./Approvals')) }),
  ]
}

/** The pages of the bank's staff. */
export const staff: Part = {
  roles: STAFF,
  Home: lazy(() => import('./Home')),
  nav: (role) => [
    ...(role === 'AUDITOR' ? [] : [{ to: '/', title: 'nav.queue' } as const]),
    { to: '/applications', title: 'nav.applications' },
    ...(role === 'AUDITOR' ? [] : [{ to: '/approvals', title: 'nav.approvals' } as const]),
    ...(role === 'AUDITOR' ? [] : [{ to: '/registrations', title: 'nav.registrations' } as const]),
    { to: '/incidents', title: 'nav.incidents' },
    ...(role === 'COMPLIANCE' || role === 'AUDITOR' ? [{ to: '/registers', title: 'nav.registers' } as const] : []),
    { to: '/notices', title: 'nav.issued' },
    ...(role === 'AUDITOR' ? [] : [{ to: '/letters-to-post', title: 'nav.toPost' } as const]),
    ...(role === 'BRANCH_CLERK' ? [{ to: '/applications/new', title: 'nav.intake' } as const] : []),
  ],
  search: '/applications',
  routes,
}
