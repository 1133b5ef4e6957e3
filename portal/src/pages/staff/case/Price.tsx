import { lazy, Suspense, useState } from 'react'
import { CaseContent, CaseQuote, Schedule, type RepaymentScenario } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Facts, Loading, Money, Notice, Panel, Read, WDate } from '@/ui'

const BalanceChart = lazy(() => import('./BalanceChart'))

/** The price of a case line by line, and what is repaid each month. */
export default function Price({ id, date }: { id: string; date: string }) {
  const text = useText()
  const { word, say } = useWords()
  const quote = useRead(CaseQuote, { id, date })
  return (
    <Read of={quote}>
      {({ quote }) =>
        !quote || quote.problems.length > 0 || !quote.loans ? (
          <Panel title={text('price.title')}>
            {(quote?.problems ?? []).map((problem) => <Notice key={problem.field + problem.rule} tone="warn">{say({ ja: problem.messageJa, en: problem.messageEn })} {problem.rule}</Notice>)}
          </Panel>
        ) : (
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
                <Repayments id={id} date={quote.date ?? date} loanNo={loan.loanNo ?? 1} rate={loan.applicablePercent} first={loan.firstRepaymentOn} />
              </Panel>
            ))}
          </>
        )
      }
    </Read>
  )
}

/** The schedule of a loan: the balance as a picture, and every payment as a table. */
function Repayments({ id, date, loanNo, rate, first }: { id: string; date: string; loanNo: number; rate: string; first: string }) {
  const text = useText()
  const content = useRead(CaseContent, { id })
  const loan = content.data?.application?.content?.loans?.find((one) => one.loanNo === loanNo)
  const [after, setAfter] = useState<number | null>(null)
  const scenarios: RepaymentScenario[] = loan
    ? [{ amountYen: loan.amountYen, ratePercent: rate, disbursedOn: date, firstRepaymentOn: first, repaymentDay: loan.repaymentDay, termMonths: loan.termMonths, bonusPartYen: loan.bonusPartYen, bonusMonths: loan.bonusMonths }]
    : []
  const schedule = useRead(Schedule, { scenarios, first: SIZES.Schedule, after }, !loan)
  if (!loan) return null
  return (
    <Read of={schedule}>
      {({ simulateRepayment }) => {
        const found = simulateRepayment?.[0]
        if (!found || !found.rows) return null
        const { rows } = found
        return (
          <div className="stack">
            <Suspense fallback={<Loading />}>
              <BalanceChart rows={rows} />
            </Suspense>
            <details>
              <summary>{text('price.table')}</summary>
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
            </details>
          </div>
        )
      }}
    </Read>
  )
}
