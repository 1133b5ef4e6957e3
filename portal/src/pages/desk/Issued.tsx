import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { IssuedNotices as Query, NoticeSheets, ResendDelivery, type ByPost, type IssuedNoticesQuery, type NoticeId } from '@/gql/operations'
import { useLocale, useText } from '@/i18n'
import { SIZES } from '@/lib/sizes'
import { narrow } from '@/lib/text'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useCodes } from '@/pages/admin/shared'
import { Button, ChoiceField, DataTable, DateField, Empty, Instant, Notice, PageHead, Pager, Read, Tag, TextField, TroubleView, type Column } from '@/ui'
import { Beside, useFetched, useShow } from '@/viewer'
import { Resend } from './Deliveries'
import { Print } from './Print'
import { Standing } from './Tries'
import { canRepeat, CHANNELS, type IssuedSearch } from './issued'
import './desk.css'

export type IssuedLine = NonNullable<IssuedNoticesQuery['issuedNotices']>['edges'][number]['node']

/** What was issued to people of all cases: found by case, kind and day, opened, sent anew with a reason, printed together. */
export default function Issued() {
  const text = useText()
  const search = useSearch({ strict: false }) as IssuedSearch
  const navigate = useNavigate()
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [printing, setPrinting] = useState<readonly string[] | null>(null)
  const read = useRead(Query, {
    first: SIZES.IssuedNotices,
    after: search.after ?? null,
    kind: (search.kind ?? null) as NoticeId | null,
    branch: search.branch ?? null,
    channel: search.channel ?? null,
    number: search.number ?? null,
    byPost: (search.byPost ?? null) as ByPost | null,
    from: search.from ?? null,
    to: search.to ?? null,
  })
  useTitle(text('issued.title'))
  const go = (next: IssuedSearch) => {
    setPicked(new Set())
    void navigate({ to: '.', search: next as never })
  }
  if (printing) {
    return (
      <Print
        ids={printing}
        onClose={(changed) => {
          setPrinting(null)
          if (changed) {
            setPicked(new Set())
            read.again()
          }
        }}
      />
    )
  }
  const { after, ...filter } = search
  return (
    <div className="stack">
      <PageHead title={text('issued.title')} />
      <p className="muted no-print">{text('issued.help')}</p>
      <Filters key={JSON.stringify(filter)} search={filter} go={go} />
      <Read of={read}>
        {({ issuedNotices }) => {
          const lines = issuedNotices?.edges.map((edge) => edge.node) ?? []
          const filtered = Object.keys(filter).length > 0
          return lines.length === 0 ? (
            <Empty title={text(filtered ? 'issued.empty.filtered' : 'issued.empty')}>
              {filtered && <Button onClick={() => go({})}>{text('filter.clear')}</Button>}
            </Empty>
          ) : (
            <Beside>
              <Lines lines={lines} filter={filter} picked={picked} pick={setPicked} print={() => setPrinting(lines.filter((line) => picked.has(line.id)).map((line) => line.id))} changed={read.again} />
              <Pager
                first={!after}
                more={issuedNotices?.pageInfo.hasNextPage ?? false}
                busy={read.busy}
                toFirst={() => go(filter)}
                on={() => go({ ...filter, after: issuedNotices?.pageInfo.endCursor ?? undefined })}
              />
            </Beside>
          )
        }}
      </Read>
    </div>
  )
}

