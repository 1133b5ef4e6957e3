import { useState } from 'react'
import { HandleIncidents, PreviewIncidents, type ClosingReason, type HandleIncidentsMutation, type IncidentAction } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSubmitKey } from '@/lib/submit'
import { narrow } from '@/lib/text'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useCodes } from '@/pages/admin/shared'
import { ChoiceField, DataTable, Dialog, Read, Tag, TextField, TroubleView } from '@/ui'
import { asksFor, isSaid, nameOf, type Incident } from './what'

type Outcome = NonNullable<HandleIncidentsMutation['handleIncidents']>[number]

/**
 * An action on exactly the incidents that were picked: what it would come to for each before it is done, and what became of each
 * afterwards. The same key for the same submit, so that a second try after a lost answer runs once.
 */
export function ActionOf({ action, lines, onClose }: { action: IncidentAction; lines: Incident[]; onClose: (changed: boolean) => void }) {
  const text = useText()
  const { say, word } = useWords()
  const [reason, setReason] = useState('')
  const [mailTo, setMailTo] = useState('')
  const [results, setResults] = useState<Outcome[] | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [handle, busy] = useSend(HandleIncidents)
  const asked = asksFor(action)
  const said = isSaid(action, reason, mailTo)
  // A preview does not ask whether the address is reachable: what is being typed need not leave the browser.
  const given = { ids: lines.map((line) => line.id), action, reason: (reason || null) as ClosingReason | null, mailTo: narrow(mailTo).trim() || null }
  const key = useSubmitKey(given)
  const preview = useRead(PreviewIncidents, given, !said || results !== null || asked === 'mailTo')
  const reasons = useCodes('ClosingReason')
  const name = word('IncidentAction', action)
  const submit = async () => {
    setTrouble(null)
    if (!said) return
    const answer = await handle(given, key)
    if (answer.error) setTrouble(troubleOf(answer.error))
    else setResults(answer.data?.handleIncidents ?? [])
  }
  const table = (outcomes: readonly Outcome[], done: boolean) => (
    <DataTable
      dense
      name={text(done ? 'desk.results' : 'desk.preview')}
      lines={lines}
      keyOf={(line) => line.id}
      columns={[
        { key: 'number', title: text('desk.number'), show: (line) => nameOf(line, text) },
        { key: 'what', title: text('desk.what'), show: (line) => (line.whatLabel ? say(line.whatLabel) : line.what) },
        {
          key: 'outcome',
          title: text(done ? 'desk.result' : 'desk.would'),
          show: (line) => {
            const outcome = outcomes.find((one) => one.id === line.id)
            if (!outcome) return '—'
            return <><Tag tone={outcome.possible ? 'good' : 'warn'}>{text(outcome.possible ? (done ? 'desk.done' : 'desk.will') : 'desk.not')}</Tag> {say(outcome.label)}</>
          },
        },
      ]}
    />
  )
  const possible = preview.data?.previewIncidents?.filter((one) => one.possible).length
  return (
    <Dialog
      wide
      title={name}
      action={results ? undefined : text('desk.do', { what: name, count: asked === 'mailTo' ? lines.length : (possible ?? lines.length) })}
      danger={action === 'CLOSE' || action === 'APPROVE'}
      busy={busy}
      onSubmit={results ? undefined : () => void submit()}
      onClose={() => onClose(results !== null)}
    >
      {trouble && <TroubleView trouble={trouble} />}
      {results ? (
        <>
          <p role="status">{text('desk.ended', { done: results.filter((one) => one.possible).length, not: results.filter((one) => !one.possible).length })}</p>
          {table(results, true)}
        </>
      ) : (
        <>
          {asked === 'reason' && <ChoiceField name="reason" label={text('desk.reason')} required value={reason} blank={text('desk.choose')} options={reasons.map((code) => ({ value: code, label: word('ClosingReason', code) }))} onChange={setReason} />}
          {asked === 'mailTo' && <TextField name="mailTo" label={text('desk.mailTo')} help={text('desk.mailTo.help')} required value={mailTo} onChange={setMailTo} tidy={(value) => narrow(value).trim()} />}
          {asked === 'mailTo' ? table([], false) : said ? <Read of={preview}>{({ previewIncidents }) => table(previewIncidents ?? [], false)}</Read> : <p className="muted">{text('desk.preview.first')}</p>}
        </>
      )}
    </Dialog>
  )
}
