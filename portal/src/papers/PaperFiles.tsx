import { useEffect, useRef, useState, type ReactNode } from 'react'
import { ActionDialog, type Action } from '@/command'
import { Papers, type PapersQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import type { Announced } from '@/lib/upload'
import { givenUp } from '@/lib/upload'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Beside } from '@/viewer'
import { Button, DateField, Dialog, Empty, Notice, Panel, Read, Tag } from '@/ui'
import { Files } from './Files'
import { addressOf, byPerson, HANDS_IN, isListed, isSame, remarkable, unfinished, type PaperFile, type PaperLine, type Upload } from './lines'
import { OnItsWay } from './OnItsWay'
import { Picker } from './Picker'
import { useUploads } from './useUploads'
import './papers.css'

/** A case with its papers. */
export type Shown = NonNullable<PapersQuery['application']>

const TONES: Record<PaperLine['state'], 'plain' | 'good' | 'warn' | 'bad'> = { MISSING: 'warn', RECEIVED: 'plain', ACCEPTED: 'good', DEFECTIVE: 'bad', EXPIRED: 'bad' }

/**
 * The checklist of a case by person, with the files that came for each paper: hand in, open, replace, and, where the role may, look at.
 * `mine`: for the people of the case, on a phone. `show`: how the name of a paper is written. `version` changes with the case.
 * `children`: what follows below, from the same answer.
 */
export function PaperFiles(props: { id: string; version: number; mine?: boolean; show?: (words: string) => ReactNode; done?: () => void; children?: (shown: Shown) => ReactNode }) {
  const { id, version, children } = props
  const read = useRead(Papers, { id })
  const shown = useRef(version)
  const { again } = read
  useEffect(() => {
    if (shown.current === version) return
    shown.current = version
    again()
  })
  return (
    <Read of={read}>
      {({ application, allowedActions, uploads }) =>
        application && (
          <Beside over={props.mine ?? false}>
            <Checklist {...props} application={application} actions={allowedActions ?? []} uploads={uploads ?? []} again={again} />
            {children?.(application)}
          </Beside>
        )
      }
    </Read>
  )
}

