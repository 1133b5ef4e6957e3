import { CaseContent } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { DataTable, Facts, Money, Notice, Panel, Read, WDate } from '@/ui'
import type { TabProps } from './Case'
import { Masked } from './Masked'
import { Term } from './Term'
import { useFresh } from './fresh'

/** What was applied for: loans, people, property. */
export default function Overview({ id, version }: TabProps) {
  const text = useText()
  const { word } = useWords()
  const read = useFresh(useRead(CaseContent, { id }), version)
  return (
    <Read of={read}>
      {({ application }) => {
        const content = application?.content
        if (!content) return <Notice>{text('case.notSeen')}</Notice>
        const { purpose, loans, parties, properties } = content
        return (
          <div className="stack">
            <Panel title={text('overview.title')}>
              <Facts
                of={[
                  [text('queue.amount'), content.requestedAmountYen != null && <Money amount={content.requestedAmountYen} said />],
                  [text('overview.own'), content.ownFundsYen != null && <Money amount={content.ownFundsYen} said />],
                  [text('overview.purpose'), purpose ? word('PurposeCode', purpose.code) : null],
                  [text('overview.wished'), <WDate key="d" day={application.namedDate ?? content.requestedDisbursementDate} weekday />],
                  [text('overview.form'), content.contractForm ? word('ContractForm', content.contractForm) : null],
                  [text('overview.branch'), `${content.institution.bankName} ${content.institution.branchName}`],
                  [text('overview.valuation'), application.valuationYen != null ? <Money amount={application.valuationYen} said /> : null],
                ]}
              />
            </Panel>
            {loans && (
              <Panel title={text('overview.loans')}>
                <DataTable
                  name={text('overview.loans')}
                  lines={loans}
                  keyOf={(loan) => String(loan.loanNo)}
                  columns={[
                    { key: 'no', title: text('overview.loanNo'), show: (loan) => loan.loanNo },
                    { key: 'amount', title: text('queue.amount'), number: true, show: (loan) => <Money amount={loan.amountYen} /> },
                    { key: 'bonus', title: text('overview.bonus'), number: true, show: (loan) => (loan.bonusPartYen > 0 ? <Money amount={loan.bonusPartYen} /> : '—') },
                    { key: 'term', title: text('overview.term'), show: (loan) => <Term months={loan.termMonths} /> },
                    { key: 'rate', title: text('overview.rateType'), show: (loan) => word('RateType', loan.rateType) },
                    { key: 'fee', title: text('overview.feePlan'), show: (loan) => word('FeePlan', loan.feePlan) },
                    { key: 'guarantee', title: text('overview.guaranteeFee'), show: (loan) => word('GuaranteeFeeMethod', loan.guaranteeFeeMethod) },
                    { key: 'day', title: text('overview.day'), show: (loan) => text('overview.dayOf', { day: loan.repaymentDay }) },
                  ]}
                />
              </Panel>
            )}
            {parties?.map((party) => (
              <Panel key={party.partyId} title={`${word('PartyRole', party.role)}　${party.nameKanji}（${party.nameKana}）`}>
                <Facts
                  of={[
                    [text('party.birth'), <WDate key="b" day={party.birthDate} />],
                    [text('party.phone'), party.phone ? <Masked key="p" value={party.phone} what={text('party.phone')} /> : null],
                    [text('party.address'), `〒${party.address.postalCode} ${party.address.text}`],
                    [text('party.income'), party.annualIncomeYen != null ? <Money amount={party.annualIncomeYen} said /> : null],
                    [text('party.employer'), party.employment?.employerName ?? null],
                    [text('party.employment'), party.employment ? word('EmploymentKind', party.employment.kind) : null],
                    [text('party.qualification'), party.qualification?.route ? word('QualificationRoute', party.qualification.route) : null],
                    [text('party.org'), party.qualification?.orgMember?.name ?? null],
                  ]}
                />
              </Panel>
            ))}
            {properties && (
              <Panel title={text('overview.properties')}>
                <DataTable
                  name={text('overview.properties')}
                  lines={properties}
                  keyOf={(property) => String(property.propertyNo)}
                  columns={[
                    { key: 'no', title: text('overview.propertyNo'), show: (property) => property.propertyNo },
                    { key: 'kind', title: text('overview.kind'), show: (property) => word('PropertyKind', property.kind) },
                    { key: 'location', title: text('overview.location'), show: (property) => property.location },
                    { key: 'number', title: text('overview.lot'), show: (property) => property.number },
                    { key: 'structure', title: text('overview.structure'), show: (property) => (property.structure ? word('Structure', property.structure) : '—') },
                    { key: 'owners', title: text('overview.owners'), show: (property) => property.owners?.map((owner) => `${owner.name ?? owner.partyId} ${owner.share}`).join('、') ?? '—' },
                  ]}
                />
              </Panel>
            )}
          </div>
        )
      }}
    </Read>
  )
}
