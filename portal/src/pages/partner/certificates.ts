import type { Key } from '@/i18n'
import en from '@/i18n/partner.en.json'
import ja from '@/i18n/partner.ja.json'

/** Lines of one file. */
export const LINES_AT_ONCE = 100
/** Longest reference of a certificate. */
const LONGEST = 50

/** The columns of the file, in the order of the form that is offered. Headings and results are taken in either language. */
export const COLUMNS = ['number', 'person', 'result', 'certifiedOn', 'reference'] as const
export type ColumnName = (typeof COLUMNS)[number]
const HEADINGS = Object.fromEntries(COLUMNS.map((name) => [name, [ja[`certificates.column.${name}`], en[`certificates.column.${name}`]]])) as Record<ColumnName, string[]>
const RESULTS: Record<string, Certificate['result']> = Object.fromEntries(
  (['CONFIRMED', 'REFUSED'] as const).flatMap((result) => [ja[`certificates.result.${result}`], en[`certificates.result.${result}`]].map((word) => [word, result])),
)

/** A certificate as the file states it. */
export interface Certificate {
  number: string
  person: string
  result: 'CONFIRMED' | 'REFUSED'
  /** Only with CONFIRMED. */
  certifiedOn: string | null
  reference: string
}

/** What is wrong at a column, and in the words of `accepted` what would be right. */
export interface Wrong {
  column: ColumnName
  accepted: Key
}

/** A line of the file; `line` counts from 1 with the headings, as spreadsheets show it. */
export interface FileLine {
  line: number
  cells: Record<ColumnName, string>
  certificate: Certificate | null
  wrong: Wrong[]
}

/** A file that is none: `columns` names what its first line lacks. */
export type FileRead = { lines: FileLine[] } | { fault: 'empty' | 'quotes' | 'columns' | 'many'; columns: ColumnName[] }

/** The cells of a CSV text (RFC 4180), or null where a quotation mark is not closed. */
export function cellsOf(text: string): string[][] | null {
  const rows: string[][] = []
  let [row, cell, quoted, begun]: [string[], string, boolean, boolean] = [[], '', false, false]
  const endCell = () => {
    row.push(cell)
    ;[cell, begun] = ['', false]
  }
  const endRow = () => {
    endCell()
    rows.push(row)
    row = []
  }
  const all = text.replace(/^\ufeff/, '')
  for (let at = 0; at < all.length; at += 1) {
    const c = all[at] as string
    if (quoted) {
      if (c !== '"') cell += c
      else if (all[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (c === '"' && !begun) [quoted, begun] = [true, true]
    else if (c === ',') endCell()
    else if (c === '\n') endRow()
    else if (c !== '\r' || all[at + 1] !== '\n') {
      cell += c
      begun = true
    }
  }
  if (quoted) return null
  if (cell !== '' || row.length > 0) endRow()
  return rows
}

/** A file that was saved by a page with its formula guard reads as it was before. */
const bare = (text: string) => text.trim().replace(/^'(?=[=+\-@＝＋－＠])/, '')

function dayIsReal(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** Reads a file of certificates; every line says all that is wrong with it. `today` is the last day that a certificate may have. */
export function readCertificates(text: string, today: string): FileRead {
  const rows = cellsOf(text)
  if (rows === null) return { fault: 'quotes', columns: [] }
  const [head, ...rest] = rows
  const filled = rest.map((cells, at) => ({ cells, line: at + 2 })).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  if (!head || filled.length === 0) return { fault: 'empty', columns: [] }
  const heads = head.map((one) => one.trim())
  const place = Object.fromEntries(COLUMNS.map((name) => [name, heads.findIndex((one) => HEADINGS[name].includes(one))])) as Record<ColumnName, number>
  const lacking = COLUMNS.filter((name) => name !== 'reference' && place[name] < 0)
  if (lacking.length > 0) return { fault: 'columns', columns: lacking }
  if (filled.length > LINES_AT_ONCE) return { fault: 'many', columns: [] }
  const seen = new Set<string>()
  const lines = filled.map(({ cells, line }): FileLine => {
    const found = Object.fromEntries(COLUMNS.map((name) => [name, place[name] < 0 ? '' : bare(cells[place[name]] ?? '')])) as Record<ColumnName, string>
    const wrong: Wrong[] = []
    const result = RESULTS[found.result]
    if (found.number === '') wrong.push({ column: 'number', accepted: 'certificates.accepted.number' })
    if (found.person === '') wrong.push({ column: 'person', accepted: 'certificates.accepted.person' })
    if (!result) wrong.push({ column: 'result', accepted: 'certificates.accepted.result' })
    const dated = found.certifiedOn !== ''
    if (result === 'CONFIRMED' && (!dayIsReal(found.certifiedOn) || found.certifiedOn > today)) wrong.push({ column: 'certifiedOn', accepted: 'certificates.accepted.day' })
    if (result === 'REFUSED' && dated) wrong.push({ column: 'certifiedOn', accepted: 'certificates.accepted.noDay' })
    if (found.reference.length > LONGEST) wrong.push({ column: 'reference', accepted: 'certificates.accepted.reference' })
    const key = `${found.number}\n${found.person}`
    if (found.number !== '' && found.person !== '' && seen.has(key)) wrong.push({ column: 'person', accepted: 'certificates.accepted.once' })
    seen.add(key)
    const certificate = wrong.length > 0 || !result ? null : { number: found.number, person: found.person, result, certifiedOn: dated ? found.certifiedOn : null, reference: found.reference }
    return { line, cells: found, certificate, wrong }
  })
  return { lines }
}

/** A case as far as its certificates need it. */
export interface CertifiedCase {
  id: string
  parties: { partyId: string; nameKanji: string }[]
  actions: { verb: string; key: string | null; requestId: string | null; enabled: boolean }[]
}

/** What a line would send. */
export interface Meant {
  applicationId: string
  partyId: string
  requestId: string
}

/** Names are compared without spaces: the record has them as the person writes them. */
const plain = (name: string) => name.replace(/[\s\u3000]/g, '').normalize('NFKC')

/** Who and which request is meant by a certificate, or what is wrong with it at which column. */
export function meantBy(certificate: Certificate, found: CertifiedCase | undefined): Meant | Wrong {
  if (!found) return { column: 'number', accepted: 'certificates.accepted.asked' }
  const people = found.parties.filter((party) => party.partyId === certificate.person || plain(party.nameKanji) === plain(certificate.person))
  const [person, other] = people
  if (!person || other) return { column: 'person', accepted: 'certificates.accepted.known' }
  const verb = certificate.result === 'CONFIRMED' ? 'confirmMembership' : 'refuseMembership'
  const offered = found.actions.find((action) => action.verb === verb && action.key === person.partyId && action.enabled)
  if (!offered?.requestId) return { column: 'person', accepted: 'certificates.accepted.open' }
  return { applicationId: found.id, partyId: person.partyId, requestId: offered.requestId }
}
