import { RegistrationDesk } from '@/gql/operations'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { useSees } from '@/pages/admin/shared'
import { PaperFiles, type Shown } from '@/papers'
import { DataTable, Empty, Later, Notice, Panel, Tag, WDate } from '@/ui'
import { Desk } from '../../registration/Desk'
import type { TabProps } from './Case'

/** The papers of a case by person, what is wrong with them, and the consents. */
export default function Documents({ id, version }: TabProps) {
  const text = useText()
  const seesDesk = useSees(RegistrationDesk)
  return (
    <div className="stack">
      <PaperFiles id={id} version={version}>
        {(application) => (
          <>
            {seesDesk && (
              <Later title={text('originals.title')}>
                <Desk id={id} side="BRANCH" parts={['originals']} parties={(application.content?.parties ?? []).map((party) => ({ value: party.partyId, label: party.nameKanji }))} />
              </Later>
            )}
            <Registered application={application} />
          </>
        )}
      </PaperFiles>
    </div>
  )
}

/** The papers that the form of the case names, what is wrong with them, and the consents. */
function Registered({ application }: { application: Shown }) {
  const text = useText()
  const { word } = useWords()
  const { content } = application
  if (!content?.documents) return <Notice>{text('case.notSeen')}</Notice>
  const defects = application.defects ?? []
  const name = (partyId: string | null) => content.parties?.find((party) => party.partyId === partyId)?.nameKanji ?? text('documents.case')
  const wrong = (document: string, partyId: string | null) => defects.find((defect) => defect.document === document && (defect.partyId === null || defect.partyId === partyId))
  const returned = defects.filter((defect) => !content.documents?.some((paper) => paper.document === defect.document))
  return (
    <>
      <Panel title={text('documents.title', { received: content.documents.length, wrong: defects.length })}>
        {returned.map((defect) => (
          <Notice key={`${defect.document} ${defect.partyId}`} tone="warn">
            <Tag tone="bad">{text('documents.wrong')}</Tag> {word('DocumentKind', defect.document)} {name(defect.partyId)}: {defect.problem}
          </Notice>
        ))}
        {content.documents.length === 0 ? (
          <Empty title={text('documents.none')} />
        ) : (
          <DataTable
            name={text('case.tab.documents')}
            lines={content.documents}
            keyOf={(paper) => `${paper.document} ${paper.partyId} ${paper.propertyNo}`}
            columns={[
              { key: 'document', title: text('documents.document'), show: (paper) => word('DocumentKind', paper.document) },
              { key: 'who', title: text('documents.who'), show: (paper) => (paper.propertyNo !== null ? text('documents.property', { number: paper.propertyNo }) : name(paper.partyId)) },
              {
                key: 'state',
                title: text('documents.state'),
                show: (paper) => {
                  const defect = wrong(paper.document, paper.partyId)
                  return defect ? <><Tag tone="bad">{text('documents.wrong')}</Tag> {defect.problem}</> : <Tag tone="good">{text('documents.received')}</Tag>
                },
              },
              { key: 'issued', title: text('documents.issued'), show: (paper) => <WDate day={paper.issuedOn} /> },
              { key: 'received', title: text('documents.receivedOn'), show: (paper) => <WDate day={paper.receivedOn} /> },
            ]}
          />
        )}
      </Panel>
      {content.consents && (
        <Panel title={text('documents.consents')}>
          <DataTable
            name={text('documents.consents')}
            lines={content.consents}
            keyOf={(consent) => `${consent.consent} ${consent.partyId}`}
            columns={[
              { key: 'consent', title: text('documents.consent'), show: (consent) => word('ConsentKind', consent.consent) },
              { key: 'who', title: text('documents.who'), show: (consent) => name(consent.partyId) },
              { key: 'signed', title: text('documents.signed'), show: (consent) => (consent.signedOn ? <WDate day={consent.signedOn} /> : <Tag tone="warn">{text('documents.unsigned')}</Tag>) },
            ]}
          />
        </Panel>
      )}
    </>
  )
}
