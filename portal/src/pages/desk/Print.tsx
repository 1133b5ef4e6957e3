import { useEffect, useRef, useState } from 'react'
import { MarkPosted, NoticeSheets as Query } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSubmitKey } from '@/lib/submit'
import { useTitle } from '@/lib/title'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, ChoiceField, DataTable, Instant, Notice, PageHead, Read, TroubleView } from '@/ui'
import { batchOf, type Sheet } from './issued'
import './print.css'

/**
 * Documents to be printed together: what is left out and why, then one sheet each, or a grid of address labels. The page cannot know
 * whether a printer did its work: that letters were posted is noted by whoever posts them.
 */
export function Print({ ids, onClose }: { ids: readonly string[]; onClose: (changed: boolean) => void }) {
  const text = useText()
  const read = useRead(Query, { ids: [...ids] })
  const [posted, setPosted] = useState(0)
  const head = useRef<HTMLDivElement>(null)
  useTitle(text('print.title'))
  useEffect(() => head.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }), [])
  return (
    <div className="stack" ref={head}>
      <div className="no-print">
        <PageHead title={text('print.title')}><Button onClick={() => onClose(posted > 0)}>{text('print.back')}</Button></PageHead>
      </div>
      {posted > 0 && <Notice tone="good">{text('print.posted', { count: posted })}</Notice>}
      <Read of={read}>{({ noticeSheets }) => <Batch sheets={noticeSheets ?? []} onPosted={(count) => { setPosted((before) => before + count); read.again() }} />}</Read>
    </div>
  )
}

function Batch({ sheets, onPosted }: { sheets: readonly Sheet[]; onPosted: (count: number) => void }) {
  const text = useText()
  const { say } = useWords()
  const [form, setForm] = useState<'letters' | 'labels'>('letters')
  const [language, setLanguage] = useState('ja')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [mark, busy] = useSend(MarkPosted)
  const { printed, leftOut, labels, unaddressed, due } = batchOf(sheets)
  const key = useSubmitKey(due)
  const nameOf = (sheet: Sheet) => `${sheet.document ?? text('desk.noNumber')} ${sheet.kindLabel ? say(sheet.kindLabel) : ''}`
  const post = async () => {
    setTrouble(null)
    const answer = await mark({ ids: due }, key)
    if (answer.error) setTrouble(troubleOf(answer.error))
    else onPosted(answer.data?.markPosted?.length ?? 0)
  }
  const shown = form === 'letters' ? printed : labels
  return (
    <>
      <div className="stack no-print">
        {trouble && <TroubleView trouble={trouble} />}
        <p role="status">{text('print.count', { count: printed.length, left: leftOut.length })}</p>
        {leftOut.length > 0 && (
          <DataTable
            dense
            name={text('print.left')}
            lines={[...leftOut]}
            keyOf={(sheet) => sheet.id}
            columns={[
              { key: 'what', title: text('print.left'), show: nameOf },
              { key: 'why', title: text('print.why'), show: (sheet) => (sheet.leftOutLabel ? say(sheet.leftOutLabel) : '—') },
            ]}
          />
        )}
        <div className="row print-choices">
          <ChoiceField name="form" label={text('print.form')} value={form} options={(['letters', 'labels'] as const).map((one) => ({ value: one, label: text(`print.form.${one}`) }))} onChange={(one) => setForm(one === 'labels' ? 'labels' : 'letters')} />
          {form === 'letters' && <ChoiceField name="language" label={text('print.language')} value={language} options={(['ja', 'en'] as const).map((one) => ({ value: one, label: text(`print.language.${one}`) }))} onChange={setLanguage} />}
        </div>
        {form === 'labels' && unaddressed.length > 0 && <Notice tone="warn">{text('print.unaddressed', { what: unaddressed.map(nameOf).join('、') })}</Notice>}
        {form === 'letters' && printed.some((sheet) => sheet.isAsSent === false) && <Notice tone="warn">{text('print.other', { what: printed.filter((sheet) => sheet.isAsSent === false).map(nameOf).join('、') })}</Notice>}
        <p className="row">
          <Button variant="primary" disabled={shown.length === 0} onClick={() => window.print()}>{text('print.do')}</Button>
          <Button disabled={due.length === 0 || busy} onClick={() => void post()}>{text('post.mark', { count: due.length })}</Button>
        </p>
        <p className="muted small">{text('print.help')}</p>
      </div>
      {form === 'labels' ? (
        <ul className="plain address-labels" aria-label={text('print.form.labels')}>
          {labels.map((sheet) => (
            <li key={sheet.id} lang="ja" className="address-label">
              {sheet.postalCode && <span>〒{sheet.postalCode}</span>}
              <span>{sheet.address}</span>
              <strong>{text('print.to', { name: sheet.addressee ?? '' })}</strong>
            </li>
          ))}
        </ul>
      ) : (
        printed.map((sheet) => <Paper key={sheet.id} sheet={sheet} language={language} name={nameOf(sheet)} />)
      )}
    </>
  )
}

/** One document on paper. */
function Paper({ sheet, language, name }: { sheet: Sheet; language: string; name: string }) {
  const text = useText()
  const said = sheet.texts.find((one) => one.language === language) ?? sheet.texts[0]
  return (
    <section className="panel paper" aria-label={name}>
      <div className="paper-head">
        <div lang="ja" className="paper-to">
          {sheet.postalCode && <span>〒{sheet.postalCode}</span>}
          {sheet.address && <span>{sheet.address}</span>}
          {sheet.addressee && <strong>{text('print.to', { name: sheet.addressee })}</strong>}
        </div>
        <div className="paper-from">
          <Instant at={sheet.issuedAt} />
          <span lang="ja">{sheet.bankName} {sheet.branchName}</span>
        </div>
      </div>
      {said && (
        <div lang={said.language} className="tight">
          <h2>{said.subject}</h2>
          <p className="paper-text">{said.text}</p>
        </div>
      )}
      <p className="muted small paper-foot">
        {text('print.foot', { document: sheet.document ?? '—' })}{sheet.copy > 0 && `（${text('issued.copy', { copy: sheet.copy })}）`} SHA-256 {sheet.contentHash}
      </p>
    </section>
  )
}
