import { CaseRegistration, RegistrationDesk } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useSees } from '@/pages/admin/shared'
import { DataTable, Empty, Facts, Later, Panel, Read, WDate } from '@/ui'
import { Desk } from '../../registration/Desk'
import type { TabProps } from './Case'
import { useFresh } from './fresh'

/** The filings at the registry, what the register said, and the cover against fire. */
export default function Registration({ id, version }: TabProps) {
  const text = useText()
  const { word } = useWords()
  const seesDesk = useSees(RegistrationDesk)
  const read = useFresh(useRead(CaseRegistration, { id }), version)
  return (
    <Read of={read}>
      {({ application }) => (
        <div className="stack">
          <Panel title={text('registration.title')}>
            {!application || application.filings.length === 0 ? (
              <Empty title={text('registration.none')} />
            ) : (
              <DataTable
                name={text('registration.title')}
                lines={application.filings}
                keyOf={(filing) => filing.filing}
                columns={[
                  { key: 'filing', title: text('registration.filing'), show: (filing) => filing.filing },
                  { key: 'office', title: text('registration.office'), show: (filing) => filing.receipt?.office ?? '—' },
                  { key: 'received', title: text('registration.received'), show: (filing) => <WDate day={filing.receipt?.receivedOn} /> },
                  { key: 'number', title: text('registration.number'), show: (filing) => (filing.receipt ? text('registration.numberOf', { number: String(filing.receipt.number) }) : '—') },
                  { key: 'proof', title: text('registration.proof'), show: (filing) => (filing.receipt?.proof ? `${filing.receipt.proof.applicationNumber}／${filing.receipt.proof.confirmationNumber}` : '—') },
                  { key: 'correction', title: text('registration.correction'), show: (filing) => <WDate day={filing.correctionDeadline} /> },
                  { key: 'completed', title: text('registration.completed'), show: (filing) => <WDate day={filing.completedOn} /> },
                  { key: 'rank', title: text('registration.rank'), show: (filing) => (filing.rank !== null ? text('registration.rankOf', { rank: filing.rank }) : '—') },
                ]}
              />
            )}
            <Facts
              of={[
                [text('registration.scrivener'), application?.engagements?.filter((one) => one.role === 'SCRIVENER').map((one) => one.organisation).join('、') || null],
                [text('registration.office'), application?.filingFacts?.office ?? null],
                [text('registration.filingDate'), <WDate key="f" day={application?.filingFacts?.filingDate} />],
              ]}
            />
          </Panel>
          {seesDesk && <Later title={text('regdesk.job')}><Desk id={id} side="BRANCH" parts={['job']} parties={[]} /></Later>}
          {application?.registerReading && (
            <Panel title={text('registration.register')}>
              <Facts of={[[text('registration.readOn'), <WDate key="r" day={application.registerReading.readOn} />]]} />
              <DataTable
                name={text('registration.register')}
                lines={application.registerReading.records}
                keyOf={(record) => String(record.propertyNo)}
                columns={[
                  { key: 'no', title: text('overview.propertyNo'), show: (record) => record.propertyNo },
                  { key: 'title', title: text('registration.owner'), show: (record) => word('RegisteredTitle', record.title) },
                  { key: 'seller', title: text('registration.seller'), show: (record) => record.sellerName ?? '—' },
                  { key: 'number', title: text('overview.lot'), show: (record) => record.number ?? '—' },
                ]}
              />
            </Panel>
          )}
          {application?.fire && (
            <Panel title={text('registration.fire')}>
              {application.fire.length === 0 ? (
                <Empty title={text('registration.fire.none')} />
              ) : (
                <DataTable
                  name={text('registration.fire')}
                  lines={application.fire}
                  keyOf={(cover) => String(cover.propertyNo)}
                  columns={[
                    { key: 'no', title: text('overview.propertyNo'), show: (cover) => cover.propertyNo },
                    { key: 'from', title: text('registration.from'), show: (cover) => <WDate day={cover.from} /> },
                    { key: 'until', title: text('registration.until'), show: (cover) => <WDate day={cover.until} /> },
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
