import { useState } from 'react'
import { MyPrice, MySchedule, type RepaymentScenario } from '@/gql/operations'
import { useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Facts, Money, Notice, Panel, Read, WDate } from '@/ui'
import { Chart } from './Chart'
import { MinePage, type MyCaseOf } from './mine'
import { Ruby } from './ruby'

/** What is paid each month, first of all; then the balance as a picture, then every payment. */
export default function Schedule() {
  const text = useText()
  useTitle(text('me.page.schedule'))
  return (
    <MinePage title={text('me.page.schedule')} current="schedule">
      {({ mine }) => <Priced mine={mine} />}
    </MinePage>
  )
}

function Priced({ mine }: { mine: MyCaseOf }) {
  const text = useText()
  const { say, word } = useWords()
  const date = mine.fixedDate?.date ?? mine.plannedDate
  const price = useRead(MyPrice, { id: mine.id, date })
  return (
    <Read of={price}>
      {({ quote }) => {
        if (!quote?.loans || quote.problems.length > 0) {
          return (
            <Panel title={text('me.schedule.none')}>
              <p>{text('me.schedule.none.help')}</p>
              {(quote?.problems ?? []).map((problem) => <Notice key={problem.field + problem.rule}>{say({ ja: problem.messageJa, en: problem.messageEn })}</Notice>)}
            </Panel>
          )
        }
        const several = quote.loans.length > 1
        const monthly = quote.loans.reduce((sum, loan) => sum + loan.paymentYen, 0)
        return (
          <>
            <div className="now">
              <p><Ruby>{text('me.monthly')}</Ruby></p>
              <p className="monthly"><Money amount={monthly} /></p>
              {quote.provisional && <p className="small"><Ruby>{text('me.provisional')}</Ruby></p>}
            </div>
            {quote.loans.map((loan) => (
              <Panel key={loan.loanNo} title={several ? text('me.loan', { number: loan.loanNo }) : text('me.terms')}>
                <Facts
                  of={[
                    [text('me.payment'), <Money key="p" amount={loan.paymentYen} />],
                    ...(loan.paymentInBonusMonthYen !== null ? [[text('me.bonus'), <Money key="b" amount={loan.paymentInBonusMonthYen} />] as [string, React.ReactNode]] : []),
                    [text('me.rate'), text('me.rate.of', { type: word('RateType', loan.rateType), percent: loan.applicablePercent })],
                    [text('me.times'), text('me.times.of', { count: loan.repayments })],
                    [text('me.first'), <WDate key="f" day={loan.firstRepaymentOn} weekday />],
                    [text('me.last'), <WDate key="l" day={loan.lastRepaymentOn} weekday />],
                    [text('me.interest'), <Money key="i" amount={loan.totalInterestYen} said />],
                  ]}
                />
                <Payments mine={mine} date={quote.date ?? date} loanNo={loan.loanNo} rate={loan.applicablePercent} first={loan.firstRepaymentOn} />
              </Panel>
            ))}
          </>
        )
      }}
    </Read>
  )
}

/** The payments of a loan, once somebody wants them: the balance as a picture, and each as a line. */
function Payments({ mine, date, loanNo, rate, first }: { mine: MyCaseOf; date: string; loanNo: number; rate: string; first: string }) {
  const text = useText()
  const loan = mine.content?.loans.find((one) => one.loanNo === loanNo)
  const [wanted, setWanted] = useState(false)
  const [after, setAfter] = useState<number | null>(null)
  const scenarios: RepaymentScenario[] = loan
    ? [{ amountYen: loan.amountYen, ratePercent: rate, disbursedOn: date, firstRepaymentOn: first, repaymentDay: loan.repaymentDay, termMonths: loan.termMonths, bonusPartYen: loan.bonusPartYen, bonusMonths: loan.bonusMonths }]
    : []
  const schedule = useRead(MySchedule, { scenarios, first: SIZES.MySchedule, after }, !loan || !wanted)
  if (!loan) return null
  return (
    <details onToggle={(event) => setWanted(event.currentTarget.open)}>
      <summary>{text('me.table')}</summary>
      {wanted && (
        <Read of={schedule}>
          {({ simulateRepayment }) => {
            const found = simulateRepayment?.[0]
            if (!found || found.rows.length === 0) return null
            const { rows } = found
            return (
              <>
                <Chart rows={rows} amount={loan.amountYen} />
                <DataTable
                  dense
                  name={text('me.table')}
                  lines={rows}
                  keyOf={(row) => String(row.no)}
                  columns={[
                    { key: 'no', title: text('me.no'), number: true, show: (row) => row.no },
                    { key: 'due', title: text('me.due'), show: (row) => <WDate day={row.due} /> },
                    { key: 'payment', title: text('me.payment.of'), number: true, show: (row) => <Money amount={row.paymentYen} /> },
                    { key: 'principal', title: text('me.principal'), number: true, show: (row) => <Money amount={row.principalYen} /> },
                    { key: 'interest', title: text('me.interest.of'), number: true, show: (row) => <Money amount={row.interestYen} /> },
                    { key: 'balance', title: text('me.balance'), number: true, show: (row) => <Money amount={row.balanceYen} /> },
                  ]}
                />
                <div className="row">
                  <Button disabled={after === null} onClick={() => setAfter(null)}>{text('pager.first')}</Button>
                  <Button disabled={!found.moreRows} onClick={() => setAfter(rows.at(-1)?.no ?? null)}>{text('me.more')}</Button>
                </div>
              </>
            )
          }}
        </Read>
      )}
    </details>
  )
}
