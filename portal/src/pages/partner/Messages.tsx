import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Messages as MessagesQuery, ReadMessage } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Empty, Instant, PageHead, Pager, Read, Tabs, Tag, TroubleView } from '@/ui'
import './outside.css'

/** What the bank wrote, newest first. Opening a message marks it as read. */
export default function Messages() {
  const text = useText()
  const { say } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { tab?: string; after?: string }
  const tab = search.tab === 'unread' ? 'unread' : 'all'
  const messages = useRead(MessagesQuery, { first: SIZES.Messages, after: search.after ?? null, unreadOnly: tab === 'unread' })
  const [mark] = useSend(ReadMessage)
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  useTitle(text('messages.title'))
  const go = (after: string | undefined) => void navigate({ to: '.', search: { tab, after } as never })
  const read = async (id: string) => {
    setTrouble(null)
    const result = await mark({ id })
    if (result.error) setTrouble(troubleOf(result.error))
    else setSeen((now) => new Set(now).add(id))
  }
  const unread = messages.data?.inbox?.unread
  const tabs = [
    { key: 'all', title: text('messages.tab.all') },
    { key: 'unread', title: text('messages.tab.unread'), ...(unread !== undefined && { count: Math.max(0, unread - seen.size) }) },
  ]
  return (
    <div className="outside stack">
      <PageHead title={text('messages.title')} />
      <Tabs name={text('messages.tabs')} tabs={tabs} current={tab} />
      {trouble && <TroubleView trouble={trouble} />}
      <Read of={messages}>
        {({ inbox }) =>
          !inbox || inbox.edges.length === 0 ? (
            <Empty title={text(`messages.empty.${tab}`)} />
          ) : (
            <>
              <ul className="plain cards">
                {inbox.edges.map(({ node }) => {
                  const isRead = node.readAt !== null || seen.has(node.id)
                  return (
                    <li key={node.id} className="card">
                      <details onToggle={(event) => event.currentTarget.open && !isRead && void read(node.id)}>
                        <summary className="message">
                          <span className="card-title">{say(node.subject)}</span>
                          <span className="row small"><Instant at={node.at} /><Tag tone={isRead ? 'plain' : 'now'}>{text(isRead ? 'messages.read' : 'messages.unread')}</Tag></span>
                        </summary>
                        <p className="letter">{say(node.body)}</p>
                      </details>
                    </li>
                  )
                })}
              </ul>
              <Pager first={!search.after} more={inbox.pageInfo.hasNextPage} busy={messages.busy} toFirst={() => go(undefined)} on={() => go(inbox.pageInfo.endCursor ?? undefined)} />
            </>
          )
        }
      </Read>
    </div>
  )
}
