import { CaseContract } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { Facts, Empty, Meeting, Money, Panel, Read, WDate } from '@/ui'
import type { TabProps } from './Case'
import { useFresh } from './fresh'

/** The contract: what was explained to whom, who signed, when it was formed. */
export default function Contract({ id, version }: TabProps) {
  const text = useText()
  const read = useFresh(useRead(CaseContract, { id }), version)
  return (
    <Read of={read}>
      {({ application }) => {
        const contract = application?.contract
        const people = (list: string[] | undefined) => (list && list.length > 0 ? list.join('、') : null)
        return (
          <div className="stack">
            <Panel title={text('contract.title')}>
              {contract ? (
                <Facts
                  of={[
                    [text('contract.appointment'), <Meeting key="a" day={contract.appointment} at={contract.meeting} />],
                    [text('contract.explained'), people(contract.explained)],
                    [text('contract.identified'), people(contract.identified)],
                    [text('contract.signed'), people(contract.signed)],
                    [text('contract.tendered'), <WDate key="t" day={contract.tenderedOn} />],
                    [text('contract.formed'), <WDate key="f" day={contract.formedOn} />],
                  ]}
                />
              ) : (
                <Empty title={text('contract.none')} />
              )}
            </Panel>
            {(application?.costs || application?.payoff) && (
              <Panel title={text('contract.money')}>
                <Facts
                  of={[
                    [text('contract.funds'), application.costs ? <Money key="f" amount={application.costs.fundsAvailableYen} said /> : null],
                    [text('contract.scrivener'), application.costs ? <Money key="s" amount={application.costs.scrivenerBillYen} said /> : null],
                    [text('contract.payoff'), application.payoff ? <Money key="p" amount={application.payoff.amountYen} said /> : null],
                    [text('contract.lender'), application.payoff?.lender ?? null],
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
