import { useClient } from 'urql'
import { PaperLink } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf } from '@/lib/client'
import { save } from '@/lib/file'
import { textFor, type Operation } from '@/lib/operation'
import { useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { looksAt, useFetched, useShow } from '@/viewer'
import { Button, Instant, Notice, Tag, TroubleView, WDate } from '@/ui'
import { fileName, sizeText, standing, type PaperFile, type PaperLine } from './lines'
import { Picker } from './Picker'

const TONES: Record<PaperFile['state'], 'plain' | 'good' | 'bad'> = { RECEIVED: 'plain', ACCEPTED: 'good', DEFECTIVE: 'bad', REPLACED: 'plain' }

/** Asks for a link, which opens the file for some minutes and for this person alone, follows it and shows the file; what cannot be shown is saved. */
function useOpen(id: string) {
  const { session } = useSeat()
  const client = useClient()
  const show = useShow()
  const { fetched, busy, trouble } = useFetched()
  const open = async (line: PaperLine, file: PaperFile, title: string) => {
    const found = await fetched(file.id, async () => {
      const text = textFor(PaperLink as Operation<unknown, never>, session.role)
      const asked = await client.query<{ paperLink: { url: string } | null }>(text, { id, file: file.id }, { requestPolicy: 'network-only' }).toPromise()
      return asked.data?.paperLink?.url ?? (asked.error ? troubleOf(asked.error) : { kind: 'hidden' as const })
    })
    if (!found) return
    const sheet = { title, file: fileName(line, file), ...found }
    if (looksAt(found.type)) show(sheet)
    else save(sheet.file, sheet.bytes, sheet.type)
  }
  return { open, busy, trouble }
}

/** The files of a paper, the latest first; those whose place another one took stand behind a word. */
export function Files(props: { id: string; line: PaperLine; name: string; replace?: (file: PaperFile, files: File[]) => void; check?: (file: PaperFile) => void; small: boolean }) {
  const { id, line, name, replace, check, small } = props
  const text = useText()
  const { say } = useWords()
  const link = useOpen(id)
  const { now, before } = standing(line.files)
  const shown = (file: PaperFile) => {
    const said = file.name ?? `${name} ${file.mediaType ?? ''}`
    return (
      <li key={file.id} className={file.state === 'REPLACED' ? 'paper-before' : undefined}>
        <span className="row">
          <Tag tone={TONES[file.state]}>{say(file.stateLabel)}</Tag>
          <span lang="ja">{said}</span>
          <span className="muted small">
            {file.bytes !== null && `${sizeText(file.bytes)}　`}<Instant at={file.receivedAt} />{file.by && `　${file.by}`}
            {file.issuedOn && <>　{text('papers.issued')} <WDate day={file.issuedOn} /></>}
          </span>
        </span>
        {file.faultLabel && <span>{text('papers.why')} <strong>{say(file.faultLabel)}</strong>{file.note && <span lang="ja">（{file.note}）</span>}</span>}
        {file.checkedOn && file.checkedBy && <span className="muted small">{text('papers.checked', { who: file.checkedBy })} <WDate day={file.checkedOn} /></span>}
        {!file.scanned && check && file.state === 'RECEIVED' && <span className="muted small">{text('papers.notScanned')}</span>}
        <span className="row">
          {file.opens && <Button size={small ? 's' : undefined} loading={link.busy === file.id} onClick={() => void link.open(line, file, said)} aria-label={text('papers.open.of', { what: said })}>{text('papers.open')}</Button>}
          {check && file.opens && file.state !== 'REPLACED' && <Button size={small ? 's' : undefined} onClick={() => check(file)} aria-label={text('papers.check.of', { what: said })}>{text('papers.check')}</Button>}
          {replace && file.state !== 'REPLACED' && <Picker small={small} label={text('papers.replace.of', { what: said })} onPick={(files) => replace(file, files)}>{text('papers.replace')}</Picker>}
        </span>
      </li>
    )
  }
  return (
    <>
      {now.length > 0 && <ul className="plain tight paper-files">{now.map(shown)}</ul>}
      {before.length > 0 && (
        <details>
          <summary className="small">{text('papers.before', { count: before.length })}</summary>
          <ul className="plain tight paper-files">{before.map(shown)}</ul>
        </details>
      )}
      {link.trouble && (link.trouble.kind === 'hidden' ? <Notice tone="bad">{text('papers.link.gone')}</Notice> : <TroubleView trouble={link.trouble} />)}
    </>
  )
}
