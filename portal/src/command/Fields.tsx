import { ENUMS, INPUTS } from '@/gql/verbs'
import { useFieldName, useText } from '@/i18n'
import type { Argument } from '@/lib/command'
import { useWords } from '@/lib/words'
import { Button, CheckField, ChoiceField, DateField, KanaField, NameField, NumberField, SuggestField, TextField, TimeField, YenField } from '@/ui'
import { ALWAYS, blank, blanks, type Value, type Values } from './values'
import './command.css'

/** What is said of a field, by its path. */
export type Errors = Record<string, string>

/** What a form may choose from beside the lists of the API, by the name of the field. */
export type Choices = Record<string, { value: string; label: string }[]>

interface Shared {
  errors: Errors
  choices: Choices
  /** Codes that are typed or chosen, by the path of the field. */
  suggestions?: Choices
  /** Long texts by the names that ask for them. */
  disabled?: boolean
}

const LONG = new Set(['reason', 'note', 'text', 'problem', 'evidence', 'newEvidence', 'cause', 'cure', 'plan', 'undertaking', 'defect', 'question', 'answer'])

/** What a piece of land has and a building has not, and the other way round. */
const OF_LAND = new Set(['areaM2', 'tenure', 'cityPlanning', 'registeredCategory', 'reservedLand', 'accessOverOthersLand', 'categoryChangePlanned', 'mortgageWhenPossible'])
const OF_BUILDING = new Set(['floorAreaM2', 'structure', 'isNew', 'completedOn', 'acquiredOn', 'registered', 'meetsUsedStandard'])

/** Is the field of another kind of property? What stands in it stays. */
function isElsewhere(name: string, values: Values): boolean {
  const kind = values['kind']
  if (kind === 'LAND' || kind === 'ROAD_SHARE') return OF_BUILDING.has(name)
  return (kind === 'BUILDING' || kind === 'UNIT') && OF_LAND.has(name)
}

/** Names that the record of a transfer carries: they are kana. */
const OF_TRANSFER = /^(to|sender)\.(name|account\.(bankName|branchName))$/

/** What is asked first, where the schema's order is that of the alphabet. */
const FIRST: string[] = [
  'role', 'kind', 'document', 'consent', 'partyId', 'relationToApplicant', 'nameKanji', 'nameKana', 'name', 'birthDate', 'sex', 'phone', 'postalCode', 'prefecture', 'address',
  'employerName', 'employment', 'annualIncomeYen', 'incomeAdded', 'route', 'orgMember', 'qualification',
  'loanNo', 'propertyNo', 'location', 'number', 'bankCode', 'bankName', 'branchCode', 'branchName', 'amountYen', 'termMonths', 'rateType',
]

/** The fields in the order in which people are asked. */
function inOrder(all: Argument[]): Argument[] {
  const place = ({ name }: Argument) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  return all.toSorted((one, other) => place(one) - place(other))
}

/** The fields of a form, as the schema names them. */
export function Fields(props: Shared & { all: Argument[]; values: Values; path?: string; onChange: (values: Values) => void }) {
  const { all, values, path = '', onChange, ...shared } = props
  return (
    <>
      {(path === '' ? all : inOrder(all)).filter((argument) => !isElsewhere(argument.name, values)).map((argument) => (
        <OneField
          key={argument.name}
          {...shared}
          argument={argument}
          path={path ? `${path}.${argument.name}` : argument.name}
          value={values[argument.name] ?? null}
          onChange={(value) => onChange({ ...values, [argument.name]: value })}
        />
      ))}
    </>
  )
}

interface One extends Shared {
  argument: Argument
  path: string
  value: Value
  onChange: (value: Value) => void
}

function OneField(props: One) {
  const { argument } = props
  if (argument.list) return ENUMS[argument.type] ? <ManyChoices {...props} /> : <ManyFields {...props} />
  return INPUTS[argument.type] ? <PartField {...props} /> : <PlainField {...props} />
}