function Checklist(props: {
  id: string
  mine?: boolean
  show?: (words: string) => ReactNode
  done?: () => void
  application: Shown
  actions: Action[]
  uploads: Upload[]
  again: () => void
}) {
  const { id, mine = false, show = (words) => words, done, application, actions, again } = props
  const text = useText()
  const { say, word } = useWords()
  const { session } = useSeat()
  const uploads = useUploads(again)
  const [checking, setChecking] = useState<PaperFile | null>(null)
  const [asked, setAsked] = useState<{ line: PaperLine; files: File[]; replaces: string | null } | null>(null)
  const parties = application.content?.parties ?? []
  const people = byPerson(application.papers, parties.map((party) => party.partyId))
  const sends = HANDS_IN.includes(session.role) && !application.isFinal
  const check = mine ? undefined : actions.find((action) => action.verb === 'checkPaper' && action.enabled)
  const nameOf = (partyId: string | null) => (partyId === null ? text('papers.case') : (parties.find((party) => party.partyId === partyId)?.nameKanji ?? partyId))
  const hand = (line: PaperLine, files: File[], replaces: string | null, issuedOn: string | null = null) => {
    for (const file of files) uploads.add(line.key, file, announced(id, line, replaces, issuedOn))
  }
  // The branch knows the day of issue, people of the case need not: the bank reads it from the paper.
  const ask = (line: PaperLine, files: File[], replaces: string | null = null) => {
    if (files.length === 0) return
    if (mine) hand(line, files, replaces)
    else setAsked({ line, files, replaces })
  }
  const left = unfinished(props.uploads, session.subject, uploads.all.map((one) => one.address))
  const wrong = remarkable(props.uploads)
  return (
    <>
      {left.length > 0 && <Unfinished left={left} id={id} lines={application.papers} uploads={uploads} again={again} small={!mine} />}
      {wrong.length > 0 && (
        <Panel title={text('papers.remarkable')}>
          <ul className="plain tight">
            {wrong.map((one) => (
              <li key={one.id}>
                <Tag tone={one.state === 'REFUSED' ? 'bad' : 'now'}>{say(one.stateLabel)}</Tag> {show(say(one.paperLabel))} <span lang="ja">{one.name}</span>
                {one.reasonLabel && <span>：{say(one.reasonLabel)}</span>}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {people.length === 0 && <Panel title={text('papers.title')}><Empty title={text('papers.none')} /></Panel>}
      {people.map((person) => (
        <Panel key={person.partyId ?? ''} title={text('papers.of', { who: nameOf(person.partyId), here: person.here, asked: person.asked })}>
          <ul className="plain papers">
            {person.lines.map((line) => (
              <Line
                key={line.key}
                line={line}
                mine={mine}
                name={show(say(line.paperLabel))}
                onDrop={sends ? (files) => ask(line, files) : undefined}
                beside={sends && !mine && <Picker small several label={text('papers.add.of', { what: say(line.paperLabel) })} onPick={(files) => ask(line, files)}>{text('papers.add')}</Picker>}
              >
                <Files id={id} line={line} name={say(line.paperLabel)} small={!mine} replace={sends ? (file, files) => ask(line, files.slice(0, 1), file.id) : undefined} check={check && setChecking} />
                {uploads.all.filter((one) => one.line === line.key && !isListed(one, line)).map((one) => <OnItsWay key={one.key} one={one} uploads={uploads} small={!mine} />)}
                {sends && mine && (
                  <span className="row no-print">
                    <Picker camera primary={line.state !== 'ACCEPTED' && line.state !== 'RECEIVED'} label={text('papers.camera.of', { what: say(line.paperLabel) })} onPick={(files) => ask(line, files)}>{text('papers.camera')}</Picker>
                    <Picker several label={text('papers.add.of', { what: say(line.paperLabel) })} onPick={(files) => ask(line, files)}>{text('papers.add')}</Picker>
                  </span>
                )}
              </Line>
            ))}
          </ul>
        </Panel>
      ))}
      {asked && (
        <Hand
          title={text(asked.replaces ? 'papers.replace.of' : 'papers.add.of', { what: say(asked.line.paperLabel) })}
          about={`${application.number}　${nameOf(asked.line.partyId)}`}
          files={asked.files}
          onSend={(issuedOn) => {
            hand(asked.line, asked.files, asked.replaces, issuedOn)
            setAsked(null)
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {checking && check && (
        <ActionDialog
          id={id}
          version={application.version}
          about={`${application.number}　${checking.name ?? word('MediaType', checking.mediaType ?? '')}`}
          action={check}
          given={{ fileId: checking.id }}
          onClose={() => setChecking(null)}
          onDone={() => {
            setChecking(null)
            again()
            done?.()
          }}
        />
      )}
    </>
  )
}

function announced(id: string, line: PaperLine, replaces: string | null, issuedOn: string | null): Announced {
  return { applicationId: id, paper: line.paper, partyId: line.partyId, propertyNo: line.propertyNo, loanNo: line.loanNo, replaces, issuedOn }
}

/** A paper of the list. Files can be let fall on it; the button beside it does the same. */
function Line({ line, mine, name, onDrop, beside, children }: { line: PaperLine; mine: boolean; name: ReactNode; onDrop?: (files: File[]) => void; beside: ReactNode; children: ReactNode }) {
  const text = useText()
  const { say } = useWords()
  const [over, setOver] = useState(false)
  return (
    <li
      className={over ? 'paper-over' : undefined}
      onDragOver={(event) => {
        if (!onDrop || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        if (!onDrop) return
        event.preventDefault()
        setOver(false)
        onDrop([...event.dataTransfer.files])
      }}
    >
      <span className="spread">
        <span className="paper-name">
          {name}
          {line.propertyNo !== null && `（${text('papers.property', { number: line.propertyNo })}）`}
          {line.loanNo !== null && `（${text('papers.loan', { number: line.loanNo })}）`}
        </span>
        <span className="row small">
          {!mine && <span className="muted">{say(line.stageLabel)}</span>}
          <Tag tone={TONES[line.state]}>{say(line.stateLabel)}</Tag>
          {beside}
        </span>
      </span>
      {children}
    </li>
  )
}

/** What is about to be sent, with the day of issue, on which the validity of certificates depends. */
function Hand({ title, about, files, onSend, onClose }: { title: string; about: string; files: File[]; onSend: (issuedOn: string | null) => void; onClose: () => void }) {
  const text = useText()
  const [issuedOn, setIssuedOn] = useState<string | null>(null)
  return (
    <Dialog title={title} action={text('papers.send', { count: files.length })} onClose={onClose} onSubmit={() => onSend(issuedOn)}>
      <p className="muted">{about}</p>
      <ul>{files.map((file) => <li key={file.name} lang="ja">{file.name}</li>)}</ul>
      <DateField name="issuedOn" label={text('papers.issuedOn')} help={text('papers.issuedOn.help')} value={issuedOn} onChange={setIssuedOn} />
    </Dialog>
  )
}

/** What another visit of the page left unfinished: the same file goes on where the server has it. */
function Unfinished(props: { left: Upload[]; id: string; lines: PaperLine[]; uploads: ReturnType<typeof useUploads>; again: () => void; small: boolean }) {
  const { left, id, lines, uploads, again, small } = props
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const [other, setOther] = useState<string | null>(null)
  const pick = (upload: Upload, file: File | undefined) => {
    if (!file) return
    if (!isSame(upload, file)) return setOther(upload.id)
    setOther(null)
    const line = lines.find((one) => one.paper === upload.paper && one.partyId === upload.partyId) ?? lines[0]
    // What it is was said when it was opened; only its bytes are missing.
    if (line) uploads.add(line.key, file, announced(id, line, null, null), addressOf(upload))
  }
  const drop = (upload: Upload) => {
    const wire = { fetch: (address: string, init: RequestInit) => fetch(address, init), csrfToken: session.csrfToken, wait: async () => undefined }
    void givenUp(wire, addressOf(upload)).then(again)
  }
  return (
    <Panel title={text('papers.unfinished')}>
      <p>{text('papers.unfinished.help')}</p>
      <ul className="plain stack">
        {left.map((one) => (
          <li key={one.id} className="paper-on-its-way">
            <span>{say(one.paperLabel)} <span lang="ja">{one.name}</span></span>
            <progress value={one.received} max={one.bytes} aria-label={text('papers.sent.progress', { name: one.name ?? say(one.paperLabel) })} />
            {other === one.id && <Notice tone="bad">{text('papers.unfinished.other')}</Notice>}
            <span className="row">
              <Picker small={small} primary label={text('papers.pickAgain.of', { name: one.name ?? say(one.paperLabel) })} onPick={([file]) => pick(one, file)}>{text('papers.pickAgain')}</Picker>
              <Button size={small ? 's' : undefined} onClick={() => drop(one)} aria-label={text('papers.stop.of', { name: one.name ?? say(one.paperLabel) })}>{text('papers.stop')}</Button>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
