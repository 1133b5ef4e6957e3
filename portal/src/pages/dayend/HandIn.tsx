import { useRef, useState } from 'react'
import { HandInLedger, HandInTransferResult } from '@/gql/operations'
import { useText } from '@/i18n'
import { StepOutcomeView, useStep, type StepOutcome } from '@/pages/admin/shared'
import { Button, Notice, Panel } from '@/ui'

/** The bytes of a file in base64, whatever is in it. */
export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Hands in core banking's list and the result file of the transfers. A file that does not read is refused whole and says where. */
export function HandIn({ date, done }: { date: string; done: () => void }) {
  const text = useText()
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [repeated, setRepeated] = useState(false)
  const [taken, setTaken] = useState('')
  const [ledger, ledgerBusy] = useStep(HandInLedger, (data) => {
    setRepeated(data.handInLedger?.repeated ?? false)
    return data.handInLedger?.problems
  })
  const [result, resultBusy] = useStep(HandInTransferResult, (data) => {
    setRepeated(data.handInTransferResult?.repeated ?? false)
    return data.handInTransferResult?.problems
  })
  const came = (name: string, now: StepOutcome) => {
    setOutcome(now)
    setTaken(now === 'done' ? name : '')
    if (now === 'done') done()
  }
  return (
    <Panel title={text('dayEnd.handIn')}>
      <p className="muted">{text('dayEnd.handIn.help')}</p>
      <StepOutcomeView of={outcome} />
      {taken && <Notice tone={repeated ? 'info' : 'good'}>{text(repeated ? 'dayEnd.repeated' : 'dayEnd.taken', { name: taken })}</Notice>}
      <p className="row">
        <Pick accept=".csv,text/csv" busy={ledgerBusy} onPick={(file) => void file.text().then((list) => ledger({ date, list })).then((now) => came(file.name, now))}>{text('dayEnd.handIn.ledger')}</Pick>
        <Pick busy={resultBusy} onPick={(file) => void file.arrayBuffer().then((bytes) => result({ date, base64: base64Of(new Uint8Array(bytes)) })).then((now) => came(file.name, now))}>{text('dayEnd.handIn.result')}</Pick>
      </p>
    </Panel>
  )
}

function Pick({ children, accept, busy, onPick }: { children: string; accept?: string; busy: boolean; onPick: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button loading={busy} onClick={() => input.current?.click()}>{children}</Button>
      <input
        ref={input}
        className="hidden"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) onPick(file)
          // The same file can be picked again.
          event.target.value = ''
        }}
      />
    </>
  )
}
