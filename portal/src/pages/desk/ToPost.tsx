import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { DigestDesks, LettersToPost as Query, MarkPosted, SetDeskDigest } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { SIZES } from '@/lib/sizes'
import { useSubmitKey } from '@/lib/submit'
import { useTitle } from '@/lib/title'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Empty, Instant, PageHead, Pager, Panel, Read, Tag, TextField, TroubleView } from '@/ui'
import { Print } from './Print'
import './desk.css'

/** Notices that go by post because nothing else reaches the person, and which desks get their mails together. */
export default function ToPost() {
  const text = useText()
  const { say } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { after?: string }
  const read = useRead(Query, { first: SIZES.LettersToPost, after: search.after ?? null })
  const [picked, setPicked] = useState<readonly string[]>([])
  const [printing, setPrinting] = useState(false)
  const key = useSubmitKey(picked)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [mark, busy] = useSend(MarkPosted)
  useTitle(text('post.title'))
  const posted = async () => {
    setTrouble(null)
    const answer = await mark({ ids: [...picked] }, key)
    if (answer.error) setTrouble(troubleOf(answer.error))
    else {
      setPicked([])
      read.again()
    }
  }
  if (printing) {
    return (
      <Print
        ids={picked}
        onClose={(changed) => {
          setPrinting(false)
          if (changed) {
            setPicked([])
            read.again()
          }
        }}
      />
    )
  }
  return (
    <div className="stack">
      <PageHead title={text('post.title')} />
      <p className="muted">{text('post.help')}</p>
      {trouble && <TroubleView trouble={trouble} />}
      <Read of={read}>
        {({ lettersToPost }) => {
          const lines = lettersToPost?.edges.map((edge) => edge.node) ?? []
          if (lines.length === 0) return <Empty title={text('post.empty')} />
          return (
            <>
              <p className="row">
                <Button size="s" disabled={picked.length === 0 || busy} onClick={() => void posted()}>{text('post.mark', { count: picked.length })}</Button>
                <Button size="s" disabled={picked.length === 0} onClick={() => setPrinting(true)}>{text('issued.print', { count: picked.length })}</Button>
              </p>
              <DataTable
                dense
                name={text('post.title')}
                lines={lines}
                keyOf={(line) => line.id}
                columns={[
                  {
                    key: 'pick',
                    title: text('post.pick'),
                    show: (line) => (
                      <input
                        type="checkbox"
                        checked={picked.includes(line.id)}
                        onChange={(event) => setPicked((now) => (event.target.checked ? [...now, line.id] : now.filter((one) => one !== line.id)))}
                        aria-label={text('desk.pick', { number: line.number ?? text('desk.noNumber'), what: line.kindLabel ? say(line.kindLabel) : line.kind })}
                      />
                    ),
                  },
                  { key: 'number', title: text('desk.number'), show: (line) => <Link to={'/applications/$id' as never} params={{ id: line.applicationId } as never}>{line.number ?? text('desk.noNumber')}</Link> },
                  { key: 'what', title: text('desk.what'), show: (line) => <>{line.kindLabel ? say(line.kindLabel) : line.kind}{line.bounce && <> <Tag tone="bad">{text('ledger.bounced', { status: line.bounce })}</Tag></>}</> },
                  { key: 'to', title: text('ledger.to'), show: (line) => (line.recipient ? say(line.recipient) : '—') },
                  { key: 'since', title: text('desk.since'), show: (line) => <Instant at={line.since} /> },
                ]}
              />
              <Pager
                first={!search.after}
                more={lettersToPost?.pageInfo.hasNextPage ?? false}
                busy={read.busy}
                toFirst={() => void navigate({ to: '.', search: {} as never })}
                on={() => void navigate({ to: '.', search: { after: lettersToPost?.pageInfo.endCursor ?? undefined } as never })}
              />
            </>
          )
        }}
      </Read>
      <Digests />
    </div>
  )
}

/** Which desks get their mails together; each sets its own. */
function Digests() {
  const text = useText()
  const { say } = useWords()
  const read = useRead(DigestDesks, {})
  const [branch, setBranch] = useState('')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [set, busy] = useSend(SetDeskDigest)
  const change = async (of: string, on: boolean) => {
    setTrouble(null)
    const answer = await set({ branch: of, on })
    if (answer.error) setTrouble(troubleOf(answer.error))
    else read.again()
  }
  return (
    <Panel title={text('digest.title')}>
      <p className="muted">{text('digest.help')}</p>
      {trouble && <TroubleView trouble={trouble} />}
      <Read of={read}>
        {({ digestDesks }) => (
          <>
            {!digestDesks || digestDesks.length === 0 ? (
              <p className="muted">{text('digest.empty')}</p>
            ) : (
              <ul className="plain lines">
                {digestDesks.map((desk) => (
                  <li key={`${desk.branch} ${desk.role}`}>
                    <span>{text('desk.branch', { branch: desk.branch })} {say(desk.roleLabel)}</span>
                    {desk.isMine && <Button size="s" disabled={busy} onClick={() => void change(desk.branch, false)}>{text('digest.off')}</Button>}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Read>
      <TextField name="branch" label={text('digest.branch')} value={branch} onChange={setBranch} />
      <p><Button size="s" disabled={busy || branch.trim() === ''} onClick={() => void change(branch.trim(), true)}>{text('digest.on')}</Button></p>
    </Panel>
  )
}
