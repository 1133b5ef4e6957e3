import { lazy, Suspense } from 'react'
import { CaseDisbursement, Schedule } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { DataTable, Empty, Facts, Loading, Meeting, Money, Panel, Read, Tag, WDate } from '@/ui'
import type { TabProps } from './Case'
import { Masked } from './Masked'
import { useFresh } from './fresh'

const Transfer = lazy(() => import('./Transfer'))
const Price = lazy(() => import('./Price'))

/** Stages in which the money of the day is known and not yet posted. */
const MADE = new Set(['READY', 'DISBURSING'])

/** The day, the accounts that receive money, the orders, and what is repaid. */
export default function Disbursement({ id, version, day }: TabProps) {
  const text = useText()
  const { word, say } = useWords()
  const { session } = useSeat()
  const read = useFresh(useRead(CaseDisbursement, { id, date: day }), version)
  return (
    <Read of={read}>
      {({ application, quote }) =>
        application && (
          <div className="stack">
            <Panel title={text('disbursement.day')}>
              <Facts
                of={[
                  [text('case.planned'), <WDate key="p" day={application.plannedDate} weekday />],
                  [text('disbursement.fixed'), <WDate key="f" day={application.fixedDate?.date} weekday />],
                  [text('disbursement.settlement'), application.settlement ? <Meeting key="s" day={application.fixedDate?.date} at={application.settlement} /> : null],
                  [text('disbursement.deadline'), <WDate key="d" day={application.fundingDeadline} />],
                  [text('disbursement.deductions'), application.frozen ? <Money key="m" amount={application.frozen.deductionsYen} said /> : null],
                  [text('disbursement.servicing'), application.servicingNumber],
                ]}
              />
            </Panel>
            {application.payees && (
              <Panel title={text('disbursement.payees')}>
                {application.payees.length === 0 ? (
                  <Empty title={text('disbursement.payees.none')} />
                ) : (
                  <DataTable
                    name={text('disbursement.payees')}
                    lines={application.payees}
                    keyOf={(payee) => `${payee.kind} ${payee.number}`}
                    columns={[
                      { key: 'kind', title: text('disbursement.kind'), show: (payee) => say(payee.label) },
                      { key: 'name', title: text('disbursement.name'), show: (payee) => payee.name },
                      { key: 'bank', title: text('disbursement.bank'), show: (payee) => `${payee.account.bankName} ${payee.account.branchName}` },
                      { key: 'account', title: text('disbursement.account'), show: (payee) => <Masked value={payee.account.number} what={text('disbursement.account')} /> },
                      { key: 'amount', title: text('disbursement.amount'), number: true, show: (payee) => (payee.amountYen !== null ? <Money amount={payee.amountYen} /> : '—') },
                    ]}
                  />
                )}
              </Panel>
            )}
            <Panel title={text('disbursement.postings')}>
              {application.postings.length === 0 ? (
                <Empty title={text('disbursement.postings.none')} />
              ) : (
                <DataTable
                  name={text('disbursement.postings')}
                  lines={application.postings}
                  keyOf={(posting) => posting.key}
                  columns={[
                    { key: 'key', title: text('disbursement.key'), show: (posting) => posting.key },
                    { key: 'date', title: text('disbursement.date'), show: (posting) => <WDate day={posting.date} /> },
                    { key: 'amount', title: text('disbursement.amount'), number: true, show: (posting) => <Money amount={posting.amountYen} /> },
                    { key: 'state', title: text('documents.state'), show: (posting) => <Tag tone={posting.state === 'POSTED' ? 'good' : posting.state === 'UNKNOWN' || posting.state === 'REJECTED' ? 'bad' : 'plain'}>{word('PostingState', posting.state)}</Tag> },
                  ]}
                />
              )}
            </Panel>
            {session.role === 'OPERATIONS' && MADE.has(application.stage) && (
              <Suspense fallback={<Loading />}>
                <Transfer id={id} number={application.number || id} />
              </Suspense>
            )}
            {Schedule.texts.has(session.role) && (
              <Suspense fallback={<Loading />}>
                <Price quote={quote ?? null} loans={application.content?.loans ?? []} date={day} />
              </Suspense>
            )}
          </div>
        )
      }
    </Read>
  )
}
