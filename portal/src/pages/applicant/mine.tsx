import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { MyCase, type MyCaseQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { Notice, PageHead, Read } from '@/ui'
import Contacts from '../desk/Contacts'
import { Gone } from '../partner/parts'
import { useKept } from '../partner/use'
import { EasyLanguage, EasySwitch } from './easy'
import { Ruby } from './ruby'
import '../partner/outside.css'
import './applicant.css'

/** One's own case, as the pages below know it. */
export type MyCaseOf = NonNullable<MyCaseQuery['application']>
export type MyActions = NonNullable<MyCaseQuery['allowedActions']>

export type MyCosts = NonNullable<MyCaseQuery['costEstimate']>

/** What a page of one's own case is given. */
export interface Mine {
  mine: MyCaseOf
  actions: MyActions
  /** What the registration will cost, once the office has said it. */
  costs: MyCosts | null
  done: () => void
  setActing: (acting: boolean) => void
}

/** A page of one's own case: its heading, the way between its pages, and what `children` shows of it. `id`: where the address has none. */
export function MinePage(props: { title: string; id?: string; current: 'status' | 'decision' | 'schedule' | 'letters' | 'task'; children: (mine: Mine) => ReactNode }) {
  const { title, current, children } = props
  const text = useText()
  const params = useParams({ strict: false }) as { id?: string }
  const id = props.id ?? params.id ?? ''
  const read = useRead(MyCase, { id })
  const kept = useKept(id, read.data?.application?.version ?? 0, read)
  const pages = [
    ['status', '/me/$id'],
    ['decision', '/me/$id/decision'],
    ['schedule', '/me/$id/schedule'],
    ['letters', '/me/$id/letters'],
  ] as const
  return (
    <EasyLanguage>
      <Read of={read}>
        {({ application, allowedActions, costEstimate }) =>
          application ? (
            <div className="outside mine stack">
              <PageHead title={title} />
              <nav className="mine-pages" aria-label={text('me.pages')}>
                {pages.map(([key, to]) => (
                  <Link key={key} to={to as never} params={{ id } as never} activeOptions={{ exact: true }} className="tab" aria-current={key === current ? 'page' : undefined}>
                    {text(`me.page.${key}`)}
                  </Link>
                ))}
              </nav>
              <EasySwitch />
              {kept.changed && <Notice tone="warn">{text('do.changed')}</Notice>}
              {children({ mine: application, actions: allowedActions ?? [], costs: costEstimate, done: read.again, setActing: kept.setActing })}
              {current === 'status' && <Contacts id={id} />}
              <Contact mine={application} />
            </div>
          ) : (
            <Gone />
          )
        }
      </Read>
    </EasyLanguage>
  )
}

/** Whom to ask. */
function Contact({ mine }: { mine: MyCaseOf }) {
  const text = useText()
  const bank = mine.content?.institution
  return (
    <footer className="panel">
      <h2>{text('me.contact')}</h2>
      {bank && <p><Ruby>{`${bank.bankName} ${bank.branchName}`}</Ruby></p>}
      <p>{text('me.contact.number', { number: mine.number || text('me.noNumber') })}</p>
    </footer>
  )
}
