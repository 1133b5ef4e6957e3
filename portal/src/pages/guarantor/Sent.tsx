import type { ReviewQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { addressText } from '../partner/when'
import { DataTable, Empty, Facts, Instant, Money, Panel, Tag, WDate } from '@/ui'

type Content = NonNullable<NonNullable<ReviewQuery['application']>['content']>

/** What the bank sent: the content in its version, people, loans, property, papers. */
export function Sent({ content, contentVersion }: { content: Content; contentVersion: number }) {
  const text = useText()
  const { word } = useWords()
  const nameOf = (partyId: string | null) => content.parties.find((party) => party.partyId === partyId)?.nameKanji ?? text('review.case')
  return (
    <>
      <Panel title={text('review.sent', { version: contentVersion })}>
        <Facts
          of={[
            [text('review.received'), <Instant key="r" at={content.receivedAt} />],
            [text('review.product'), word('Product', content.product)],
            [text('review.purpose'), word('PurposeCode', content.purpose.code)],
            [text('review.wanted'), <Money key="w" amount={content.requestedAmountYen} said />],
            [text('review.own'), <Money key="o" amount={content.ownFundsYen} />],
            [text('review.day'), <WDate key="d" day={content.requestedDisbursementDate} weekday />],
            [text('review.valuation'), content.collateralValuation.amountYen ? <Money key="v" amount={content.collateralValuation.amountYen} /> : null],
            [text('review.valuation.met'), text(content.collateralValuation.requirementMet ? 'value.yes' : 'value.no')],
          ]}
        />
      </Panel>
      <Panel title={text('review.loans')}>
        <DataTable
          name={text('review.loans')}
          lines={content.loans}
          keyOf={(loan) => String(loan.loanNo)}
          columns={[
            { key: 'no', title: text('review.loan'), number: true, show: (loan) => loan.loanNo },
            { key: 'amount', title: text('review.amount'), number: true, show: (loan) => <Money amount={loan.amountYen} /> },
            { key: 'term', title: text('review.term'), number: true, show: (loan) => `${loan.termMonths}${text('review.months')}` },
            { key: 'rate', title: text('review.rateType'), show: (loan) => word('RateType', loan.rateType) },
            { key: 'fee', title: text('review.feeMethod'), show: (loan) => word('GuaranteeFeeMethod', loan.guaranteeFeeMethod) },
            { key: 'bonus', title: text('review.bonus'), number: true, show: (loan) => <Money amount={loan.bonusPartYen} /> },
          ]}
        />
      </Panel>
      <Panel title={text('cases.parties')}>
        {content.parties.map((party) => (
          <section key={party.partyId} className="tight">
            <h3>{word('PartyRole', party.role)} <span lang="ja">{party.nameKanji}（{party.nameKana}）</span></h3>
            <Facts
              of={[
                [text('cases.birth'), <WDate key="b" day={party.birthDate} />],
                [text('review.income'), <Money key="i" amount={party.annualIncomeYen} said />],
                [text('review.employer'), party.employment.employerName],
                [text('review.employment'), word('EmploymentKind', party.employment.kind)],
                [text('review.hired'), <WDate key="h" day={party.employment.hiredOn} />],
                [text('review.address'), addressText(party.address)],
              ]}
            />
            {party.otherDebts.length > 0 && (
              <DataTable
                dense
                name={text('review.debts')}
                lines={party.otherDebts}
                keyOf={(debt) => `${debt.kind} ${debt.balanceYen} ${debt.annualRepaymentYen}`}
                columns={[
                  { key: 'kind', title: text('review.debt'), show: (debt) => word('DebtKind', debt.kind) },
                  { key: 'balance', title: text('review.balance'), number: true, show: (debt) => <Money amount={debt.balanceYen} /> },
                  { key: 'year', title: text('review.yearly'), number: true, show: (debt) => <Money amount={debt.annualRepaymentYen} /> },
                ]}
              />
            )}
          </section>
        ))}
      </Panel>
      <Panel title={text('cases.properties')}>
        {content.properties.length === 0 && <Empty title={text('review.properties.none')} />}
        {content.properties.map((property) => (
          <Facts
            key={property.propertyNo}
            of={[
              [`${property.propertyNo} ${word('PropertyKind', property.kind)}`, `${property.location} ${property.number}`],
              [text('cases.structure'), property.structure ? word('Structure', property.structure) : null],
              [text('cases.area'), (property.areaM2 ?? property.floorAreaM2) ? `${property.areaM2 ?? property.floorAreaM2} ㎡` : null],
              [text('review.finished'), <WDate key="c" day={property.completedOn} />],
            ]}
          />
        ))}
      </Panel>
      <Panel title={text('review.papers', { count: content.documents.length })}>
        {content.documents.length === 0 ? (
          <Empty title={text('review.papers.none')} />
        ) : (
          <DataTable
            dense
            name={text('review.paper')}
            lines={content.documents}
            keyOf={(paper) => `${paper.document} ${paper.partyId} ${paper.propertyNo} ${paper.receivedOn}`}
            columns={[
              { key: 'what', title: text('review.paper'), show: (paper) => word('DocumentKind', paper.document) },
              { key: 'who', title: text('cases.who'), show: (paper) => <span lang="ja">{nameOf(paper.partyId)}</span> },
              { key: 'issued', title: text('review.issued'), show: (paper) => <WDate day={paper.issuedOn} /> },
              { key: 'received', title: text('review.paper.received'), show: (paper) => <WDate day={paper.receivedOn} /> },
            ]}
          />
        )}
        <ul className="plain tight">
          {content.consents.map((consent) => (
            <li key={`${consent.consent} ${consent.partyId}`} className="row">
              <Tag tone={consent.signedOn ? 'good' : 'warn'}>{text(consent.signedOn ? 'review.signed' : 'review.unsigned')}</Tag>
              {word('ConsentKind', consent.consent)} <span lang="ja">{nameOf(consent.partyId)}</span> <WDate day={consent.signedOn} />
            </li>
          ))}
        </ul>
      </Panel>
    </>
  )
}
