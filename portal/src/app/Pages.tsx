import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useText } from '@/i18n'
import { BankContext } from '@/lib/bank'
import { useFeed } from '@/lib/live'
import { useWords, type Label } from '@/lib/words'
import { PARTS } from '@/pages/parts'
import { AppShell, Button, Empty, Loading, PageHead } from '@/ui'
import { useSeat } from '@/lib/use'
import { isOver, setOver } from '@/tour/steps'
import type { Part } from './part'

const Tour = lazy(() => import('@/tour/Tour'))

/** Who is here, as the API says. */
export interface Me {
  role: string
  roleLabel: Label
  institution: string
  bankName: string | null
  branches: string[]
  bankBranches: { code: string; name: Label }[]
  organisation: string | null
}

/** The pages of a role in their frame. */
export function Pages({ me }: { me: Me }) {
  const part = PARTS.find((part) => part.roles.includes(me.role))
  const router = useMemo(() => routerOf(part, me), [part, me])
  const bank = useMemo(() => ({ code: me.institution, name: me.bankName ?? '', branches: me.branches, listed: me.bankBranches }), [me])
  return (
    <BankContext.Provider value={bank}>
      <RouterProvider router={router} />
    </BankContext.Provider>
  )
}

/** The search parameters of the first page: whatever they are, they are text. */
function plainSearch(search: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== '' && value != null).map(([name, value]) => [name, String(value)]))
}

function routerOf(part: Part | undefined, me: Me) {
  const frame = createRootRoute({
    component: () => <Frame part={part} me={me} />,
    notFoundComponent: Nowhere,
    errorComponent: Broken,
  })
  const home = createRoute({
    getParentRoute: () => frame,
    path: '/',
    validateSearch: plainSearch,
    component: part?.Home ?? NoPages,
  })
  const routeTree = frame.addChildren([home, ...(part?.routes(frame) ?? [])])
  return createRouter({ routeTree, defaultPreload: false, scrollRestoration: true, defaultErrorComponent: Broken })
}

function Frame({ part, me }: { part: Part | undefined; me: Me }) {
  const text = useText()
  const { say } = useWords()
  const router = useRouter()
  const search = part?.search
  const { session } = useSeat()
  const offered = session.demo && part !== undefined
  const [touring, setTouring] = useState(() => offered && !isOver())
  useFeed()
  useEffect(() => {
    // Who hears the page learns of a new one by its heading.
    return router.subscribe('onResolved', ({ pathChanged }) => {
      if (pathChanged) document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
    })
  }, [router])
  const place = [me.bankName || me.institution || me.organisation || text('shell.product'), ...(me.branches.length > 0 ? [me.branches.join('・')] : [])].join(' ')
  return (
    <AppShell
      place={place}
      role={say(me.roleLabel)}
      nav={part?.nav(me.role) ?? []}
      {...(offered && { onTour: () => setTouring(true) })}
      onSearch={search === undefined ? undefined : ((typed) => void router.navigate({ to: search, state: { text: typed } } as never))}
    >
      {touring && (
        <Suspense fallback={null}>
          <Tour
            onOver={() => {
              setOver()
              setTouring(false)
              document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
            }}
          />
        </Suspense>
      )}
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </AppShell>
  )
}

function NoPages() {
  const text = useText()
  return (
    <>
      <PageHead title={text('noPages.title')} />
      <Empty title={text('noPages.help')} />
    </>
  )
}

function Nowhere() {
  const text = useText()
  return (
    <>
      <PageHead title={text('nowhere.title')} />
      <Empty title={text('nowhere.help')} />
    </>
  )
}

function Broken() {
  const text = useText()
  return (
    <div role="alert">
      <PageHead title={text('broken.title')} />
      <Empty title={text('broken.help')}>
        <Button onClick={() => window.location.reload()}>{text('broken.reload')}</Button>
      </Empty>
    </div>
  )
}
