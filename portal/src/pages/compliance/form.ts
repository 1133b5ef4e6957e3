/** One field of a step of a register. */
export interface Field {
  name: string
  label: string
  kind: 'line' | 'text' | 'day' | 'choice'
  required?: boolean
  help?: string
  /** Values of a choice: codes with their words. */
  options?: { value: string; label: string }[]
  /** What stands in the field at first. */
  value?: string
}

export type Values = Record<string, string | null>

/** What the fields hold at first. */
export function blank(fields: Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, field.value ?? null]))
}

/** The values as they are sent: without spaces around them, and nothing where a field was left empty. */
export function given(fields: Field[], values: Values): Values {
  return Object.fromEntries(fields.map((field) => [field.name, values[field.name]?.trim() || null]))
}

/** Names of the required fields that are empty, in the order of the form. */
export function missing(fields: Field[], values: Values): string[] {
  const sent = given(fields, values)
  return fields.filter((field) => field.required && sent[field.name] === null).map((field) => field.name)
}
