import { useState, type FormEvent } from 'react'
import { blanks, errorsOf, Fields, missing, sent, type Errors, type Values } from '@/command'
import { Transfer as TransferQuery, type TransferOrderInput, type TransferQuery as TransferData } from '@/gql/operations'
import { INPUTS } from '@/gql/verbs'
import { useFieldName, useText } from '@/i18n'
import { save } from '@/lib/file'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Facts, Money, Notice, Panel, Read, WDate } from '@/ui'
import { bytesOf, recordsOf } from './zengin'

const ASKED = INPUTS['TransferOrderInput'] ?? []
/** Who orders is the same for all cases of a day: kept while the page is open, and nowhere else. */
let last: Values | null = null

type File = NonNullable<NonNullable<TransferData['transferFile']>['file']>

/** The file of the day's transfers, made for those who order: what is in its way, its sums, its records, and the bytes to hand on. */
export default function Transfer({ id, number }: { id: string; number: string }) {
  const text = useText()
  const fieldName = useFieldName()
  const { say } = useWords()
  const [values, setValues] = useState<Values>(() => last ?? blanks(ASKED))
  const [order, setOrder] = useState<Record<string, unknown> | null>(null)
  const [empty, setEmpty] = useState<Errors>({})
  const read = useRead(TransferQuery, { id, order: (order ?? {}) as TransferOrderInput }, order === null)
  const problems = order === null ? [] : (read.data?.transferFile?.problems ?? [])
  const named = problems.filter((problem) => problem.field.startsWith('sender'))
  const errors = { ...errorsOf(named, (problem) => say({ ja: problem.messageJa, en: problem.messageEn }), text), ...empty }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacking = missing(ASKED, values)
    setEmpty(Object.fromEntries(lacking.map((path) => [path, text('field.empty', { field: fieldName(path) })])))
    if (lacking.length > 0) return setOrder(null)
    last = values
    setOrder(sent(ASKED, values))
  }
  return (
    <Panel title={text('transfer.title')}>
      <p className="muted">{text('transfer.help')}</p>
      <form className="stack" noValidate onSubmit={submit}>
        <Fields all={ASKED} values={values} errors={errors} choices={{}} onChange={setValues} />
        <p><Button type="submit" loading={order !== null && read.busy}>{text('transfer.make')}</Button></p>
      </form>
      {order !== null && (
        <Read of={read}>
          {({ transferFile }) => (
            <div className="stack">
              {problems.filter((problem) => !named.includes(problem)).map((problem) => (
                <Notice key={`${problem.field} ${problem.rule}`} tone="warn">
                  {say({ ja: problem.messageJa, en: problem.messageEn })} {problem.accepted && text('field.accepted', { accepted: problem.accepted })} <span className="small muted">{problem.rule}</span>
                </Notice>
              ))}
              {transferFile?.file && <Made file={transferFile.file} name={`${number}.txt`} />}
            </div>
          )}
        </Read>
      )}
    </Panel>
  )
}

function Made({ file, name }: { file: File; name: string }) {
  const text = useText()
  const { say } = useWords()
  const bytes = bytesOf(file.base64)
  return (
    <>
      <Facts
        of={[
          [text('transfer.date'), <WDate key="d" day={file.date} weekday />],
          [text('transfer.count'), text('transfer.count.of', { count: file.count })],
          [text('transfer.total'), <Money key="t" amount={file.totalYen} said />],
          [text('transfer.rest'), <Money key="r" amount={file.restYen} said />],
        ]}
      />
      <DataTable
        dense
        name={text('transfer.lines')}
        lines={file.lines}
        keyOf={(line) => line.key}
        columns={[
          { key: 'step', title: text('transfer.step'), number: true, show: (line) => line.step },
          { key: 'what', title: text('transfer.what'), show: (line) => say(line.label) },
          { key: 'amount', title: text('disbursement.amount'), number: true, show: (line) => <Money amount={line.amountYen} /> },
        ]}
      />
      <details>
        <summary>{text('transfer.records')}</summary>
        <pre className="records" tabIndex={0} aria-label={text('transfer.records')} lang="ja">{recordsOf(bytes).join('\n')}</pre>
      </details>
      <p><Button onClick={() => save(name, bytes, 'application/octet-stream')}>{text('transfer.save')}</Button></p>
    </>
  )
}
