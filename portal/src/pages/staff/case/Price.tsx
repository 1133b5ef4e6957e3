import { lazy, Suspense, useState } from 'react'
import { Schedule, type CaseDisbursementQuery, type RepaymentScenario, type ScheduleQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Empty, Facts, Loading, Money, Notice, Panel, Read, WDate } from '@/ui'

const BalanceChart = lazy(() => import('./BalanceChart'))

type Quote = NonNullable<CaseDisbursementQuery['quote']>
type Loan = NonNullable<NonNullable<NonNullable<CaseDisbursementQuery['application']>['content']>['loans']>[number]

/** The price of a case line by line, and what is repaid each month. `date`: the day of the disbursement, where the price names none. */
export default function Price({ quote, loans, date }: { quote: Quote | null; loans: readonly Loan[]; date: string }) {
  const text = useText()
  const { word, say } = useWords()
  if (!quote || quote.problems.length > 0 || !quote.loans) {
    return (
      <Panel title={text('price.title')}>
        {!quote && <Notice tone="warn">{text('price.none')}</Notice>}
        {(quote?.problems ?? []).map((problem) => <Notice key={problem.field + problem.rule} tone="warn">{say({ ja: problem.messageJa, en: problem.messageEn })} {problem.rule}</Notice>)}
      </Panel>
    )
  }
  return (
    <>
      {quote.loans.map((loan) => (
        <Panel key={loan.loanNo ?? 0} title={text('price.loan', { number: loan.loanNo ?? 1 })}>
          {quote.provisional && <Notice>{text('price.provisional')}</Notice>}
          <Facts
            of={[
              [text('overview.rateType'), word('RateType', loan.rateType)],
              [text('price.rate'), text('rate.of', { percent: loan.applicablePercent })],
              [text('price.monthly'), <Money key="m" amount={loan.paymentYen} />],
              [text('price.bonusMonth'), loan.paymentInBonusMonthYen !== null ? <Money key="b" amount={loan.paymentInBonusMonthYen} /> : null],
              [text('price.times'), text('price.timesOf', { count: loan.repayments })],
              [text('price.interest'), <Money key="i" amount={loan.totalInterestYen} said />],
              [text('price.first'), <WDate key="f" day={loan.firstRepaymentOn} />],
              [text('price.last'), <WDate key="l" day={loan.lastRepaymentOn} />],
            ]}
          />
          <DataTable
            dense
            name={text('price.lines')}
            lines={loan.lines}
            keyOf={(line) => `${line.component}`}
            columns={[
              { key: 'what', title: text('price.component'), show: (line) => say(line.label) },
              { key: 'points', title: text('price.points'), number: true, show: (line) => `${line.pointsPercent}%` },
              { key: 'because', title: text('price.because'), show: (line) => say(line.becauseLabel) },
            ]}
          />
          <Repayments loan={loans.find((one) => one.loanNo === (loan.loanNo ?? 1))} date={quote.date ?? date} rate={loan.applicablePercent} first={loan.firstRepaymentOn} />
        </Panel>
      ))}
    </>
  )
}

/** The schedule of a loan, once somebody wants it: the balance as a picture, and every payment as a table. */
function Repayments({ loan, date, rate, first }: { loan: Loan | undefined; date: string; rate: string; first: string }) {
  const text = useText()
  const [wanted, setWanted] = useState(false)
  const [after, setAfter] = useState<number | null>(null)
  const scenarios: RepaymentScenario[] = loan
    ? [{ amountYen: loan.amountYen, ratePercent: rate, disbursedOn: date, firstRepaymentOn: first, repaymentDay: loan.repaymentDay, termMonths: loan.termMonths, bonusPartYen: loan.bonusPartYen, bonusMonths: loan.bonusMonths }]
    : []
  const schedule = useRead(Schedule, { scenarios, first: SIZES.Schedule, after }, !loan || !wanted)
  if (!loan) return null
  const shown = ({ simulateRepayment }: ScheduleQuery) => {
    const found = simulateRepayment?.[0]
    if (!found || found.rows.length === 0) return <Empty title={text('price.rows.none')} />
    const { rows } = found
    return (
      <div className="stack">
        <Suspense fallback={<Loading />}>
          <BalanceChart rows={rows} />
        </Suspense>
        <DataTable
          dense
          name={text('price.table')}
          lines={rows}
          keyOf={(row) => String(row.no)}
          columns={[
            { key: 'no', title: text('price.no'), number: true, show: (row) => row.no },
            { key: 'due', title: text('price.due'), show: (row) => <WDate day={row.due} /> },
            { key: 'payment', title: text('price.payment'), number: true, show: (row) => <Money amount={row.paymentYen} /> },
            { key: 'principal', title: text('price.principal'), number: true, show: (row) => <Money amount={row.principalYen} /> },
            { key: 'interest', title: text('price.interestPart'), number: true, show: (row) => <Money amount={row.interestYen} /> },
            { key: 'balance', title: text('price.balance'), number: true, show: (row) => <Money amount={row.balanceYen} /> },
          ]}
        />
        <div className="row">
          <Button size="s" disabled={after === null} onClick={() => setAfter(null)}>{text('pager.first')}</Button>
          <Button size="s" disabled={!found.moreRows} onClick={() => setAfter(rows.at(-1)?.no ?? null)}>{text('price.next')}</Button>
        </div>
      </div>
    )
  }
  return (
    <details onToggle={(event) => setWanted(event.currentTarget.open)}>
      <summary>{text('price.table')}</summary>
      {wanted && <Read of={schedule}>{shown}</Read>}
    </details>
  )
}
