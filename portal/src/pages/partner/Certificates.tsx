import { useState } from 'react'
import { CertificateCase, CertificatesAsked, CertifyMember, RefuseMember, type CertifyMemberMutation } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useAsk, useEvery } from '@/lib/every'
import { csv, save } from '@/lib/file'
import { SIZES } from '@/lib/sizes'
import { useTitle } from '@/lib/title'
import { useSend, useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Notice, PageHead, Tag, TroubleView, type Column } from '@/ui'
import { COLUMNS, meantBy, readCertificates, type CertifiedCase, type FileLine, type FileRead, type Meant, type Wrong } from './certificates'
import './outside.css'

/** A line with what it would send under its own key, and what came of it. */
interface Prepared extends FileLine {
  meant: Meant | null
  key: string
  said: { done: boolean; text: string } | null
}

/** Membership certificates from a file: read, shown line by line, sent when somebody says so, with an answer for each line. */
export default function Certificates() {
  const text = useText()
  const today = useToday()
  const { say } = useWords()
  const [every] = useEvery(CertificatesAsked, (data) => data.tasks)
  const ask = useAsk(CertificateCase)
  const [certify] = useSend(CertifyMember)
  const [refuse] = useSend(RefuseMember)
  const [lines, setLines] = useState<Prepared[]>([])
  const [fault, setFault] = useState<Extract<FileRead, { fault: string }> | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [busy, setBusy] = useState(false)
  useTitle(text('certificates.title'))
  const words = (wrong: Wrong) => text('certificates.wrong', { column: text(`certificates.column.${wrong.column}`), accepted: text(wrong.accepted) })

  const read = async (file: File) => {
    setLines([])
    setFault(null)
    setTrouble(null)
    const found = readCertificates(await file.text(), today)
    if ('fault' in found) return setFault(found)
    setBusy(true)
    try {
      const waiting = await every({ first: SIZES.CertificatesAsked })
      if ('trouble' in waiting) return setTrouble(waiting.trouble)
      const cases = new Map<string, CertifiedCase>()
      const wanted = new Set(found.lines.flatMap((line) => (line.certificate ? [line.certificate.number] : [])))
      for (const number of wanted) {
        const task = waiting.lines.find((one) => one.number === number)
        if (!task) continue
        const answer = await ask({ id: task.applicationId })
        if ('trouble' in answer) return setTrouble(answer.trouble)
        const { application, allowedActions } = answer.data
        if (application) cases.set(number, { id: application.id, parties: application.content?.parties ?? [], actions: allowedActions ?? [] })
      }
      setLines(found.lines.map((line) => prepared(line, cases)))
    } finally {
      setBusy(false)
    }
  }

  const send = async () => {
    setBusy(true)
    setTrouble(null)
    const now = [...lines]
    try {
      for (const [at, line] of now.entries()) {
        const { meant, certificate } = line
        if (!meant || !certificate || line.said?.done) continue
        const { applicationId, partyId, requestId } = meant
        // The key is the line's: after a lost answer the same line runs once.
        const result =
          certificate.result === 'CONFIRMED' && certificate.certifiedOn
            ? await certify({ applicationId, partyId, requestId, certifiedOn: certificate.certifiedOn }, line.key)
            : await refuse({ applicationId, partyId, requestId }, line.key)
        if (result.error) return setTrouble(troubleOf(result.error))
        now[at] = { ...line, said: said((result.data as CertifyMemberMutation | undefined)?.answer) }
        setLines([...now])
      }
    } finally {
      setBusy(false)
    }
  }

  const said = (answer: CertifyMemberMutation['answer'] | undefined): Prepared['said'] => {
    switch (answer?.__typename) {
      case 'Done':
        return { done: true, text: text(answer.replayed ? 'certificates.replayed' : 'certificates.done') }
      case 'Blocked':
        return { done: false, text: answer.unmet.map((one) => `${say(one)}（${one.code}）`).join(' ') }
      case 'Invalid':
        return { done: false, text: answer.problems.map((one) => `${say({ ja: one.messageJa, en: one.messageEn })}: ${one.accepted}`).join(' ') }
      default:
        return { done: false, text: text('certificates.later') }
    }
  }

  const state = (line: Prepared): string => {
    if (line.said) return line.said.text
    return line.wrong.length > 0 ? line.wrong.map(words).join(' ') : text('certificates.ready')
  }
  const columns: Column<Prepared>[] = [
    { key: 'line', title: text('certificates.line'), number: true, show: (line) => line.line },
    ...COLUMNS.map((name): Column<Prepared> => ({ key: name, title: text(`certificates.column.${name}`), show: (line) => <span lang="ja">{line.cells[name] || '—'}</span> })),
    { key: 'state', title: text('certificates.state'), show: (line) => <Tag tone={line.said ? (line.said.done ? 'good' : 'bad') : line.meant ? 'now' : 'bad'}>{state(line)}</Tag> },
  ]
  const open = lines.filter((line) => line.meant && !line.said?.done).length
  const head = [...COLUMNS.map((name) => text(`certificates.column.${name}`))]
  return (
    <div className="outside stack">
      <PageHead title={text('certificates.title')} />
      <p className="muted">{text('certificates.help')}</p>
      <div className="row">
        <label className="file">
          <span>{text('certificates.file')}</span>
          <input
            type="file"
            accept=".csv,text/csv"
            disabled={busy}
            onChange={(event) => {
              const file = event.target.files?.[0]
              // The same file can be chosen again once it is repaired.
              event.target.value = ''
              if (file) void read(file)
            }}
          />
        </label>
        <Button onClick={() => save('certificates.csv', csv(head, []))}>{text('certificates.form')}</Button>
      </div>
      {fault && (
        <Notice tone="warn">
          {text(`certificates.fault.${fault.fault}`)}
          {fault.columns.length > 0 && ` ${fault.columns.map((name) => text(`certificates.column.${name}`)).join(', ')}`}
        </Notice>
      )}
      {trouble && <TroubleView trouble={trouble} />}
      {lines.length > 0 && (
        <>
          <p role="status">{text('certificates.count', { good: open, all: lines.length })}</p>
          <DataTable name={text('certificates.title')} columns={columns} lines={lines} keyOf={(line) => String(line.line)} />
          <div className="row">
            <Button variant="primary" loading={busy} disabled={open === 0} onClick={() => void send()}>{text('certificates.send', { count: open })}</Button>
            <Button
              disabled={busy}
              onClick={() => save('certificates-results.csv', csv([text('certificates.line'), ...head, text('certificates.state')], lines.map((line) => [line.line, ...COLUMNS.map((name) => line.cells[name]), state(line)])))}
            >
              {text('certificates.results')}
            </Button>
          </div>
        </>
      )}
    </div>
  )
}

function prepared(line: FileLine, cases: Map<string, CertifiedCase>): Prepared {
  const rest = { key: crypto.randomUUID(), said: null }
  if (!line.certificate) return { ...line, ...rest, meant: null }
  const meant = meantBy(line.certificate, cases.get(line.certificate.number))
  return 'column' in meant ? { ...line, ...rest, wrong: [meant], meant: null } : { ...line, ...rest, meant }
}
