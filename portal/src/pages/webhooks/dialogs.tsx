import { useState } from 'react'
import { AddWebhookEndpoint, ChangeWebhookEndpoint, RotateWebhookSecret } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSubmitKey } from '@/lib/submit'
import { narrow } from '@/lib/text'
import { useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, CheckField, Dialog, Notice, NumberField, TextField, TroubleView } from '@/ui'
import { hoursOf, wrongAddress } from './words'
import type { Endpoint, EventType } from './Webhooks'

type Made = { secret: string | null; url: string }

/** A new endpoint, or another address, purpose or choice of events for one that there is. `onDone` hears the secret of a new one. */
export function EndpointDialog({ endpoint, types, onClose, onDone }: { endpoint: Endpoint | null; types: EventType[]; onClose: () => void; onDone: (made: Made | null) => void }) {
  const text = useText()
  const { say } = useWords()
  const [url, setUrl] = useState(endpoint?.url ?? '')
  const [description, setDescription] = useState(endpoint?.description ?? '')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(endpoint?.types))
  const [tried, setTried] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [add, adding] = useSend(AddWebhookEndpoint)
  const [change, changing] = useSend(ChangeWebhookEndpoint)
  const given = { url: url.trim(), types: types.map((type) => type.name).filter((name) => chosen.has(name)), description: description.trim() }
  const key = useSubmitKey(given)
  const wrong = wrongAddress(url)
  const submit = async () => {
    setTried(true)
    setTrouble(null)
    if (wrong || given.types.length === 0) return
    if (endpoint) {
      const { error } = await change({ id: endpoint.id, ...given }, key)
      return error ? setTrouble(troubleOf(error)) : onDone(null)
    }
    const { error, data } = await add(given, key)
    const made = data?.addWebhookEndpoint
    if (error || !made) return setTrouble(error ? troubleOf(error) : { kind: 'failed' })
    onDone({ secret: made.secret, url: made.endpoint.url })
  }
  return (
    <Dialog title={text(endpoint ? 'hooks.change' : 'hooks.add')} action={text('hooks.save')} busy={adding || changing} onClose={onClose} onSubmit={() => void submit()}>
      {trouble && <TroubleView trouble={trouble} />}
      <TextField name="url" label={text('hooks.url')} help={text('hooks.url.help')} required value={url} onChange={setUrl} tidy={(value) => narrow(value).trim()} error={tried && wrong ? text(wrong === 'empty' ? 'field.empty' : 'hooks.url.wrong', { field: text('hooks.url') }) : undefined} />
      <TextField name="description" label={text('hooks.description')} help={text('hooks.description.help')} value={description} onChange={setDescription} />
      <fieldset className="event-types">
        <legend className="field-label">{text('hooks.types')}</legend>
        {tried && given.types.length === 0 && <p className="field-error" role="alert">{text('hooks.types.none')}</p>}
        {types.map((type) => (
          <CheckField key={type.name} label={`${say(type.label)}（${type.name}）`} value={chosen.has(type.name)} onChange={(on) => setChosen((now) => new Set(on ? [...now, type.name] : [...now].filter((name) => name !== type.name)))} />
        ))}
      </fieldset>
    </Dialog>
  )
}

/** Asks for how long the old secret signs beside the new one. */
export function RotateDialog({ endpoint, onClose, onDone }: { endpoint: Endpoint; onClose: () => void; onDone: (made: Made) => void }) {
  const text = useText()
  const [hours, setHours] = useState('24')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [rotate, busy] = useSend(RotateWebhookSecret)
  const overlapHours = hoursOf(narrow(hours))
  const key = useSubmitKey(overlapHours)
  const submit = async () => {
    setTrouble(null)
    if (overlapHours === null) return
    const { error, data } = await rotate({ id: endpoint.id, overlapHours }, key)
    const made = data?.rotateWebhookSecret
    if (error || !made) return setTrouble(error ? troubleOf(error) : { kind: 'failed' })
    onDone({ secret: made.secret, url: made.endpoint.url })
  }
  return (
    <Dialog title={text('hooks.rotate')} action={text('hooks.rotate')} danger busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p className="endpoint-url">{endpoint.url}</p>
      {trouble && <TroubleView trouble={trouble} />}
      <NumberField name="hours" label={text('hooks.hours')} help={text('hooks.hours.help')} required unit={text('hooks.hours.unit')} value={hours} onChange={setHours} error={overlapHours === null ? text('hooks.hours.wrong') : undefined} />
    </Dialog>
  )
}

/** The secret, this once. It is in no storage and in no address; closing the dialog forgets it. */
export function SecretDialog({ secret, url, onClose }: Made & { onClose: () => void }) {
  const text = useText()
  const [copied, setCopied] = useState<boolean | null>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret ?? '')
      setCopied(true)
    } catch {
      setCopied(false)
    }
  }
  return (
    <Dialog title={text('hooks.secret')} onClose={onClose} footer={secret !== null && <Button onClick={() => void copy()}>{text('hooks.secret.copy')}</Button>}>
      <p className="endpoint-url">{url}</p>
      {secret === null ? (
        // The first answer was lost: what was shown is not kept.
        <Notice tone="warn">{text('hooks.secret.gone')}</Notice>
      ) : (
        <>
          <Notice tone="warn">{text('hooks.secret.once')}</Notice>
          <p className="secret">{secret}</p>
          <p role="status">{copied === null ? '' : text(copied ? 'hooks.secret.copied' : 'hooks.secret.notCopied')}</p>
        </>
      )}
    </Dialog>
  )
}
