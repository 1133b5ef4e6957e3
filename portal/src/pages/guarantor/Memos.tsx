import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { errorsOf, type Errors } from '@/command'
import { AddReviewMemo, ReviewMemos } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSubmitKey } from '@/lib/submit'
import { isComposing } from '@/lib/text'
import { useRead, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, Dialog, Instant, Notice, Panel, Read, TextField, TroubleView } from '@/ui'

/** What colleagues wrote for each other about a review, the latest first, and one's own line. Nobody outside the company reads it. */
export function Memos({ id }: { id: string }) {
  const text = useText()
  const read = useRead(ReviewMemos, { id })
  return (
    <Panel title={text('memo.title')}>
      <p className="muted small">{text('memo.help')}</p>
      <Writing id={id} done={read.again} />
      <Read of={read}>
        {({ reviewMemos }) =>
          reviewMemos && reviewMemos.length > 0 ? (
            <ul className="plain stack" aria-label={text('memo.title')}>
              {reviewMemos.toReversed().map((memo) => (
                <li key={memo.id} className="tight">
                  <p className="review-memo">{memo.text}</p>
                  <p className="muted small">{memo.by} <Instant at={memo.at} /></p>
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{text('memo.none')}</p>
          )
        }
      </Read>
    </Panel>
  )
}

/** One's own line. What is typed is sent when its writer says so; leaving with something in the field asks first. */
function Writing({ id, done }: { id: string; done: () => void }) {
  const text = useText()
  const { say } = useWords()
  const [typed, setTyped] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [written, setWritten] = useState(false)
  const [send, busy] = useSend(AddReviewMemo)
  const key = useSubmitKey(typed)
  const dirty = typed.trim() !== ''
  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true })
  const submit = async () => {
    if (busy) return
    setTrouble(null)
    setWritten(false)
    if (!dirty) return setErrors({ text: text('field.empty', { field: text('memo.field') }) })
    setErrors({})
    const { data, error } = await send({ id, text: typed }, key)
    if (error) return setTrouble(troubleOf(error))
    const problems = data?.addReviewMemo?.problems ?? []
    if (problems.length > 0) return setErrors(errorsOf(problems, (problem) => say({ ja: problem.messageJa, en: problem.messageEn }), text))
    setTyped('')
    setWritten(true)
    done()
  }
  return (
    <>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !event.ctrlKey || isComposing(event)) return
          event.preventDefault()
          void submit()
        }}
      >
        <TextField
          label={text('memo.field')}
          name="reviewMemo"
          lines={3}
          help={text('memo.keys')}
          error={errors['text'] ?? errors['applicationId']}
          value={typed}
          onChange={(value) => {
            setTyped(value)
            setWritten(false)
          }}
        />
        {trouble && <TroubleView trouble={trouble} again={() => void submit()} />}
        {written && <Notice tone="good">{text('memo.done')}</Notice>}
        <div><Button type="submit" loading={busy}>{text('memo.do')}</Button></div>
      </form>
      {blocker.status === 'blocked' && (
        <Dialog title={text('memo.leave')} danger action={text('memo.leave.do')} onSubmit={blocker.proceed} onClose={blocker.reset}>
          <p>{text('memo.leave.help')}</p>
        </Dialog>
      )}
    </>
  )
}
