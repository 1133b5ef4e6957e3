import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { useLocale, useText } from '@/i18n'
import { dayText, parseDate, type Day } from '@/lib/dates'
import { fullKana, oneSpace } from '@/lib/kana'
import { narrow } from '@/lib/text'
import { parseTime, timeText } from '@/lib/times'
import { useToday } from '@/lib/use'
import { grouped, inMan, parseYen } from '@/lib/yen'
import { Button, Checkbox, Input, Select, Textarea } from './kit'
import './fields.css'

/** What every field has. `error` is what is wrong and how to put it right. */
export interface FieldProps {
  label: string
  required?: boolean
  help?: string
  error?: string
  /** The field's path: errors lead to it. */
  name?: string
  disabled?: boolean
}

/** Label, help, the field and what is wrong with it, tied together for those who hear the page. */
function Frame(props: FieldProps & { id: string; echo?: ReactNode; children: ReactNode }) {
  const { id, label, required, help, error, echo, children } = props
  const text = useText()
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id} className="field-label">
        {label}
        {required && <span className="field-required">{text('field.required')}</span>}
      </label>
      {help && <p id={`${id}-help`} className="muted small">{help}</p>}
      {error && <p id={`${id}-error`} className="field-error">{error}</p>}
      {children}
      {echo && <p className="muted small" aria-live="polite">{echo}</p>}
    </div>
  )
}

function described(id: string, { help, error }: FieldProps): string | undefined {
  return [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
}

function useFieldId(name: string | undefined): string {
  const own = useId()
  return name ? `field-${name}` : own
}

/** A line of text, or several. */
export function TextField(props: FieldProps & { value: string; onChange: (value: string) => void; lines?: number; tidy?: (value: string) => string }) {
  const { value, onChange, lines, tidy, required, error, disabled } = props
  const id = useFieldId(props.name)
  const shared = {
    id,
    value,
    disabled,
    required,
    error: Boolean(error),
    'aria-describedby': described(id, props),
    'aria-invalid': Boolean(error),
    width: '100%' as const,
  }
  const blur = () => tidy && onChange(tidy(value))
  return (
    <Frame {...props} id={id}>
      {lines ? (
        <Textarea {...shared} rows={lines} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <Input {...shared} onChange={(event) => onChange(event.target.value)} onBlur={blur} />
      )}
    </Frame>
  )
}

/** A name in full-width katakana, made of whatever kana was typed. */
export function KanaField(props: FieldProps & { value: string; onChange: (value: string) => void }) {
  return <TextField {...props} tidy={fullKana} />
}

/** A name as it is registered: no character is exchanged for another. */
export function NameField(props: FieldProps & { value: string; onChange: (value: string) => void }) {
  return <TextField {...props} tidy={oneSpace} />
}

/** An amount in whole yen; null where it is empty or no amount yet. Both widths, commas, 万 and 億 are taken. */
export function YenField(props: FieldProps & { value: number | null; onChange: (value: number | null) => void }) {
  const { value, onChange, disabled, required } = props
  const text = useText()
  const locale = useLocale()
  const id = useFieldId(props.name)
  const [typed, setTyped] = useState(value === null ? '' : grouped(value))
  const [left, setLeft] = useState(true)
  useEffect(() => {
    if (left) setTyped((now) => (parseYen(now) === value ? now : value === null ? '' : grouped(value)))
  }, [value, left])
  const amount = parseYen(typed)
  const wrong = left && typed !== '' && amount === null ? text('field.yen.wrong') : undefined
  const error = props.error ?? wrong
  return (
    <Frame {...props} error={error} id={id} echo={amount !== null && amount >= 10_000 && locale === 'ja' ? inMan(amount) : undefined}>
      <Input
        id={id}
        className="field-yen"
        inputMode="numeric"
        value={typed}
        disabled={disabled}
        required={required}
        error={Boolean(error)}
        aria-invalid={Boolean(error)}
        aria-describedby={described(id, { ...props, error })}
        suffix={<span className="muted">{text('field.yen.unit')}</span>}
        onFocus={() => setLeft(false)}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(parseYen(event.target.value))
        }}
        onBlur={() => {
          setLeft(true)
          if (amount !== null) setTyped(grouped(amount))
        }}
      />
    </Frame>
  )
}

/** A day, typed in any form that people write, or chosen in the browser's calendar. What was understood is always shown. */
export function DateField(props: FieldProps & { value: Day | null; onChange: (value: Day | null) => void }) {
  const { value, onChange, disabled, required } = props
  const text = useText()
  const locale = useLocale()
  const id = useFieldId(props.name)
  const calendar = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value ? dayText(value, locale) : '')
  const [left, setLeft] = useState(true)
  const today = useToday()
  const read = parseDate(typed, today)
  const english = value !== null && typed === dayText(value, locale)
  const wrong = left && typed !== '' && read.kind === 'unknown' && !english ? text('field.date.wrong') : undefined
  const error = props.error ?? wrong
  const day = english ? value : read.kind === 'day' ? read.day : null
  const note = read.kind === 'day' && read.assumed ? text('field.date.assumed') : read.kind === 'day' && read.corrected ? text('field.date.corrected') : ''
  return (
    <Frame {...props} error={error} id={id} echo={day ? `${dayText(day, locale, true)}${note}` : undefined}>
      <span className="row">
        <Input
          id={id}
          value={typed}
          disabled={disabled}
          required={required}
          error={Boolean(error)}
          aria-invalid={Boolean(error)}
          aria-describedby={described(id, { ...props, error })}
          autoComplete="off"
          onFocus={() => setLeft(false)}
          onChange={(event) => {
            setTyped(event.target.value)
            const now = parseDate(event.target.value, today)
            onChange(now.kind === 'day' ? now.day : null)
          }}
          onBlur={() => {
            setLeft(true)
            if (day) setTyped(dayText(day, locale))
          }}
        />
        <Button disabled={disabled} onClick={() => calendar.current?.showPicker()}>{text('field.date.calendar')}</Button>
        <input
          ref={calendar}
          className="field-calendar"
          type="date"
          tabIndex={-1}
          aria-hidden="true"
          value={day ?? ''}
          onChange={(event) => {
            const chosen = event.target.value
            if (!chosen) return
            setTyped(dayText(chosen, locale))
            onChange(chosen)
          }}
        />
      </span>
    </Frame>
  )
}

