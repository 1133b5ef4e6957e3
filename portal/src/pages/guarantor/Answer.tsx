import { useEffect, useRef, useState, type FormEvent } from 'react'
import { errorsOf, missing, Reasons, sent, useCommand, type Errors, type Outcome, type Values } from '@/command'
import { INPUTS, VERBS } from '@/gql/verbs'
import { useFieldName, useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { Button, DateField, Facts, Money, Notice, NumberField, TextField, TroubleView, WDate, YenField } from '@/ui'
import { blankAnswer, feeOf, type AskedLoan } from './blank'

type Line = { loanNo: number; monthlyRatePercent: string; lumpSumFeeYen: number | null }

/** The answer of a guarantee company, with or without conditions, and what the bank will see of it. */
export function Answer(props: {
  id: string
  version: number
  loans: AskedLoan[]
  earlier?: Parameters<typeof blankAnswer>[1]
  /** Conditions that were made before. */
  conditions: string[]
  conditional: boolean
  done: () => void
}) {
  const { id, version, loans, earlier, conditional, done } = props
  const text = useText()
  const fieldName = useFieldName()
  const { say, word } = useWords()
  const verb = conditional ? 'conditionGuarantee' : 'approveGuarantee'
  const [values, setValues] = useState<Values>(() => blankAnswer(loans, earlier))
  const [conditions, setConditions] = useState<string[]>(props.conditions.length > 0 ? props.conditions : [''])
  const [errors, setErrors] = useState<Errors>({})
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [run, busy] = useCommand(verb)
  const summary = useRef<HTMLDivElement>(null)
  const failed = Object.keys(errors).length > 0 || outcome?.kind === 'blocked'
  useEffect(() => {
    if (failed) summary.current?.focus()
  }, [failed, errors, outcome])
  const set = (name: string, value: Values[string]) => setValues({ ...values, [name]: value })
  const lines = values['loans'] as unknown as Line[]
  const setLine = (no: number, changed: Partial<Line>) => set('loans', lines.map((line) => (line.loanNo === no ? { ...line, ...changed } : line)) as unknown as Values[string])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const listed = conditions.map((one) => one.trim()).filter((one) => one !== '')
    const empty = missing(INPUTS['GuaranteeAnswerInput'] ?? [], values, 'decision')
    const fees = loans.flatMap((loan, place) => {
      const line = lines.find((one) => one.loanNo === loan.loanNo)
      const fee = line?.[feeOf(loan)]
      return fee === null || fee === '' || fee === undefined ? [`decision.loans[${place}].${feeOf(loan)}`] : []
    })
    const all = [...empty, ...fees, ...(conditional && listed.length === 0 ? ['conditions[0]'] : [])]
    if (all.length > 0) {
      setOutcome(null)
      return setErrors(Object.fromEntries(all.map((path) => [path, text('field.empty', { field: fieldName(path.replace(/\[\d+\]$/, '').split('.').pop() ?? '') })])))
    }
    setErrors({})
    const asked = VERBS[verb] ?? []
    const answer = await run({ applicationId: id, expectedVersion: version, ...sent(asked, { decision: values, ...(conditional && { conditions: listed }) }) })
    if (answer.kind === 'done') return done()
    setOutcome(answer)
    if (answer.kind === 'invalid') setErrors(errorsOf(answer.problems, (problem) => say({ ja: problem.messageJa, en: problem.messageEn }), text))
  }

  const shared = (name: string) => ({ label: fieldName(name), name: `decision.${name}`, error: errors[`decision.${name}`] ?? errors[name] })
  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      {failed && (
        <div className="summary" ref={summary} tabIndex={-1} role="alert">
          <strong>{text(outcome?.kind === 'blocked' ? 'action.blocked' : 'form.wrong')}</strong>
          {outcome?.kind === 'blocked' && <Reasons of={outcome.unmet} />}
          <ul>{Object.entries(errors).map(([path, error]) => <li key={path}><a href={`#field-${path}`} onClick={(event) => jump(event, path)}>{error}</a></li>)}</ul>
        </div>
      )}
      {outcome?.kind === 'conflict' && (
        <Notice tone="warn">
          {text('review.conflict')}
          <Button onClick={done}>{text('review.again')}</Button>
        </Notice>
      )}
      {outcome?.kind === 'trouble' && <TroubleView trouble={outcome.trouble} />}
      <TextField {...shared('guaranteeNumber')} required value={String(values['guaranteeNumber'] ?? '')} onChange={(value) => set('guaranteeNumber', value)} />
      <YenField {...shared('amountYen')} required value={values['amountYen'] as number | null} onChange={(value) => set('amountYen', value)} />
      <NumberField {...shared('termMonths')} required value={String(values['termMonths'] ?? '')} unit={text('review.months')} onChange={(value) => set('termMonths', value)} />
      {loans.map((loan, place) => {
        const line = lines.find((one) => one.loanNo === loan.loanNo)
        const fee = feeOf(loan)
        const path = `decision.loans[${place}].${fee}`
        const label = text('review.fee.of', { number: loan.loanNo, fee: fieldName(fee) })
        return fee === 'lumpSumFeeYen' ? (
          <YenField key={loan.loanNo} label={label} name={path} error={errors[path]} required value={line?.lumpSumFeeYen ?? null} onChange={(value) => setLine(loan.loanNo, { lumpSumFeeYen: value })} />
        ) : (
          <NumberField key={loan.loanNo} label={label} name={path} error={errors[path]} required decimal unit="%" value={line?.monthlyRatePercent ?? ''} onChange={(value) => setLine(loan.loanNo, { monthlyRatePercent: value })} />
        )
      })}
      <DateField {...shared('validUntil')} help={text('review.valid.help')} value={values['validUntil'] as string | null} onChange={(value) => set('validUntil', value)} />
      {conditional && (
        <fieldset className="part">
          <legend>{fieldName('conditions')}</legend>
          <div className="stack">
            {conditions.map((condition, place) => (
              <div key={place} className="part-line">
                <div className="part-fields">
                  <TextField
                    label={text('review.condition', { number: place + 1 })}
                    name={`conditions[${place}]`}
                    error={errors[`conditions[${place}]`]}
                    lines={2}
                    value={condition}
                    onChange={(value) => setConditions(conditions.map((other, at) => (at === place ? value : other)))}
                  />
                </div>
                {conditions.length > 1 && <Button onClick={() => setConditions(conditions.filter((_, at) => at !== place))}>{text('form.remove', { number: place + 1 })}</Button>}
              </div>
            ))}
            <Button onClick={() => setConditions([...conditions, ''])}>{text('form.add', { what: fieldName('conditions') })}</Button>
          </div>
        </fieldset>
      )}
      <section className="part" aria-label={text('review.shown')}>
        <h3>{text('review.shown')}</h3>
        <Facts
          of={[
            [text('review.answer'), word('Verb', verb)],
            [fieldName('guaranteeNumber'), String(values['guaranteeNumber'] ?? '') || null],
            [fieldName('amountYen'), typeof values['amountYen'] === 'number' ? <Money key="a" amount={values['amountYen']} said /> : null],
            [fieldName('termMonths'), values['termMonths'] ? `${String(values['termMonths'])}${text('review.months')}` : null],
            [fieldName('validUntil'), values['validUntil'] ? <WDate key="v" day={String(values['validUntil'])} weekday /> : text('review.valid.default')],
          ]}
        />
        {conditional && <ul>{conditions.filter((one) => one.trim()).map((one, place) => <li key={place}>{one}</li>)}</ul>}
      </section>
      <Button type="submit" variant="primary" wide loading={busy}>{text('action.do', { what: word('Verb', verb) })}</Button>
    </form>
  )
}

/** Leads to a field without leaving the page. */
function jump(event: React.MouseEvent, path: string) {
  event.preventDefault()
  document.getElementById(`field-${path}`)?.focus()
}
