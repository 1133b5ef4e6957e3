import { INPUTS } from '@/gql/verbs'
import type { Argument } from '@/lib/command'

/** What stands in a form: texts for numbers until it is sent, null for nothing. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value }
export type Values = { [name: string]: Value }

/** Yes-or-no fields that the rules want answered: they begin with no. Others stay empty until somebody says something. */
const ANSWERED: Record<string, Values> = {
  PartyInput: { foreignPep: false, incomeAdded: false, usesTaxDeduction: false },
  QualificationInput: { managerAtOrgMemberCompany: false },
  OrgMemberInput: { excludedByBranch: false },
  FundUseInput: { evidenced: false },
  PropertyInput: { main: false },
  OwnerInput: { mortgagesShare: true },
  PriorMortgageInput: { releasedAtDisbursement: false },
  RegistrationInput: { housingCertificate: false },
  CollateralValuationInput: { requirementMet: false },
}
/** Parts that every person and every application has: they are there at once. */
export const ALWAYS: ReadonlySet<string> = new Set(['AddressInput', 'EmploymentInput', 'QualificationInput', 'ExistingCoverInput', 'InstitutionInput', 'PurposeInput', 'AccountInput', 'RegistrationInput', 'CollateralValuationInput', 'TransactionConditionsInput', 'CardLoanInput', 'SalaryTransferInput'])

/** What a field begins with. Required parts are there at once; others when somebody adds them. */
export function blank(argument: Argument): Value {
  if (argument.list) return argument.required ? [blank({ ...argument, list: false, required: true })] : []
  const input = INPUTS[argument.type]
  if (input) return argument.required || ALWAYS.has(argument.type) ? { ...blanks(input), ...ANSWERED[argument.type] } : null
  if (argument.type === 'Boolean') return argument.required ? false : null
  return argument.type === 'Yen' || argument.type === 'Date' ? null : ''
}

/** The same for all fields of a form. */
export function blanks(all: Argument[]): Values {
  return Object.fromEntries(all.map((argument) => [argument.name, blank(argument)]))
}

/** A required field that is empty, by its path: `to.account.number`. */
export function missing(all: Argument[], values: Values, path = ''): string[] {
  return all.flatMap((argument) => {
    const at = path ? `${path}.${argument.name}` : argument.name
    return missingIn(argument, values[argument.name] ?? null, at)
  })
}

function missingIn(argument: Argument, value: Value, at: string): string[] {
  if (argument.list) {
    const list = Array.isArray(value) ? value : []
    if (argument.required && list.length === 0) return [at]
    return list.flatMap((one, place) => missingIn({ ...argument, list: false, required: true }, one, `${at}[${place}]`))
  }
  const input = INPUTS[argument.type]
  if (input) {
    if (value === null) return argument.required ? [at] : []
    return missing(input, value as Values, at)
  }
  const empty = value === null || (typeof value === 'string' && value.trim() === '')
  return argument.required && empty ? [at] : []
}

/** The values as the API takes them: numbers as numbers, nothing as nothing. */
export function sent(all: Argument[], values: Values): Record<string, unknown> {
  return Object.fromEntries(all.map((argument) => [argument.name, sentOne(argument, values[argument.name] ?? null)]))
}

function sentOne(argument: Argument, value: Value): unknown {
  if (argument.list) {
    return (Array.isArray(value) ? value : []).map((one) => sentOne({ ...argument, list: false }, one))
  }
  const input = INPUTS[argument.type]
  if (input) return value === null ? null : sent(input, value as Values)
  if (typeof value === 'string') {
    const text = value.trim()
    if (text === '') return null
    return argument.type === 'Int' ? Number(text) : text
  }
  return value
}

/**
 * What the key of an action says of its arguments: `A1:L1` is person A1 and loan 1, `P2` property 2, `F1` filing F1, `Q1` question Q1. An action of a
 * proposal has the proposal as its key.
 */
export function fromKey(all: Argument[], key: string | null): Values {
  const known: Values = {}
  const asks = (name: string) => all.some((argument) => argument.name === name)
  if (!key) return known
  if (asks('proposalId')) known['proposalId'] = key
  for (const part of key.split(':')) {
    const number = /^([A-Z])(\d+)$/.exec(part)
    if (!number) continue
    const [, kind, no] = number
    if (kind === 'L' && asks('loanNo')) known['loanNo'] = no ?? ''
    else if (kind === 'P' && asks('propertyNo')) known['propertyNo'] = no ?? ''
    else if (kind === 'F' && asks('filing')) known['filing'] = part
    else if (kind === 'Q' && asks('questionId')) known['questionId'] = part
    else if (asks('partyId') && kind && 'ADGM'.includes(kind)) known['partyId'] = part
  }
  return known
}

/** The values with what nobody has to choose: a required field with one choice alone has it. */
export function withSingles(all: Argument[], values: Values, choices: Record<string, { value: string }[]>): Values {
  const single = all.filter(({ name, required, list }) => required && !list && (values[name] ?? '') === '' && choices[name]?.length === 1)
  return single.length === 0 ? values : { ...values, ...Object.fromEntries(single.map(({ name }) => [name, choices[name]?.[0]?.value ?? ''])) }
}

/** The value at a path of names, and the values with another one there. */
export function withValue(values: Values, name: string, value: Value): Values {
  return { ...values, [name]: value }
}

/** Two forms with the same content. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