/**
 * A time of day, typed in any form that people write. What was understood is shown, and `HH:MM` is handed on; what was not is handed on as it
 * was typed, so that it is refused and not left out.
 */
export function TimeField(props: FieldProps & { value: string; onChange: (value: string) => void }) {
  const { value, onChange, disabled, required } = props
  const text = useText()
  const locale = useLocale()
  const id = useFieldId(props.name)
  const [typed, setTyped] = useState(value)
  const [left, setLeft] = useState(true)
  const read = parseTime(typed)
  const wrong = left && typed.trim() !== '' && read.kind !== 'time' ? text(read.kind === 'unsure' ? 'field.time.unsure' : 'field.time.wrong') : undefined
  const error = props.error ?? wrong
  return (
    <Frame {...props} error={error} id={id} echo={read.kind === 'time' ? timeText(read.time, locale) : undefined}>
      <Input
        id={id}
        value={typed}
        disabled={disabled}
        required={required}
        error={Boolean(error)}
        aria-invalid={Boolean(error)}
        aria-describedby={described(id, { ...props, error })}
        autoComplete="off"
        onFocus={() => setLeft(false)}
        onChange={(event) => {
          setTyped(event.target.value)
          const now = parseTime(event.target.value)
          onChange(now.kind === 'time' ? now.time : event.target.value)
        }}
        onBlur={() => {
          setLeft(true)
          if (read.kind === 'time') setTyped(read.time)
        }}
      />
    </Frame>
  )
}

/** A number; null where it is empty. `decimal`: with a point, kept as the digits that were typed. */
export function NumberField(props: FieldProps & { value: string; onChange: (value: string) => void; unit?: string; decimal?: boolean }) {
  const { value, onChange, unit, decimal, disabled, required } = props
  const text = useText()
  const id = useFieldId(props.name)
  const wrong = value !== '' && !(decimal ? /^-?\d+(\.\d+)?$/ : /^\d+$/).test(value) ? text('field.number.wrong') : undefined
  const error = props.error ?? wrong
  return (
    <Frame {...props} error={error} id={id}>
      <Input
        id={id}
        className="field-yen"
        inputMode={decimal ? 'decimal' : 'numeric'}
        value={value}
        disabled={disabled}
        required={required}
        error={Boolean(error)}
        aria-invalid={Boolean(error)}
        aria-describedby={described(id, { ...props, error })}
        suffix={unit && <span className="muted">{unit}</span>}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => onChange(narrow(value).replace(/[\s,]/g, ''))}
      />
    </Frame>
  )
}

/** One of a list. */
export function ChoiceField(props: FieldProps & { value: string; onChange: (value: string) => void; options: { value: string; label: string }[]; blank?: string }) {
  const { value, onChange, options, blank, error, disabled, required } = props
  const id = useFieldId(props.name)
  const all = blank === undefined ? options : [{ value: '', label: blank }, ...options]
  return (
    <Frame {...props} id={id}>
      <Select
        id={id}
        value={value}
        disabled={disabled}
        required={required}
        error={Boolean(error)}
        aria-invalid={Boolean(error)}
        aria-describedby={described(id, props)}
        options={all}
        onChangeValue={onChange}
      />
    </Frame>
  )
}

/**
 * A code that is typed, with a list to choose from by code or name; `unknown` says what is wrong with one that is not on the list. What
 * was chosen is said beside it, and a name that was typed becomes its code.
 */
export function SuggestField(props: FieldProps & { value: string; onChange: (value: string) => void; options: readonly { value: string; label: string }[]; unknown?: string }) {
  const { value, onChange, options, unknown, disabled, required } = props
  const id = useFieldId(props.name)
  const [left, setLeft] = useState(true)
  const chosen = options.find((option) => option.value === value)
  const error = props.error ?? (left && value !== '' && !chosen ? unknown : undefined)
  return (
    <Frame {...props} error={error} id={id} echo={chosen?.label}>
      <Input
        id={id}
        list={`${id}-list`}
        value={value}
        disabled={disabled}
        required={required}
        error={Boolean(error)}
        aria-invalid={Boolean(error)}
        aria-describedby={described(id, { ...props, error })}
        autoComplete="off"
        width="100%"
        onFocus={() => setLeft(false)}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => {
          setLeft(true)
          const typed = narrow(value.trim())
          onChange(options.find((option) => option.label === value.trim())?.value ?? typed)
        }}
      />
      <datalist id={`${id}-list`}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </datalist>
    </Frame>
  )
}

/** Yes or no. */
export function CheckField({ label, value, onChange, disabled }: { label: string; value: boolean; onChange: (value: boolean) => void; disabled?: boolean }) {
  return (
    <Checkbox checked={value} disabled={disabled} onChange={(event) => onChange(event.target.checked)}>
      {label}
    </Checkbox>
  )
}
