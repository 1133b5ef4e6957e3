import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { BookEditions, type BookEditionsQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { narrow } from '@/lib/text'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { ChoiceField, DataTable, Empty, Facts, PageHead, Panel, Read, Tabs, TextField, WDate, type Column } from '@/ui'
import { valueText } from './book'
import './book.css'
import type { AdminSearch } from './index'

type Edition = NonNullable<BookEditionsQuery['bookEditions']>[number]
type Value = Edition['values'][number]
type Change = Edition['changes'][number]

/** Values on screen at once. */
const SHOWN = 100

/** The product book: its values with what they mean, and what differs between editions. */
export default function Book() {
  const text = useText()
  const read = useRead(BookEditions, {})
  useTitle(text('book.title'))
  return (
    <div className="stack">
      <PageHead title={text('book.title')} />
      <p className="muted">{text('book.help')}</p>
      <Read of={read}>{({ bookEditions: editions }) => (!editions || editions.length === 0 ? <Empty title={text('book.empty')} /> : <Editions editions={editions} />)}</Read>
    </div>
  )
}

function Editions({ editions }: { editions: Edition[] }) {
  const text = useText()
  const search = useSearch({ strict: false }) as AdminSearch
  const navigate = useNavigate()
  const edition = editions.find((one) => one.version === search.edition) ?? (editions.at(-1) as Edition)
  const tab = search.tab === 'changes' ? 'changes' : 'values'
  const tabs = [
    { key: 'values', title: text('book.values'), count: edition.values.length },
    { key: 'changes', title: text('book.changes'), count: edition.changes.length },
  ]
  return (
    <>
      {editions.length > 1 && <ChoiceField label={text('book.edition')} value={edition.version} options={editions.map((one) => ({ value: one.version, label: one.version }))} onChange={(version) => void navigate({ to: '.', search: { ...search, edition: version } } as never)} />}
      <Panel title={text('book.edition')}>
        <Facts
          of={[
            [text('book.bank'), edition.bankName],
            [text('book.version'), edition.version],
            [text('book.from'), edition.from ? <WDate day={edition.from} /> : text('book.always')],
            [text('book.to'), edition.to ? <WDate day={edition.to} /> : text('book.open')],
          ]}
        />
      </Panel>
      <Tabs name={text('book.tabs')} tabs={tabs} current={tab} keep={{ ...search }} />
      {tab === 'values' ? <Values values={edition.values} /> : <Changes edition={edition} first={edition === editions[0]} />}
    </>
  )
}

function Values({ values }: { values: Value[] }) {
  const text = useText()
  const { say } = useWords()
  const [wanted, setWanted] = useState('')
  const words = narrow(wanted).toLowerCase().split(/\s+/).filter(Boolean)
  const found = values.filter((value) => words.every((word) => `${value.key} ${value.rule} ${value.label.ja} ${value.label.en}`.toLowerCase().includes(word)))
  const columns: Column<Value>[] = [
    { key: 'label', title: text('book.meaning'), show: (line) => <span className="book-meaning">{say(line.label)}</span> },
    { key: 'rule', title: text('book.rule'), show: (line) => <span className="nowrap">{line.rule}</span> },
    { key: 'key', title: text('book.key'), show: (line) => <code>{line.key}</code> },
    { key: 'value', title: text('book.value'), show: (line) => valueText(line.value) },
  ]
  return (
    <>
      <TextField label={text('book.search')} help={text('book.search.help')} value={wanted} onChange={setWanted} />
      <p className="muted small" role="status">{text('book.count', { shown: Math.min(found.length, SHOWN), found: found.length })}</p>
      {found.length === 0 ? <Empty title={text('book.nothing')} /> : <DataTable name={text('book.values')} columns={columns} lines={found.slice(0, SHOWN)} keyOf={(line) => line.key} dense />}
    </>
  )
}

function Changes({ edition, first }: { edition: Edition; first: boolean }) {
  const text = useText()
  const { say, word } = useWords()
  const columns: Column<Change>[] = [
    { key: 'label', title: text('book.meaning'), show: (line) => <>{say(line.label)}<br /><code className="muted small">{line.key}</code></> },
    { key: 'rule', title: text('book.rule'), show: (line) => <span className="nowrap">{line.rule}</span> },
    { key: 'before', title: text('diff.before'), show: (line) => valueText(line.before) },
    { key: 'after', title: text('diff.after'), show: (line) => valueText(line.after) },
    { key: 'who', title: text('book.touches'), show: (line) => <>{say(line.customers)}{line.products.length > 0 && <span className="muted small">（{line.products.map((product) => word('Product', product)).join('、')}）</span>}</> },
  ]
  if (edition.changes.length === 0) return <Empty title={text(first ? 'book.first' : 'book.same')} />
  return <DataTable name={text('book.changes')} columns={columns} lines={edition.changes} keyOf={(line) => line.key} dense />
}
