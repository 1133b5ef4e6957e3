import { useState } from 'react'
import { KeepOriginal, OfferOriginal, RegisterOriginal, TakeOriginal, type OriginalKind, type OriginalPlace, type RegistrationDeskQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import type { Day } from '@/lib/dates'
import { useSubmitKey } from '@/lib/submit'
import { useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { StepOutcomeView, useCodes, useStep, type StepOutcome } from '@/pages/admin/shared'
import { Button, ChoiceField, DateField, Dialog, Empty, Instant, Notice, Panel, Tag, WDate } from '@/ui'
import { givesIt, needsDay, takesIt, type Side } from './sides'

export type Party = { value: string; label: string }
type Original = NonNullable<RegistrationDeskQuery['registrationDesk']>['originals'][number]

/** The paper originals of a case: where each is, who gave it to whom, and by when it comes back. Giver and receiver are two people. */
export function Originals({ id, of, parties, side, done }: { id: string; of: Original[]; parties: Party[]; side: Side; done: () => void }) {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const [adding, setAdding] = useState(false)
  const [giving, setGiving] = useState<Original | null>(null)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [take, taking] = useStep(TakeOriginal, (data) => data.takeOriginal?.problems)
  const [keep, keeping] = useStep(KeepOriginal, (data) => data.keepOriginal?.problems)
  const came = (now: StepOutcome) => {
    setOutcome(now)
    if (now === 'done') done()
  }
  const closed = () => {
    setAdding(false)
    setGiving(null)
    setOutcome(null)
    done()
  }
  return (
    <Panel title={text('originals.title')}>
      <StepOutcomeView of={outcome} />
      {of.length === 0 && <Empty title={text('originals.none')} />}
      <ul className="plain cards">
        {of.map((one) => (
          <li key={one.id} className="card tight">
            <div className="row">
              <strong>{say(one.kindLabel)}</strong>
              {one.partyId && <span lang="ja">{parties.find((party) => party.value === one.partyId)?.label ?? one.partyId}</span>}
              <Tag tone={one.isOverdue ? 'bad' : 'plain'}>{say(one.placeLabel)}</Tag>
              {one.isOverdue && <Tag tone="bad">{text('originals.overdue')}</Tag>}
              {one.isToHandOver && <Tag tone="warn">{text('originals.handOver')}</Tag>}
            </div>
            <div className="row small">
              <span>{text('originals.holder', { who: one.holder })}</span>
              <Instant at={one.since} />
              {one.dueOn && <span>{text('originals.due')} <WDate day={one.dueOn} weekday /></span>}
            </div>
            {one.offeredToLabel && <Notice>{text('originals.offered', { who: one.offeredBy ?? '', place: say(one.offeredToLabel) })}</Notice>}
            <div className="row">
              {takesIt(one, side) && one.offeredBy !== session.subject && (
                <Button variant="primary" loading={taking} onClick={() => void take({ id: one.id }).then(came)}>{text('originals.take')}</Button>
              )}
              {givesIt(one, side) && one.offeredTo !== null && <Button loading={keeping} onClick={() => void keep({ id: one.id }).then(came)}>{text('originals.keep')}</Button>}
              {givesIt(one, side) && one.offeredTo === null && <Button onClick={() => setGiving(one)}>{text('originals.give')}</Button>}
            </div>
            {one.moves.length > 0 && (
              <details>
                <summary>{text('originals.moves', { count: one.moves.length })}</summary>
                <ol className="tight small">
                  {one.moves.map((move) => (
                    <li key={move.takenAt}>{text('originals.move', { from: say(move.fromLabel), to: say(move.toLabel), giver: move.givenBy, taker: move.takenBy })} <Instant at={move.takenAt} /></li>
                  ))}
                </ol>
              </details>
            )}
          </li>
        ))}
      </ul>
      <div><Button onClick={() => setAdding(true)}>{text('originals.add')}</Button></div>
      {adding && <AddDialog id={id} parties={parties} onClose={() => setAdding(false)} onDone={closed} />}
      {giving && <GiveDialog of={giving} onClose={() => setGiving(null)} onDone={closed} />}
    </Panel>
  )
}

function AddDialog({ id, parties, onClose, onDone }: { id: string; parties: Party[]; onClose: () => void; onDone: () => void }) {
  const text = useText()
  const { word } = useWords()
  const kinds = useCodes('OriginalKind')
  const [kind, setKind] = useState('')
  const [party, setParty] = useState('')
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [register, busy] = useStep(RegisterOriginal, (data) => data.registerOriginal?.problems)
  const given = { id, kind: kind as OriginalKind, partyId: party === '' ? null : party }
  const key = useSubmitKey(given)
  const submit = async () => {
    setTried(true)
    if (kind === '') return
    const came = await register(given, key)
    if (came === 'done') onDone()
    else setOutcome(came)
  }
  return (
    <Dialog title={text('originals.add')} action={text('originals.add.do')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <StepOutcomeView of={outcome} />
      <ChoiceField name="kind" label={text('originals.kind')} required value={kind} blank={text('regdesk.choose')} options={kinds.map((code) => ({ value: code, label: word('OriginalKind', code) }))} onChange={setKind} error={tried && kind === '' ? text('field.empty', { field: text('originals.kind') }) : undefined} />
      <ChoiceField name="partyId" label={text('originals.party')} value={party} blank={text('originals.party.none')} options={parties} onChange={setParty} />
    </Dialog>
  )
}

function GiveDialog({ of, onClose, onDone }: { of: Original; onClose: () => void; onDone: () => void }) {
  const text = useText()
  const { say, word } = useWords()
  const places = useCodes('OriginalPlace').filter((code) => code !== of.place)
  const [to, setTo] = useState('')
  const [dueOn, setDueOn] = useState<Day | null>(null)
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [offer, busy] = useStep(OfferOriginal, (data) => data.offerOriginal?.problems)
  const given = { id: of.id, to: to as OriginalPlace, dueOn: needsDay(to) ? dueOn : null }
  const key = useSubmitKey(given)
  const submit = async () => {
    setTried(true)
    if (to === '') return
    const came = await offer(given, key)
    if (came === 'done') onDone()
    else setOutcome(came)
  }
  return (
    <Dialog title={text('originals.give.of', { what: say(of.kindLabel) })} action={text('originals.give')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <StepOutcomeView of={outcome} />
      <p className="muted">{text('originals.give.help')}</p>
      <ChoiceField name="to" label={text('originals.to')} required value={to} blank={text('regdesk.choose')} options={places.map((code) => ({ value: code, label: word('OriginalPlace', code) }))} onChange={setTo} error={tried && to === '' ? text('field.empty', { field: text('originals.to') }) : undefined} />
      {needsDay(to) && <DateField name="dueOn" label={text('originals.due')} required value={dueOn} onChange={setDueOn} />}
    </Dialog>
  )
}
