import { useFieldName, useLocale, useText } from '@/i18n'
import { dayText } from '@/lib/dates'
import { useWords } from '@/lib/words'
import { yen } from '@/lib/yen'

/** A change of a field, as the history tells it. */
export interface FieldChange {
  path: string
  before: unknown
  after: unknown
}

/** `content.loans[2].amountYen`: the names of the path, said one after the other. */
export function usePathName(): (path: string) => string {
  const fieldName = useFieldName()
  return (path) =>
    path
      .split('.')
      .filter((part) => part !== 'content' && part !== 'form')
      .map((part) => {
        const [, name = '', place] = /^([^[]*)(?:\[(.*)\])?$/.exec(part) ?? []
        return place === undefined ? fieldName(name) : `${fieldName(name)} ${place}`
      })
      .join(' › ')
}

/** A value of any field in words: amounts, days and codes as the pages write them. */
export function useValueText(): (path: string, value: unknown) => string {
  const locale = useLocale()
  const text = useText()
  const fieldName = useFieldName()
  const { word } = useWords()
  const said = (name: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return '—'
    if (typeof value === 'boolean') return text(value ? 'value.yes' : 'value.no')
    if (typeof value === 'number') return name.endsWith('Yen') || name === 'sumYen' ? yen(value, locale) : String(value)
    if (typeof value === 'string') {
      if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return dayText(value, locale)
      const list = LISTS[name]
      return list ? word(list, value) : value
    }
    if (Array.isArray(value)) return value.map((one) => said(name, one)).join('、')
    const label = value as { ja?: unknown; en?: unknown }
    if (typeof label.ja === 'string') return locale === 'ja' ? label.ja : String(label.en || label.ja)
    return Object.entries(value)
      .filter(([, one]) => one !== null && one !== '' && !(Array.isArray(one) && one.length === 0))
      .map(([key, one]) => `${fieldName(key)}: ${said(key, one)}`)
      .join('、')
  }
  return (path, value) => said(lastName(path), value)
}

/** The last name of a path: `loans[2].amountYen` is about `amountYen`. */
export function lastName(path: string): string {
  return (path.split('.').pop() ?? '').replace(/\[.*\]$/, '')
}

/** The list of words that a field takes its codes from. */
const LISTS: Record<string, string> = {
  stage: 'Stage',
  from: 'Stage',
  product: 'Product',
  state: 'TrackState',
  track: 'Track',
  role: 'Role',
  document: 'DocumentKind',
  consent: 'ConsentKind',
  rateType: 'RateType',
  feePlan: 'FeePlan',
  ground: 'HoldGround',
  cause: 'ChangeCause',
  timer: 'Timer',
  task: 'Task',
  verb: 'Verb',
  purposeCode: 'PurposeCode',
  contractForm: 'ContractForm',
  guaranteeFeeMethod: 'GuaranteeFeeMethod',
}

/** Names, old and new values. */
export function Changes({ of }: { of: FieldChange[] }) {
  const text = useText()
  const pathName = usePathName()
  const valueText = useValueText()
  return (
    <table className="compare small">
      <thead>
        <tr>
          <th scope="col">{text('diff.field')}</th>
          <th scope="col">{text('diff.before')}</th>
          <th scope="col">{text('diff.after')}</th>
        </tr>
      </thead>
      <tbody>
        {of.map((change) => (
          <tr key={change.path}>
            <th scope="row">{pathName(change.path)}</th>
            <td>{valueText(change.path, change.before)}</td>
            <td>{valueText(change.path, change.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
