import { CaseGuarantee } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { DataTable, Empty, Facts, Money, Panel, Read, Tag, WDate } from '@/ui'
import { Questions } from '../../guarantor/Questions'
import type { TabProps } from './Case'
import { Term } from './Term'
import { useFresh } from './fresh'

/** What the guarantor answered, and the terms that were approved. */
export default function Guarantee({ id, version }: TabProps) {
  const text = useText()
  const { word } = useWords()
  const read = useFresh(useRead(CaseGuarantee, { id }), version)
  return (
    <Read of={read}>
      {({ application }) => (
        <div className="stack">
          {application?.guarantor && <Panel title={text('guarantee.institution')}><Facts of={[[text('guarantee.institution'), application.guarantor]]} /></Panel>}
          <Questions of={application?.guaranteeQuestions ?? []} />
          {application?.guarantees.length === 0 && <Panel title={text('guarantee.title')}><Empty title={text('guarantee.none')} /></Panel>}
          {application?.guarantees.map((guarantee) => (
            <Panel key={guarantee.guaranteeNumber} title={text('guarantee.of', { number: guarantee.guaranteeNumber })}>
              <Facts
                of={[
                  [text('guarantee.amount'), <Money key="a" amount={guarantee.amountYen} said />],
                  [text('overview.term'), <Term key="t" months={guarantee.termMonths} />],
                  [text('guarantee.until'), <WDate key="u" day={guarantee.validUntil} />],
                  [text('guarantee.content'), text('guarantee.contentOf', { version: guarantee.contentVersion })],
                ]}
              />
              <DataTable
                name={text('guarantee.fees')}
                lines={guarantee.loans}
                keyOf={(loan) => String(loan.loanNo)}
                columns={[
                  { key: 'no', title: text('overview.loanNo'), show: (loan) => loan.loanNo },
                  { key: 'rate', title: text('guarantee.rate'), number: true, show: (loan) => (loan.monthlyRatePercent ? text('rate.of', { percent: loan.monthlyRatePercent }) : '—') },
                  { key: 'lump', title: text('guarantee.lump'), number: true, show: (loan) => (loan.lumpSumFeeYen != null ? <Money amount={loan.lumpSumFeeYen} /> : '—') },
                ]}
              />
              {guarantee.conditions.length > 0 && (
                <>
                  <h3>{text('guarantee.conditions')}</h3>
                  <ul>{guarantee.conditions.map((condition) => <li key={condition}>{condition}</li>)}</ul>
                </>
              )}
            </Panel>
          ))}
          {application?.approval && (
            <Panel title={text('approval.title')}>
              <Facts
                of={[
                  [text('approval.on'), <WDate key="o" day={application.approval.approvedOn} />],
                  [text('approval.until'), <WDate key="u" day={application.approval.validUntil} />],
                  [text('approval.addOn'), application.approval.screeningAddOn ? text('rate.of', { percent: application.approval.screeningAddOn }) : null],
                ]}
              />
              {application.approval.conditions && application.approval.conditions.length > 0 && (
                <DataTable
                  name={text('approval.conditions')}
                  lines={application.approval.conditions}
                  keyOf={(condition) => condition.code}
                  columns={[
                    { key: 'code', title: text('approval.code'), show: (condition) => condition.code },
                    { key: 'stage', title: text('approval.stage'), show: (condition) => word('ConditionStage', condition.stage) },
                    { key: 'text', title: text('approval.text'), show: (condition) => condition.text },
                    { key: 'due', title: text('queue.due'), show: (condition) => <WDate day={condition.dueOn} /> },
                    { key: 'evidence', title: text('approval.evidence'), show: (condition) => condition.evidence ?? <Tag tone="warn">{text('approval.open')}</Tag> },
                  ]}
                />
              )}
            </Panel>
          )}
        </div>
      )}
    </Read>
  )
}