function Lines(props: { lines: IssuedLine[]; filter: IssuedSearch; picked: ReadonlySet<string>; pick: (picked: ReadonlySet<string>) => void; print: () => void; changed: () => void }) {
  const { lines, filter, picked, pick, print, changed } = props
  const text = useText()
  const locale = useLocale()
  const { say, word } = useWords()
  const { session } = useSeat()
  const [asked, setAsked] = useState<IssuedLine | null>(null)
  const [sent, setSent] = useState(false)
  const open = useShow()
  const { fetched, busy, trouble } = useFetched()
  // Auditors look and do nothing: their schema has neither words to print nor a way to send.
  const prints = NoticeSheets.texts.has(session.role)
  const sends = ResendDelivery.texts.has(session.role)
  const what = (line: IssuedLine) => word('NoticeId', line.kind)
  const named = (line: IssuedLine) => `${line.document ?? line.id} ${what(line)}`
  const read = async (line: IssuedLine) => {
    const found = await fetched(line.id, `${line.letter?.path}?language=${locale}`)
    if (found) open({ title: what(line), file: `${(line.letter?.kind ?? 'letter').toLowerCase()}-${line.number ?? ''}-${locale}.pdf`, ...found })
  }
  const columns: Column<IssuedLine>[] = [
    {
      key: 'document',
      title: text('issued.document'),
      show: (line) => (
        <>
          <span className="nowrap">{line.document ?? '—'}</span>
          {line.copy > 0 && <><br /><span className="small">{line.anew ? text('issued.copy.why', { copy: line.copy, reason: word('AnewReason', line.anew) }) : text('issued.copy', { copy: line.copy })}</span></>}
        </>
      ),
    },
    {
      key: 'case',
      title: text('desk.number'),
      show: (line) => (
        <>
          <Link to={'/applications/$id' as never} params={{ id: line.applicationId } as never} search={{ tab: 'deliveries' } as never}>{line.number ?? text('desk.noNumber')}</Link>
          {line.applicantName && <><br /><span className="small" lang="ja">{line.applicantName}</span></>}
        </>
      ),
    },
    { key: 'kind', title: text('issued.kind'), show: (line) => <>{what(line)}<br /><span className="muted small">{text(`issued.channel.${line.channel === 'EMAIL' ? 'EMAIL' : 'INBOX'}`)}</span></> },
    { key: 'to', title: text('ledger.to'), show: (line) => (line.recipient ? say(line.recipient) : '—') },
    { key: 'day', title: text('issued.day'), show: (line) => <Instant at={line.issuedAt} /> },
    { key: 'hash', title: text('issued.hash'), show: (line) => <Hash of={line.contentHash ?? null} name={named(line)} /> },
    {
      key: 'state',
      title: text('ledger.state'),
      show: (line) => (
        <span className="row">
          <Standing of={line.state} />
          {line.bounce && <Tag tone="bad">{text('ledger.bounced', { status: line.bounce })}</Tag>}
          {line.byPost && <Tag tone={line.byPost === 'DUE' ? 'warn' : 'good'}>{word('ByPost', line.byPost)}</Tag>}
        </span>
      ),
    },
    {
      key: 'do',
      title: text('issued.do'),
      show: (line) => (
        <span className="row no-print">
          {line.letter?.path && <Button size="s" loading={busy === line.id} onClick={() => void read(line)} aria-label={text('issued.pdf.of', { what: named(line) })}>{text('issued.pdf')}</Button>}
          {sends && canRepeat(line.state) && <Button size="s" onClick={() => setAsked(line)} aria-label={text('issued.again.of', { what: named(line) })}>{text('issued.again')}</Button>}
          {line.number && !(filter.number === line.number && filter.kind === line.kind) && (
            <Link to={'.' as never} search={{ number: line.number, kind: line.kind } as never} aria-label={text('issued.trail.of', { what: named(line) })}>{text('issued.trail')}</Link>
          )}
        </span>
      ),
    },
  ]
  return (
    <>
      {prints && (
        <p className="row no-print">
          <Button size="s" disabled={picked.size === 0} onClick={print}>{text('issued.print', { count: picked.size })}</Button>
          <span className="muted small">{text('issued.print.help', { most: SIZES.IssuedNotices })}</span>
        </p>
      )}
      {sent && <Notice tone="good">{text('issued.sent')}</Notice>}
      {trouble && (trouble.kind === 'hidden' ? <Notice tone="bad">{text('letters.gone')}</Notice> : <TroubleView trouble={trouble} />)}
      <DataTable dense name={text('issued.title')} lines={lines} keyOf={(line) => line.id} columns={columns} picks={prints ? { picked, set: pick, nameOf: (line) => text('desk.pick', { number: line.document ?? text('desk.noNumber'), what: `${what(line)} ${line.channel}` }) } : undefined} />
      {asked && (
        <Resend
          issues
          line={asked}
          name={named(asked)}
          onClose={(done) => {
            setAsked(null)
            setSent(done)
            if (done) changed()
          }}
        />
      )}
    </>
  )
}

/** A digest: its beginning, the whole of it on demand. */
function Hash({ of, name }: { of: string | null; name: string }) {
  const text = useText()
  const [copied, setCopied] = useState(false)
  if (of === null) return <>—</>
  return (
    <details className="small hash">
      <summary><code>{of.slice(0, 12)}…</code><span className="hidden">{text('issued.hash.of', { what: name })}</span></summary>
      <code>{of}</code>
      <Button size="s" onClick={() => navigator.clipboard.writeText(of).then(() => setCopied(true), () => setCopied(false))}>{text(copied ? 'issued.hash.copied' : 'issued.hash.copy')}</Button>
    </details>
  )
}

function Filters({ search, go }: { search: IssuedSearch; go: (next: IssuedSearch) => void }) {
  const text = useText()
  const { word } = useWords()
  const kinds = useCodes('NoticeId').filter((code) => code.startsWith('N'))
  const states = useCodes('ByPost')
  const [number, setNumber] = useState(search.number ?? '')
  const [branch, setBranch] = useState(search.branch ?? '')
  const [from, setFrom] = useState(search.from ?? null)
  const [to, setTo] = useState(search.to ?? null)
  const typed = { number: narrow(number).trim(), branch: narrow(branch).trim(), from: from ?? '', to: to ?? '' }
  const set = (next: IssuedSearch) => go(Object.fromEntries(Object.entries({ ...search, ...typed, ...next }).filter(([, value]) => value)) as IssuedSearch)
  return (
    <form
      className="filters no-print"
      role="search"
      aria-label={text('issued.filter')}
      onSubmit={(event) => {
        event.preventDefault()
        set({})
      }}
    >
      <TextField name="number" label={text('desk.number')} value={number} onChange={setNumber} />
      <ChoiceField name="kind" label={text('issued.kind')} value={search.kind ?? ''} blank={text('filter.all')} options={kinds.map((code) => ({ value: code, label: word('NoticeId', code) }))} onChange={(kind) => set({ kind })} />
      <TextField name="branch" label={text('branch.code')} value={branch} onChange={setBranch} />
      <ChoiceField name="channel" label={text('issued.channel')} value={search.channel ?? ''} blank={text('filter.all')} options={CHANNELS.map((code) => ({ value: code, label: text(`issued.channel.${code}`) }))} onChange={(channel) => set({ channel })} />
      <ChoiceField name="byPost" label={text('issued.byPost')} value={search.byPost ?? ''} blank={text('filter.all')} options={states.map((code) => ({ value: code, label: word('ByPost', code) }))} onChange={(byPost) => set({ byPost })} />
      <DateField name="from" label={text('issued.from')} value={from} onChange={setFrom} />
      <DateField name="to" label={text('issued.to')} value={to} onChange={setTo} />
      <Button type="submit">{text('filter.search')}</Button>
    </form>
  )
}
