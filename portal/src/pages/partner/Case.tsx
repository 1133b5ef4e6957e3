import { useParams } from '@tanstack/react-router'
import { WorkCase, type WorkCaseQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Facts, Money, Notice, PageHead, Panel, Read, Tag, WDate } from '@/ui'
import { Actions } from './Actions'
import { Gone, Tasks } from './parts'
import { useKept } from './use'
import './outside.css'

type CaseOf = NonNullable<WorkCaseQuery['application']>

/** A case as an insurer, a member organisation, a registry or a fire insurer sees it: what to do, and the facts that it takes. */
export default function Case() {
  const { id } = useParams({ strict: false }) as { id: string }
  const read = useRead(WorkCase, { id })
  const kept = useKept(id, read.data?.application?.version ?? 0, read)
  return (
    <Read of={read}>
      {({ application, allowedActions }) =>
        application ? <Shown application={application} actions={allowedActions ?? []} done={read.again} {...kept} /> : <Gone />
      }
    </Read>
  )
}

function Shown(props: { application: CaseOf; actions: NonNullable<WorkCaseQuery['allowedActions']>; done: () => void; setActing: (acting: boolean) => void; changed: boolean }) {
  const { application, actions, done, setActing, changed } = props
  const text = useText()
  const { say, word } = useWords()
  const today = useToday()
  const content = application.content
  const parties = content?.parties ?? []
  const nameOf = (partyId: string) => parties.find((party) => party.partyId === partyId)?.nameKanji ?? partyId
  /** Whom or what an action is about: the person and the loan, rather than their keys. */
  const aboutOf = (key: string | null) => (key ? `（${key.split(':').map((part) => (parties.some((party) => party.partyId === part) ? nameOf(part) : part.startsWith('L') ? text('cases.loan.of', { number: part.slice(1) }) : part.startsWith('P') ? text('cases.property.of', { number: part.slice(1) }) : part)).join(' ')}）` : '')
  useTitle(`${application.number}｜${text('cases.one')}`)
  const choices = {
    partyId: parties.map((party) => ({ value: party.partyId, label: `${party.nameKanji}（${word('PartyRole', party.role)}）` })),
    loanNo: (content?.loans ?? []).map((loan) => ({ value: String(loan.loanNo), label: String(loan.loanNo) })),
    propertyNo: (content?.properties ?? []).map((property) => ({ value: String(property.propertyNo), label: `${property.propertyNo} ${word('PropertyKind', property.kind)} ${property.number}` })),
  }
  return (
    <div className="outside stack">
      <PageHead title={application.number} />
      <div className="row">
        {application.applicantName && <span lang="ja">{application.applicantName}（{application.applicantKana}）</span>}
        {application.amountYen !== undefined && <Money amount={application.amountYen} said />}
        {content && <span className="muted">{content.institution.bankName} {content.institution.branchName}</span>}
      </div>
      {changed && <Notice tone="warn">{text('do.changed')}</Notice>}
      <Panel title={text('do.title')}>
        <Tasks of={application.openTasks} />
        {actions.length === 0 && <p className="muted">{text('do.none')}</p>}
        <Actions actions={actions} id={application.id} version={application.version} about={application.number} choices={choices} begin={(action) => (action.verb === 'acceptFiling' ? { receipt: { office: '', receivedOn: today, number: '' } } : undefined)} nameOf={(action) => `${say(action.label)}${aboutOf(action.key)}`} done={done} setActing={setActing} quiet={actions.filter((action) => action.enabled).length > 1} />
      </Panel>
      <Panel title={text('cases.states')}>
        <ul className="plain tight">
          {application.tracks.map((track) => (
            <li key={`${track.track} ${track.key}`} className="spread">
              <span>{say(track.trackLabel)} <span className="muted small" lang="ja">{aboutOf(track.key)}</span></span>
              <span className="row"><Tag>{say(track.stateLabel)}</Tag><span className="muted small"><WDate day={track.since} /></span></span>
            </li>
          ))}
        </ul>
      </Panel>
      {parties.length > 0 && (
        <Panel title={text('cases.parties')}>
          {parties.map((party) => (
            <Facts
              key={party.partyId}
              of={[
                [word('PartyRole', party.role), <span key="n" lang="ja">{party.nameKanji}（{party.nameKana}）</span>],
                ...(party.birthDate ? [[text('cases.birth'), <WDate key="b" day={party.birthDate} />] as [string, React.ReactNode]] : []),
                ...(party.sex ? [[text('cases.sex'), word('Sex', party.sex)] as [string, React.ReactNode]] : []),
                ...(party.existingGroupLifeCover ? [[text('cases.cover'), <Money key="c" amount={party.existingGroupLifeCover.hereYen + party.existingGroupLifeCover.otherLabourBanksYen} />] as [string, React.ReactNode]] : []),
                ...(party.qualification?.orgMember ? [[text('cases.member'), party.qualification.orgMember.name] as [string, React.ReactNode]] : []),
              ]}
            />
          ))}
        </Panel>
      )}
      {content?.insurance && content.insurance.length > 0 && (
        <Panel title={text('cases.insurance')}>
          {content.insurance.map((line) => (
            <Facts
              key={`${line.partyId} ${line.loanNo}`}
              of={[
                [text('cases.who'), <span key="w" lang="ja">{nameOf(line.partyId)}</span>],
                [text('cases.type'), `${word('InsuranceType', line.type)}・${word('Cover', line.cover)}`],
                [text('cases.loan'), <Money key="l" amount={content.loans?.find((loan) => loan.loanNo === line.loanNo)?.amountYen ?? 0} />],
                [text('cases.share'), `${line.sharePercent}%`],
                [text('cases.declared'), <WDate key="d" day={line.declaredOn} />],
                [text('cases.accepted'), <Accepted key="a" covers={application.covers ?? []} of={`${line.partyId}:L${line.loanNo}`} />],
              ]}
            />
          ))}
        </Panel>
      )}
      {content?.properties && content.properties.length > 0 && (
        <Panel title={text('cases.properties')}>
          {content.properties.map((property) => (
            <Facts
              key={property.propertyNo}
              of={[
                [`${property.propertyNo} ${word('PropertyKind', property.kind)}`, `${property.location} ${property.number}`],
                [text('cases.structure'), property.structure ? word('Structure', property.structure) : null],
                [text('cases.area'), property.floorAreaM2 ? `${property.floorAreaM2} ㎡` : null],
                ...(application.fire ? [[text('cases.fire'), <Covered key="f" fire={application.fire} of={property.propertyNo} />] as [string, React.ReactNode]] : []),
              ]}
            />
          ))}
        </Panel>
      )}
      {application.filings && application.filings.length > 0 && (
        <Panel title={text('cases.filings')}>
          {application.filings.map((filing) => (
            <Facts
              key={filing.filing}
              of={[
                [text('cases.filing'), filing.filing],
                [text('cases.receipt'), filing.receipt ? text('cases.receipt.of', { number: filing.receipt.number }) : null],
                [text('cases.office'), filing.receipt?.office ?? null],
                [text('cases.received'), <WDate key="r" day={filing.receipt?.receivedOn} />],
                [text('cases.correction'), <WDate key="c" day={filing.correctionDeadline} />],
                [text('cases.completed'), <WDate key="d" day={filing.completedOn} />],
              ]}
            />
          ))}
        </Panel>
      )}
    </div>
  )
}

function Accepted({ covers, of }: { covers: { key: string; sumYen: number }[]; of: string }) {
  const found = covers.find((cover) => cover.key === of)
  return found ? <Money amount={found.sumYen} /> : <>—</>
}

function Covered({ fire, of }: { fire: { propertyNo: number; from: string; until: string }[]; of: number }) {
  const found = fire.find((cover) => cover.propertyNo === of)
  return found ? <><WDate day={found.from} />〜<WDate day={found.until} /></> : <>—</>
}
