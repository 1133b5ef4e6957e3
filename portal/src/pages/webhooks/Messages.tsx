import { useState } from 'react'
import { ResendWebhooks, WebhookMessages, type WebhookState } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { SIZES } from '@/lib/sizes'
import { narrow } from '@/lib/text'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useCodes } from '@/pages/admin/shared'
import { Button, ChoiceField, DataTable, Empty, Instant, NumberField, Pager, Read, Tag, TroubleView } from '@/ui'
import type { Endpoint } from './Webhooks'
import { sequenceOf } from './words'

/** What was sent to an endpoint, the latest first, and how to send it again under its id. */
export function Messages({ endpoint, changed }: { endpoint: Endpoint; changed: (words: string) => void }) {
  const text = useText()
  const { say, word } = useWords()
  const [after, setAfter] = useState<string | null>(null)
  const [state, setState] = useState('')
  const [from, setFrom] = useState('')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const read = useRead(WebhookMessages, { id: endpoint.id, first: SIZES.WebhookMessages, after, state: (state || null) as WebhookState | null })
  const [resend, busy] = useSend(ResendWebhooks)
  const number = sequenceOf(narrow(from), endpoint.sequence)
  const run = async (of: { messageId: string } | { fromSequence: number }) => {
    setTrouble(null)
    const { error, data } = await resend({ id: endpoint.id, ...of })
    if (error) return setTrouble(troubleOf(error))
    changed(text('hooks.again.done', { count: data?.resendWebhooks ?? 0 }))
  }
  return (
    <div className="stack">
      {trouble && <TroubleView trouble={trouble} />}
      <div className="row find">
        <ChoiceField label={text('hooks.state')} value={state} blank={text('hooks.state.all')} options={useCodes('WebhookState').map((code) => ({ value: code, label: word('WebhookState', code) }))} onChange={(to) => { setAfter(null); setState(to) }} />
        <NumberField label={text('hooks.from')} value={from} onChange={setFrom} error={from !== '' && number === null ? text('hooks.from.wrong', { last: endpoint.sequence }) : undefined} />
        <Button disabled={number === null} loading={busy} onClick={() => number !== null && void run({ fromSequence: number })}>{text('hooks.from.do')}</Button>
      </div>
      <Read of={read}>
        {({ webhookMessages }) => {
          const lines = webhookMessages?.edges.map((edge) => edge.node) ?? []
          if (lines.length === 0) return <Empty title={text('hooks.messages.none')} />
          return (
            <>
              <DataTable
                dense
                name={text('hooks.messages')}
                lines={lines}
                keyOf={(line) => line.id}
                columns={[
                  { key: 'no', title: text('hooks.no'), number: true, show: (line) => line.sequence },
                  { key: 'type', title: text('hooks.type'), show: (line) => line.type },
                  { key: 'at', title: text('hooks.at'), show: (line) => <Instant at={line.occurredAt} /> },
                  { key: 'state', title: text('hooks.state'), show: (line) => <><Tag tone={line.state === 'DELIVERED' ? 'good' : line.state === 'PARKED' ? 'bad' : 'warn'}>{say(line.stateLabel)}</Tag> {line.error && <span className="small muted">{line.error}</span>}</> },
                  { key: 'attempts', title: text('hooks.attempts'), number: true, show: (line) => line.attempts },
                  { key: 'next', title: text('hooks.next'), show: (line) => <Instant at={line.settledAt ?? line.nextAt} /> },
                  { key: 'do', title: text('hooks.do'), show: (line) => line.state !== 'WAITING' && <Button size="s" onClick={() => void run({ messageId: line.id })} aria-label={text('hooks.again.of', { number: line.sequence })}>{text('hooks.again')}</Button> },
                ]}
              />
              <Pager first={after === null} more={webhookMessages?.pageInfo.hasNextPage ?? false} busy={read.busy} toFirst={() => setAfter(null)} on={() => setAfter(webhookMessages?.pageInfo.endCursor ?? null)} />
            </>
          )
        }}
      </Read>
    </div>
  )
}
