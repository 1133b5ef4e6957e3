import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ChangeWebhookEndpoint, TestWebhookEndpoint, WebhookEndpoints, type WebhookEndpointsQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useTitle } from '@/lib/title'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { NotForRole, useSees } from '@/pages/admin/shared'
import { Button, Empty, Facts, Instant, Notice, PageHead, Panel, Read, Tag, TroubleView } from '@/ui'
import { Messages } from './Messages'
import { EndpointDialog, RotateDialog, SecretDialog } from './dialogs'
import { isStoppedByItself, isTroubled } from './words'
import '@/pages/partner/outside.css'
import './webhooks.css'

export type Endpoint = NonNullable<WebhookEndpointsQuery['webhookEndpoints']>[number]
export type EventType = NonNullable<WebhookEndpointsQuery['webhookEventTypes']>[number]

/** Where the bank or a partner hears of what happens: its endpoints, how they fare, and what was sent. */
export default function Webhooks() {
  const text = useText()
  const sees = useSees(WebhookEndpoints)
  useTitle(text('hooks.title'))
  return sees ? <Seen /> : <NotForRole title={text('hooks.title')} />
}

function Seen() {
  const text = useText()
  const search = useSearch({ strict: false }) as { tab?: string }
  const read = useRead(WebhookEndpoints, {})
  const [editing, setEditing] = useState<'new' | Endpoint | null>(null)
  const [rotating, setRotating] = useState<Endpoint | null>(null)
  const [secret, setSecret] = useState<{ secret: string | null; url: string } | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const changed = (words: string | null) => {
    setEditing(null)
    setRotating(null)
    setSaid(words)
    read.again()
  }
  return (
    <div className="outside stack">
      <PageHead title={text('hooks.title')}><Button variant="primary" onClick={() => setEditing('new')}>{text('hooks.add')}</Button></PageHead>
      <p className="muted">{text('hooks.help')}</p>
      {said && <Notice tone="good">{said}</Notice>}
      <Read of={read}>
        {({ webhookEndpoints, webhookEventTypes }) => {
          const all = webhookEndpoints ?? []
          if (all.length === 0) return <Empty title={text('hooks.empty')}>{text('hooks.empty.help')}</Empty>
          return all.map((one) => (
            <One key={one.id} one={one} types={webhookEventTypes ?? []} open={search.tab === one.id} edit={() => setEditing(one)} rotate={() => setRotating(one)} changed={changed} />
          ))
        }}
      </Read>
      {editing && (
        <EndpointDialog
          endpoint={editing === 'new' ? null : editing}
          types={read.data?.webhookEventTypes ?? []}
          onClose={() => setEditing(null)}
          onDone={(made) => {
            changed(made ? null : text('hooks.changed'))
            if (made) setSecret(made)
          }}
        />
      )}
      {rotating && (
        <RotateDialog
          endpoint={rotating}
          onClose={() => setRotating(null)}
          onDone={(made) => {
            changed(null)
            setSecret(made)
          }}
        />
      )}
      {secret && <SecretDialog {...secret} onClose={() => setSecret(null)} />}
    </div>
  )
}

function One(props: { one: Endpoint; types: EventType[]; open: boolean; edit: () => void; rotate: () => void; changed: (words: string | null) => void }) {
  const { one, types, edit, rotate, changed } = props
  const text = useText()
  const { say } = useWords()
  const [open, setOpen] = useState(props.open)
  const [round, setRound] = useState(0)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [test, testing] = useSend(TestWebhookEndpoint)
  const [change, changing] = useSend(ChangeWebhookEndpoint)
  const on = one.state === 'ACTIVE'
  const run = async (send: () => Promise<{ error?: Parameters<typeof troubleOf>[0] }>, words: string) => {
    setTrouble(null)
    const { error } = await send()
    if (error) return setTrouble(troubleOf(error))
    setRound((now) => now + 1)
    changed(words)
  }
  const name = (type: string) => {
    const known = types.find((line) => line.name === type)
    return known ? say(known.label) : type
  }
  return (
    <Panel title={one.description || text('hooks.endpoint')} actions={<Tag tone={on ? 'good' : 'bad'}>{say(one.stateLabel)}</Tag>}>
      <p className="endpoint-url">{one.url}</p>
      {trouble && <TroubleView trouble={trouble} />}
      {isTroubled(one) && (
        <Notice tone="warn">
          {isStoppedByItself(one) && <>{text('hooks.stopped')}<br /></>}
          {one.disabledByLabel ? say(one.disabledByLabel) : text('hooks.failing', { count: one.failures })} {one.failingSince && <>（{text('hooks.since')} <Instant at={one.failingSince} />）</>}
        </Notice>
      )}
      <Facts
        of={[
          [text('hooks.types'), one.types.map(name).join('、')],
          [text('hooks.last'), <Instant key="l" at={one.lastSuccessAt} />],
          [text('hooks.sequence'), one.sequence],
          [text('hooks.secrets'), <span key="s" className="tight">{one.secrets.map((secret) => <span key={secret.mark} className="small">{secret.mark}…　<Instant at={secret.madeAt} />{secret.endsAt && <>　{text('hooks.until')} <Instant at={secret.endsAt} /></>}</span>)}</span>],
        ]}
      />
      <div className="row">
        <Button onClick={edit} aria-label={text('hooks.change.of', { url: one.url })}>{text('hooks.change')}</Button>
        <Button loading={changing} onClick={() => void run(() => change({ id: one.id, state: on ? 'DISABLED' : 'ACTIVE' }), text(on ? 'hooks.off.done' : 'hooks.on.done'))} aria-label={text(on ? 'hooks.off.of' : 'hooks.on.of', { url: one.url })}>{text(on ? 'hooks.off' : 'hooks.on')}</Button>
        <Button onClick={rotate} aria-label={text('hooks.rotate.of', { url: one.url })}>{text('hooks.rotate')}</Button>
        <Button disabled={!on} loading={testing} onClick={() => void run(() => test({ id: one.id }), text('hooks.test.done'))} aria-label={text('hooks.test.of', { url: one.url })}>{text('hooks.test')}</Button>
        <Button aria-expanded={open} onClick={() => setOpen(!open)} aria-label={text('hooks.messages.of', { url: one.url })}>{text('hooks.messages')}</Button>
      </div>
      {open && <Messages key={round} endpoint={one} changed={changed} />}
    </Panel>
  )
}
