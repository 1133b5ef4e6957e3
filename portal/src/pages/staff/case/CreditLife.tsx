import { CaseCredit } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { DataTable, Empty, Money, Notice, Panel, Read, Tag, WDate } from '@/ui'
import type { TabProps } from './Case'
import { useFresh } from './fresh'

/** Who is insured for which loan, and what was accepted. What was declared about health is never here. */
export default function CreditLife({ id, version }: TabProps) {
  const text = useText()
  const { word } = useWords()
  const read = useFresh(useRead(CaseCredit, { id }), version)
  return (
    <Read of={read}>
      {({ application }) => {
        const insurance = application?.content?.insurance
        if (!insurance) return <Notice>{text('case.notSeen')}</Notice>
        const cover = (partyId: string, loanNo: number) => application?.covers?.find((one) => one.key === `${partyId}:L${loanNo}`)
        return (
          <Panel title={text('credit.title')}>
            {insurance.length === 0 ? (
              <Empty title={text('credit.none')} />
            ) : (
              <DataTable
                name={text('credit.title')}
                lines={insurance}
                keyOf={(one) => `${one.partyId} ${one.loanNo}`}
                columns={[
                  { key: 'who', title: text('credit.insured'), show: (one) => one.partyId },
                  { key: 'loan', title: text('overview.loanNo'), show: (one) => one.loanNo },
                  { key: 'type', title: text('credit.type'), show: (one) => word('InsuranceType', one.type) },
                  { key: 'cover', title: text('credit.cover'), show: (one) => `${word('Cover', one.cover)} ${one.sharePercent}%` },
                  { key: 'declared', title: text('credit.declared'), show: (one) => <WDate day={one.declaredOn} /> },
                  {
                    key: 'sum',
                    title: text('credit.sum'),
                    number: true,
                    show: (one) => {
                      const accepted = cover(one.partyId, one.loanNo)
                      return accepted ? <Money amount={accepted.sumYen} /> : <Tag>{text('credit.open')}</Tag>
                    },
                  },
                ]}
              />
            )}
            {application?.insuranceExceptions && application.insuranceExceptions.length > 0 && (
              <Notice>{text('credit.exceptions', { who: application.insuranceExceptions.join('、') })}</Notice>
            )}
          </Panel>
        )
      }}
    </Read>
  )
}
