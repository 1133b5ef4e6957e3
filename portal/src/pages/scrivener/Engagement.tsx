import { useId, useState } from 'react'
import { AnswerEngagement, BillCosts, EstimateCosts, RecordIdentity, type DeclineReason, type IdentityMethod, type IdentityPaper } from '@/gql/operations'
import { useFieldName, useText } from '@/i18n'
import type { Day } from '@/lib/dates'
import { useSubmitKey } from '@/lib/submit'
import { useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { StepOutcomeView, useCodes, useStep, type StepOutcome } from '@/pages/admin/shared'
import { Button, CheckField, ChoiceField, DateField, Dialog, Notice, YenField } from '@/ui'
import type { DeskOf } from '../registration/Desk'
import type { Party } from '../registration/Originals'

/** Asks whether the office takes the job. Papers open once it has; after it has declined it sees nothing of the case. */
export function Answer({ id, number, done }: { id: string; number: string; done: () => void }) {
  const text = useText()
  const title = useId()
  const [open, setOpen] = useState<'accept' | 'decline' | null>(null)
  return (
    <section className="stack" aria-labelledby={title}>
      <h3 id={title}>{text('engage.title')}</h3>
      <p>{text('engage.help')}</p>
      <div className="actions">
        <Button wide variant="primary" onClick={() => setOpen('accept')}>{text('engage.accept')}</Button>
        <Button wide onClick={() => setOpen('decline')}>{text('engage.decline')}</Button>
      </div>
      {open && <AnswerDialog id={id} number={number} accepts={open === 'accept'} onClose={() => setOpen(null)} onDone={() => { setOpen(null); done() }} />}
    </section>
  )
}

function AnswerDialog({ id, number, accepts, onClose, onDone }: { id: string; number: string; accepts: boolean; onClose: () => void; onDone: () => void }) {
  const text = useText()
  const { word } = useWords()
  const reasons = useCodes('DeclineReason')
  const [own, setOwn] = useState(false)
  const [other, setOther] = useState(false)
  const [checked, setChecked] = useState(false)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [answer, busy] = useStep(AnswerEngagement, (data) => data.answerEngagement?.problems)
  const given = { id, accepts, ownOrRelative: own, otherParty: other, reason: accepts || reason === '' ? null : (reason as DeclineReason) }
  const key = useSubmitKey(given)
  const missing = accepts ? !checked : reason === ''
  const submit = async () => {
    setTried(true)
    if (missing) return
    const came = await answer(given, key)
    if (came === 'done') onDone()
    else setOutcome(came)
  }
  return (
    <Dialog title={text(accepts ? 'engage.accept.of' : 'engage.decline.of', { number })} action={text(accepts ? 'engage.accept' : 'engage.decline')} danger={!accepts} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <StepOutcomeView of={outcome} />
      {accepts ? (
        <>
          <p>{text('engage.check')}</p>
          <ul className="tight"><li>{text('engage.own')}</li><li>{text('engage.other')}</li></ul>
          <CheckField label={text('engage.noConflict')} value={checked} onChange={setChecked} />
          {tried && !checked && <Notice tone="bad">{text('engage.noConflict.needed')}</Notice>}
        </>
      ) : (
        <>
          <Notice tone="warn">{text('engage.decline.help')}</Notice>
          <ChoiceField name="reason" label={text('engage.reason')} required value={reason} blank={text('regdesk.choose')} options={reasons.map((code) => ({ value: code, label: word('DeclineReason', code) }))} onChange={setReason} error={tried && reason === '' ? text('field.empty', { field: text('engage.reason') }) : undefined} />
          <CheckField label={text('engage.own')} value={own} onChange={setOwn} />
          <CheckField label={text('engage.other')} value={other} onChange={setOther} />
        </>
      )}
    </Dialog>
  )
}

/** Estimate before the job, bill after it. */
export function CostSteps({ id, desk, done }: { id: string; desk: DeskOf; done: () => void }) {
  const text = useText()
  const [open, setOpen] = useState<'estimate' | 'bill' | null>(null)
  if (desk.engagement?.state !== 'ACCEPTED') return null
  const state = desk.costs?.state
  return (
    <div className="actions">
      {(state === undefined || state === 'ESTIMATED') && <Button wide onClick={() => setOpen('estimate')}>{text(state ? 'regdesk.costs.again' : 'regdesk.costs.say')}</Button>}
      {state !== undefined && state !== 'AGREED' && <Button wide onClick={() => setOpen('bill')}>{text('regdesk.costs.send')}</Button>}
      {open && <CostDialog id={id} desk={desk} bill={open === 'bill'} onClose={() => setOpen(null)} onDone={() => { setOpen(null); done() }} />}
    </div>
  )
}

function CostDialog({ id, desk, bill, onClose, onDone }: { id: string; desk: DeskOf; bill: boolean; onClose: () => void; onDone: () => void }) {
  const text = useText()
  const name = useFieldName()
  const was = desk.costs?.bill ?? desk.costs?.estimate
  const [amounts, setAmounts] = useState<Record<'feeYen' | 'consumptionTaxYen' | 'registrationTaxYen' | 'disbursementsYen', number | null>>({
    feeYen: was?.feeYen ?? null,
    consumptionTaxYen: was?.consumptionTaxYen ?? null,
    registrationTaxYen: was?.registrationTaxYen ?? desk.registrationTaxYen ?? null,
    disbursementsYen: was?.disbursementsYen ?? null,
  })
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [estimate, estimating] = useStep(EstimateCosts, (data) => data.estimateCosts?.problems)
  const [send, sending] = useStep(BillCosts, (data) => data.billCosts?.problems)
  const { feeYen, consumptionTaxYen, registrationTaxYen, disbursementsYen } = amounts
  const key = useSubmitKey({ id, bill, ...amounts })
  const submit = async () => {
    setTried(true)
    if (feeYen === null || consumptionTaxYen === null || registrationTaxYen === null || disbursementsYen === null) return
    const given = { id, feeYen, consumptionTaxYen, registrationTaxYen, disbursementsYen }
    const came = await (bill ? send : estimate)(given, key)
    if (came === 'done') onDone()
    else setOutcome(came)
  }
  return (
    <Dialog title={text(bill ? 'regdesk.costs.send' : 'regdesk.costs.say')} action={text('regdesk.save')} busy={estimating || sending} onClose={onClose} onSubmit={() => void submit()}>
      <StepOutcomeView of={outcome} />
      {(Object.keys(amounts) as (keyof typeof amounts)[]).map((field) => (
        <YenField key={field} name={field} label={name(field)} required value={amounts[field]} onChange={(value) => setAmounts((now) => ({ ...now, [field]: value }))} error={tried && amounts[field] === null ? text('field.empty', { field: name(field) }) : undefined} />
      ))}
    </Dialog>
  )
}

/** Records whom the office identified: how, by which papers, when. What an identification information says has no field here. */
export function Identify({ id, parties, done }: { id: string; parties: Party[]; done: () => void }) {
  const text = useText()
  const [open, setOpen] = useState(false)
  return (
    <div className="actions">
      <Button wide onClick={() => setOpen(true)}>{text('regdesk.identity.add')}</Button>
      {open && <IdentityDialog id={id} parties={parties} onClose={() => setOpen(false)} onDone={() => { setOpen(false); done() }} />}
    </div>
  )
}

function IdentityDialog({ id, parties, onClose, onDone }: { id: string; parties: Party[]; onClose: () => void; onDone: () => void }) {
  const text = useText()
  const { word } = useWords()
  const [methods, papers] = [useCodes('IdentityMethod'), useCodes('IdentityPaper')]
  const [party, setParty] = useState(parties.length === 1 ? (parties[0]?.value ?? '') : '')
  const [method, setMethod] = useState('')
  const [shown, setShown] = useState<readonly string[]>([])
  const [on, setOn] = useState<Day | null>(useToday())
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [record, busy] = useStep(RecordIdentity, (data) => data.recordIdentity?.problems)
  const given = { id, partyId: party, method: method as IdentityMethod, papers: shown as IdentityPaper[], verifiedOn: on ?? '' }
  const key = useSubmitKey(given)
  const submit = async () => {
    setTried(true)
    if (party === '' || method === '' || on === null) return
    const came = await record(given, key)
    if (came === 'done') onDone()
    else setOutcome(came)
  }
  const empty = (value: string, label: string) => (tried && value === '' ? text('field.empty', { field: label }) : undefined)
  return (
    <Dialog title={text('regdesk.identity.add')} action={text('regdesk.save')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <StepOutcomeView of={outcome} />
      <ChoiceField name="partyId" label={text('regdesk.identity.who')} required value={party} blank={text('regdesk.choose')} options={parties} onChange={setParty} error={empty(party, text('regdesk.identity.who'))} />
      <ChoiceField name="method" label={text('regdesk.identity.method')} required value={method} blank={text('regdesk.choose')} options={methods.map((code) => ({ value: code, label: word('IdentityMethod', code) }))} onChange={setMethod} error={empty(method, text('regdesk.identity.method'))} />
      <fieldset className="tight">
        <legend>{text('regdesk.identity.papers')}</legend>
        {papers.map((code) => (
          <div key={code}><CheckField label={word('IdentityPaper', code)} value={shown.includes(code)} onChange={(yes) => setShown((now) => (yes ? [...now, code] : now.filter((one) => one !== code)))} /></div>
        ))}
      </fieldset>
      <DateField name="verifiedOn" label={text('regdesk.identity.on')} required value={on} onChange={setOn} error={empty(on ?? '', text('regdesk.identity.on'))} />
    </Dialog>
  )
}
