import { useState } from 'react'
import { ProposeRate, type RateSeries } from '@/gql/operations'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { ChoiceField, DateField, Dialog, NumberField, TextField } from '@/ui'
import { cellsOf } from './cells'
import { REFUNDS } from './Rates'
import { StepOutcomeView, useCodes, useStep, type StepOutcome } from './shared'

/** A rate, or the guarantor's table, from a later day on. */
export function RateDialog({ done, onClose }: { done: () => void; onClose: () => void }) {
  const text = useText()
  const { word } = useWords()
  const all = useCodes('RateSeries')
  const [series, setSeries] = useState('')
  const [rate, setRate] = useState('')
  const [from, setFrom] = useState<string | null>(null)
  const [table, setTable] = useState('')
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [propose, busy] = useStep(ProposeRate, (data) => data.proposeRate?.problems)
  const cells = cellsOf(table)
  const refunds = series === REFUNDS
  const submit = async () => {
    setTried(true)
    if (!series || !rate || !from || (refunds && (cells === null || cells.length === 0))) return
    const came = await propose({ series: series as RateSeries, ratePercent: rate, validFrom: from, cells: refunds ? cells : null })
    if (came === 'done') done()
    else setOutcome(came)
  }
  const missing = (value: string | null, label: string) => (tried && !value ? text('field.empty', { field: label }) : undefined)
  return (
    <Dialog title={text('rates.propose')} action={text('admin.propose')} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p className="muted">{text('admin.second')}</p>
      <StepOutcomeView of={outcome} />
      <ChoiceField name="series" label={text('rates.series')} required value={series} blank={text('field.choose')} options={all.map((value) => ({ value, label: word('RateSeries', value) }))} onChange={setSeries} error={missing(series, text('rates.series'))} />
      <NumberField name="ratePercent" label={text(refunds ? 'rates.refundRate' : 'rates.rate')} required decimal unit="%" value={rate} onChange={setRate} error={missing(rate, text('rates.rate'))} />
      <DateField name="validFrom" label={text('rates.from')} help={text('rates.from.help')} required value={from} onChange={setFrom} error={missing(from, text('rates.from'))} />
      {refunds && <TextField name="cells" label={text('rates.table')} help={text('rates.table.help')} required lines={8} value={table} onChange={setTable} error={tried && (cells === null || cells.length === 0) ? text('rates.table.wrong') : undefined} />}
    </Dialog>
  )
}
