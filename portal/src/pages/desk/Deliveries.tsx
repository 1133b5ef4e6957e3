import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Deliveries as Query, ResendDelivery, type AnewReason, type DeliveriesQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { Letters } from '@/letters'
import { SIZES } from '@/lib/sizes'
import { useSubmitKey } from '@/lib/submit'
import { narrow } from '@/lib/text'
import { useRead, useSeat, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useCodes } from '@/pages/admin/shared'
import type { TabProps } from '@/pages/staff/case/Case'
import { useFresh } from '@/pages/staff/case/fresh'
import { Button, ChoiceField, DataTable, Dialog, Empty, Instant, Later, Notice, Pager, Panel, Read, Tag, TextField, TroubleView } from '@/ui'
import { Beside } from '@/viewer'
import Contacts from './Contacts'
import { Standing, Tries } from './Tries'
import './desk.css'

type Line = NonNullable<DeliveriesQuery['deliveries']>['edges'][number]['node']

/** The letters of a case, and what became of each notice and message: its tries, what proves it, and how it is sent anew. */
export default function Deliveries({ id, version }: TabProps) {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const [after, setAfter] = useState<string | null>(null)
  const [asked, setAsked] = useState<Line | null>(null)
  const [sent, setSent] = useState(false)
  const read = useFresh(useRead(Query, { id, first: SIZES.Deliveries, after }), version)
  const sends = ResendDelivery.texts.has(session.role)
  // A message to a partner is never repeated as another one; what waits or failed is for the incident desk.
  const again = (line: Line) => sends && line.channel !== 'PARTNER' && line.kind !== 'ADDRESS_CODE' && line.kind !== 'DIRECT_MAIL' && (line.state === 'DELIVERED' || line.state === 'CLOSED')
  const name = (line: Line) => (line.kindLabel ? say(line.kindLabel) : line.kind)
  const ledger = ({ deliveries, application }: DeliveriesQuery) => {
    const lines = deliveries?.edges.map((edge) => edge.node) ?? []
    return (
      <Beside>
        {application?.letters && <Letters small of={application.letters} number={application.number} />}
        <Panel title={text('ledger.title')}>
          <p className="muted">{text('ledger.help')}</p>
          {sent && <Notice tone="good">{text('ledger.sent')}</Notice>}
          {lines.length === 0 ? (
            <Empty title={text('ledger.empty')} />
          ) : (
            <>
              <DataTable
                dense
                name={text('ledger.title')}
                lines={lines}
                keyOf={(line) => line.id}
                columns={[
                  {
                    key: 'what',
                    title: text('ledger.what'),
                    show: (line) => <>{name(line)}{line.replaces && <span className="muted small">（{text('ledger.anew')}）</span>}<br /><span className="muted small"><Instant at={line.createdAt} /></span></>,
                  },
                  { key: 'to', title: text('ledger.to'), show: (line) => <>{line.recipient ? say(line.recipient) : '—'}<br /><span className="muted small">{line.channel}</span></> },
                  {
                    key: 'state',
                    title: text('ledger.state'),
                    show: (line) => (
                      <div className="ledger">
                        <span className="row">
                          <Standing of={line.state} />
                          {line.sentAt && <span className="small"><Instant at={line.sentAt} /></span>}
                          {line.bounce && <Tag tone="bad">{text('ledger.bounced', { status: line.bounce })}</Tag>}
                          {line.paper && <Tag tone={line.paper === 'DUE' ? 'warn' : 'good'}>{text(line.paper === 'DUE' ? 'ledger.paper.due' : 'ledger.paper.posted')}</Tag>}
                          {line.closedLabel && <span className="small">{say(line.closedLabel)}（{line.closedBy}）</span>}
                          {again(line) && <Button size="s" onClick={() => setAsked(line)} aria-label={text('ledger.again.of', { what: name(line) })}>{text('ledger.again')}</Button>}
                        </span>
                        <details className="small">
                          <summary>{text('ledger.proof')}{line.proof && `：${line.proof}`}</summary>
                          <Tries of={line.tries} />
                          {line.template && <p className="muted">{text('ledger.template', { version: line.template.slice(0, 12) })}</p>}
                          {line.channel !== 'PARTNER' && <p><Link to={'/admin/notices' as never} search={{ kind: line.kind } as never}>{text('ledger.words')}</Link></p>}
                        </details>
                      </div>
                    ),
                  },
                ]}
              />
              <Pager first={after === null} more={deliveries?.pageInfo.hasNextPage ?? false} busy={read.busy} toFirst={() => setAfter(null)} on={() => setAfter(deliveries?.pageInfo.endCursor ?? null)} />
            </>
          )}
        </Panel>
      </Beside>
    )
  }
  return (
    <div className="stack">
      <Later title={text('contact.title')}><Contacts id={id} /></Later>
      <Read of={read}>{ledger}</Read>
      {asked && (
        <Resend
          line={asked}
          name={name(asked)}
          onClose={(done) => {
            setAsked(null)
            setSent(done)
            if (done) read.again()
          }}
        />
      )}
    </div>
  )
}

/** Sends a notice anew, as another parcel that is linked to the first. `issues`: in the words of the register of what was issued. */
export function Resend({ line, name, issues = false, onClose }: { line: Pick<Line, 'id' | 'channel'>; name: string; issues?: boolean; onClose: (done: boolean) => void }) {
  const text = useText()
  const { word } = useWords()
  const reasons = useCodes('AnewReason')
  const [reason, setReason] = useState('')
  const [mailTo, setMailTo] = useState('')
  const [tried, setTried] = useState(false)
  const given = { id: line.id, reason: reason as AnewReason, mailTo: narrow(mailTo).trim() || null }
  const key = useSubmitKey(given)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [send, busy] = useSend(ResendDelivery)
  const submit = async () => {
    setTried(true)
    setTrouble(null)
    if (reason === '') return
    const answer = await send(given, key)
    if (answer.error) setTrouble(troubleOf(answer.error))
    else onClose(true)
  }
  return (
    <Dialog title={text(issues ? 'issued.again.of' : 'ledger.again.of', { what: name })} action={text(issues ? 'issued.again' : 'ledger.again')} busy={busy} onClose={() => onClose(false)} onSubmit={() => void submit()}>
      <p>{text('ledger.again.help')}</p>
      {trouble && <TroubleView trouble={trouble} />}
      <ChoiceField name="reason" label={text('ledger.reason')} required value={reason} blank={text('desk.choose')} options={reasons.map((code) => ({ value: code, label: word('AnewReason', code) }))} onChange={setReason} error={tried && reason === '' ? text('field.empty', { field: text('ledger.reason') }) : undefined} />
      {line.channel === 'EMAIL' && <TextField name="mailTo" label={text('desk.mailTo')} help={text('ledger.mailTo.help')} value={mailTo} onChange={setMailTo} tidy={(value) => narrow(value).trim()} />}
    </Dialog>
  )
}