/** A field with one value. */
function PlainField({ argument, path, value, onChange, errors, choices, suggestions, disabled }: One) {
  const fieldName = useFieldName()
  const { word } = useWords()
  const text = useText()
  const { name, type, required } = argument
  const shared = { label: fieldName(path), required, name: path, error: errors[path], disabled }
  const written = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const chosen = choices[name] ?? ENUMS[type]?.map((code) => ({ value: code, label: word(type, code) }))
  const listed = suggestions?.[path]
  if (listed && listed.length > 0) {
    return <SuggestField {...shared} value={written} options={listed} unknown={text('field.unlisted')} onChange={onChange} />
  }
  if (chosen && chosen.length > 0) {
    return <ChoiceField {...shared} value={written} options={chosen} blank={text('field.choose')} onChange={onChange} />
  }
  switch (type) {
    case 'Yen':
      return <YenField {...shared} value={typeof value === 'number' ? value : null} onChange={onChange} />
    case 'Date':
      return <DateField {...shared} value={typeof value === 'string' && value ? value : null} onChange={onChange} />
    case 'ClockTime':
      return <TimeField {...shared} value={written} onChange={onChange} />
    case 'Boolean':
      return <CheckField label={fieldName(path)} value={value === true} onChange={onChange} disabled={disabled} />
    case 'Int':
      return <NumberField {...shared} value={written} onChange={onChange} />
    case 'Percent':
    case 'Decimal':
      return <NumberField {...shared} value={written} onChange={onChange} decimal unit={type === 'Percent' ? '%' : undefined} />
    default:
      if (name === 'nameKana' || name === 'holderKana' || OF_TRANSFER.test(path)) return <KanaField {...shared} value={written} onChange={onChange} />
      if (name === 'nameKanji') return <NameField {...shared} value={written} onChange={onChange} />
      return <TextField {...shared} value={written} onChange={onChange} lines={LONG.has(name) && !path.endsWith('address.text') ? 3 : undefined} />
  }
}

/** A part with fields of its own; one that is not required can be left out. */
function PartField({ argument, path, value, onChange, ...shared }: One) {
  const fieldName = useFieldName()
  const text = useText()
  const input = INPUTS[argument.type] ?? []
  return (
    <fieldset className="part">
      <legend>{fieldName(argument.name)}</legend>
      {value === null ? (
        <Button size="s" onClick={() => onChange(blanks(input))}>{text('form.enter', { what: fieldName(argument.name) })}</Button>
      ) : (
        <div className="fields">
          <Fields {...shared} all={input} values={value as Values} path={path} onChange={onChange} />
          {!argument.required && !ALWAYS.has(argument.type) && <Button size="s" onClick={() => onChange(null)}>{text('form.leaveOut', { what: fieldName(argument.name) })}</Button>}
        </div>
      )}
    </fieldset>
  )
}

/** Several of the same kind. */
function ManyFields({ argument, path, value, onChange, ...shared }: One) {
  const fieldName = useFieldName()
  const text = useText()
  const list = Array.isArray(value) ? value : []
  const single: Argument = { ...argument, list: false, required: true }
  const title = fieldName(argument.name)
  return (
    <fieldset className="part" id={`field-${path}`} tabIndex={-1}>
      <legend>{title}</legend>
      <div className="stack">
        {shared.errors[path] && <p className="field-error">{shared.errors[path]}</p>}
        {list.map((one, place) => (
          <div key={place} className="part-line">
            <div className="part-fields">
              <OneField
                {...shared}
                argument={{ ...single, name: argument.name }}
                path={`${path}[${place}]`}
                value={one}
                onChange={(changed) => onChange(list.map((other, at) => (at === place ? changed : other)))}
              />
            </div>
            <Button size="s" onClick={() => onChange(list.filter((_, at) => at !== place))}>{text('form.remove', { number: place + 1 })}</Button>
          </div>
        ))}
        <Button size="s" onClick={() => onChange([...list, blank(single)])}>{text('form.add', { what: title })}</Button>
      </div>
    </fieldset>
  )
}

/** Several of a list of the API. */
function ManyChoices({ argument, path, value, onChange, disabled }: One) {
  const fieldName = useFieldName()
  const { word } = useWords()
  const list = Array.isArray(value) ? value : []
  return (
    <fieldset className="part" id={`field-${path}`} tabIndex={-1}>
      <legend>{fieldName(argument.name)}</legend>
      <div className="tight">
        {(ENUMS[argument.type] ?? []).map((code) => (
          <CheckField
            key={code}
            label={word(argument.type, code)}
            value={list.includes(code)}
            disabled={disabled}
            onChange={(on) => onChange(on ? [...list, code] : list.filter((one) => one !== code))}
          />
        ))}
      </div>
    </fieldset>
  )
}
