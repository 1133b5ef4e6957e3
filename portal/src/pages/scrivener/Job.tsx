import { useParams } from '@tanstack/react-router'
import { Job as JobQuery, JobPapers, RegistrationDesk, type JobQuery as JobData } from '@/gql/operations'
import { ENUMS } from '@/gql/verbs'
import { useText, type Key } from '@/i18n'
import { Letters } from '@/letters'
import { useTitle } from '@/lib/title'
import { useRead, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { DataTable, Facts, Meeting, Money, Notice, PageHead, Panel, Read, Tag, WDate } from '@/ui'
import { Beside } from '@/viewer'
import { Actions } from '../partner/Actions'
import { addressText } from '../partner/when'
import { Gone, Tasks } from '../partner/parts'
import { useKept } from '../partner/use'
import { Way } from '../partner/Way'
import { DeskParts } from '../registration/Desk'
import { Answer, CostSteps, Identify } from './Engagement'
import { answerIsDue, filingSteps, STOPPED } from './filing'
import '../partner/outside.css'

type JobOf = NonNullable<JobData['application']>

/** A job: what to do now, how far each filing is, and what is to be registered. Nothing of income, health or the decision is here. */
export default function Job() {
  const { id } = useParams({ strict: false }) as { id: string }
  const read = useRead(JobQuery, { id })
  const kept = useKept(id, read.data?.application?.version ?? 0, read)
  return (
    <Read of={read}>
      {({ application, allowedActions }) =>
        application ? <Shown job={application} actions={allowedActions ?? []} done={read.again} {...kept} /> : <Gone />
      }
    </Read>
  )
}

function Shown(props: { job: JobOf; actions: NonNullable<JobData['allowedActions']>; done: () => void; setActing: (acting: boolean) => void; changed: boolean }) {
  const { job, actions, done, setActing, changed } = props
  const text = useText()
  const { say, word } = useWords()
  const today = useToday()
  const parties = (job.content?.parties ?? []).map((party) => ({ value: party.partyId, label: party.nameKanji }))
  const filings = job.tracks.filter((track) => track.track === 'REG')
  const one = filings.length <= 1
  const desk = useRead(RegistrationDesk, { id: job.id })
  // Before the office has answered nothing else of the job can be done: the answer comes first.
  const due = answerIsDue(desk.data?.registrationDesk)
  useTitle(`${job.number}｜${text('job.title')}`)
  const methods = (['faceToFace', 'online', 'introduction'] as const).map((key) => ({ value: text(`job.method.${key}`), label: text(`job.method.${key}`) }))
  return (
    <div className="outside stack">
      <PageHead title={job.number} />
      <div className="row">
        <span lang="ja">{job.applicantName}（{job.applicantKana}）</span>
        <Money amount={job.amountYen} said />
        {job.content && <span className="muted">{job.content.institution.bankName} {job.content.institution.branchName}</span>}
      </div>
      {changed && <Notice tone="warn">{text('do.changed')}</Notice>}
      <Panel title={text('do.title')}>
        <Facts of={[[text('job.settlement'), <Meeting key="s" day={job.fixedDate?.date ?? job.plannedDate} at={job.settlement} />]]} />
        {due && <Answer id={job.id} number={job.number} done={() => { desk.again(); done() }} />}
        <Tasks of={job.openTasks} />
        {actions.length === 0 && !due && <p className="muted">{text('do.none')}</p>}
        <Actions
          actions={actions}
          id={job.id}
          version={job.version}
          about={job.number}
          choices={{ method: methods }}
          begin={(action) => (action.verb === 'acceptFiling' ? { receipt: { office: job.filingFacts?.office ?? '', receivedOn: today, number: '' } } : undefined)}
          nameOf={(action) => (one || !action.key ? say(action.label) : `${say(action.label)}（${action.key}）`)}
          done={done}
          setActing={setActing}
          quiet={due}
        />
      </Panel>
      {filings.map((track) => {
        const filing = job.filings.find((filing) => filing.filing === track.key)
        const stopped = STOPPED.some((state) => state === track.state)
        return (
          <Panel key={track.key} title={one ? text('job.filing') : text('job.filing.of', { key: track.key })}>
            <div className="row"><Tag tone={track.state === 'CORRECTION' || stopped ? 'warn' : 'now'}>{say(track.stateLabel)}</Tag><span className="small muted"><WDate day={track.since} /></span></div>
            {filing?.correctionDeadline && track.state === 'CORRECTION' && (
              <Notice tone="warn">{text('job.correction')} <WDate day={filing.correctionDeadline} weekday /></Notice>
            )}
            {!stopped && (
              <Way name={text('job.way')} steps={filingSteps(track.state).map((step) => ({ key: step.key, title: word('TrackState', step.key), state: step.state, day: dayOf(step.key, track, filing) }))} />
            )}
            <Facts
              of={[
                [text('job.receipt'), filing?.receipt ? text('job.receipt.of', { number: filing.receipt.number }) : text('job.receipt.none')],
                [text('job.proof'), filing?.receipt?.proof ? text('job.proof.of', { application: filing.receipt.proof.applicationNumber, confirmation: filing.receipt.proof.confirmationNumber }) : null],
                [text('job.office'), filing?.receipt?.office ?? job.filingFacts?.office ?? null],
                [text('job.seal'), <WDate key="s" day={filing?.sealCertificateOn} />],
                [text('job.rank'), filing?.rank ? text('job.rank.of', { rank: filing.rank }) : null],
              ]}
            />
          </Panel>
        )
      })}
      <DeskParts
        id={job.id}
        parties={parties}
        side="SCRIVENER"
        read={desk}
        costs={(desk, again) => desk.engagement?.state === 'ACCEPTED' && <CostSteps id={job.id} desk={desk} done={again} />}
        identity={(desk, again) => desk.engagement?.state === 'ACCEPTED' && <Identify id={job.id} parties={parties} done={again} />}
      />
      {job.filingFacts && <Papers id={job.id} job={job} />}
      {job.letters.length > 0 && <Beside over><Letters of={job.letters} number={job.number} /></Beside>}
      <Panel title={text('cases.parties')}>
        {(job.content?.parties ?? []).map((party) => (
          <Facts
            key={party.partyId}
            of={[
              [word('PartyRole', party.role), <span key="n" lang="ja">{party.nameKanji}（{party.nameKana}）</span>],
              [text('job.address'), `〒${party.address.postalCode} ${addressText(party.address)}`],
            ]}
          />
        ))}
      </Panel>
      <Panel title={text('cases.properties')}>
        {(job.content?.properties ?? []).map((property) => (
          <Facts
            key={property.propertyNo}
            of={[
              [`${property.propertyNo} ${word('PropertyKind', property.kind)}`, `${property.location} ${property.number}`],
              [text('cases.area'), (property.areaM2 ?? property.floorAreaM2) ? `${property.areaM2 ?? property.floorAreaM2} ㎡` : null],
              [text('job.owners'), property.owners.map((owner) => `${owner.name ?? nameOf(job, owner.partyId)} ${owner.share}`).join('、') || null],
              [text('job.prior'), property.priorMortgages.length === 0 ? text('job.prior.none') : text(property.priorMortgages.every((prior) => prior.releasedAtDisbursement) ? 'job.prior.released' : 'job.prior.stays', { count: property.priorMortgages.length })],
            ]}
          />
        ))}
      </Panel>
    </div>
  )
}

function nameOf(job: JobOf, partyId: string | null): string {
  return job.content?.parties.find((party) => party.partyId === partyId)?.nameKanji ?? partyId ?? ''
}

/** The day of a step, where the API says it. */
function dayOf(step: string, track: { state: string; since: string }, filing: JobOf['filings'][number] | undefined): string | null {
  if (step === 'ACCEPTED') return filing?.receipt?.receivedOn ?? null
  if (step === 'COMPLETED') return filing?.completedOn ?? null
  return track.state === step ? track.since : null
}

/** The papers of the filing: there or not. What an identification information says is never here. */
function Papers({ id, job }: { id: string; job: JobOf }) {
  const text = useText()
  const { word, say } = useWords()
  const papers = useRead(JobPapers, { id })
  const facts = job.filingFacts
  if (!facts) return null
  const all = ENUMS['Attachment'] ?? []
  return (
    <>
      <Panel title={text('job.papers')}>
        <ul className="plain tight">
          {all.map((paper) => {
            const there = facts.attachments.some((one) => one === paper)
            return (
              <li key={paper} className="row">
                <Tag tone={there ? 'good' : 'plain'}>{text(there ? 'job.paper.there' : 'job.paper.notThere')}</Tag>
                {word('Attachment', paper)}
              </li>
            )
          })}
        </ul>
        {facts.sealCertificates.length > 0 && (
          <DataTable
            name={text('job.seals')}
            lines={facts.sealCertificates}
            keyOf={(seal) => seal.partyId}
            columns={[
              { key: 'who', title: text('cases.who'), show: (seal) => <span lang="ja">{nameOf(job, seal.partyId)}</span> },
              { key: 'issued', title: text('job.seal'), show: (seal) => <WDate day={seal.issuedOn} /> },
            ]}
          />
        )}
      </Panel>
      <Read of={papers}>
        {({ registrationApplication }) =>
          registrationApplication && (
            <Panel title={text('job.application')}>
              {registrationApplication.missing.map((problem) => (
                <Notice key={`${problem.field} ${problem.rule}`} tone="warn">{say({ ja: problem.messageJa, en: problem.messageEn })} <span className="small muted">{problem.rule}</span></Notice>
              ))}
              {registrationApplication.application && (
                <>
                  <Facts
                    of={[
                      [text('job.office'), registrationApplication.application.office],
                      [text('job.filingDate'), <WDate key="d" day={registrationApplication.application.filingDate} />],
                      [text('job.claim'), <Money key="c" amount={registrationApplication.application.claimYen} said />],
                      [text('job.tax'), <Money key="t" amount={registrationApplication.application.tax.payableYen} />],
                      [text('job.relief'), text(`value.${registrationApplication.application.tax.reliefApplies ? 'yes' : 'no'}` as Key)],
                    ]}
                  />
                  <details>
                    <summary>{text('job.text')}</summary>
                    <p className="letter" lang="ja">{registrationApplication.application.text}</p>
                  </details>
                </>
              )}
            </Panel>
          )
        }
      </Read>
    </>
  )
}
