import { blanks, type Values } from '@/command/values'
import { INPUTS } from '@/gql/verbs'
import type { Bank } from '@/lib/bank'
import type { Argument } from '@/lib/command'

/** The form of an application, field by field. */
export const FORM: Argument[] = (INPUTS['FormInput'] ?? []).filter((field) => field.name !== 'applicationId' && field.name !== 'receivedAt')

/** The steps in which it is filled in, with the fields of each. */
export const STEPS: [key: string, fields: string[]][] = [
  ['people', ['institution', 'product', 'parties']],
  ['purpose', ['purpose', 'fundUses', 'properties', 'collateralValuation', 'registration']],
  ['wishes', ['requestedAmountYen', 'ownFundsYen', 'requestedDisbursementDate', 'loans', 'contractForm', 'disbursementAccount', 'existingLoan', 'moneyAhead', 'tieUpProduct']],
  ['insurance', ['insurance']],
  ['papers', ['documents', 'consents', 'familyDataInDocuments', 'outsideContacts', 'siteSurveyPlanned', 'directMailConsent', 'transactionConditions']],
  ['confirm', []],
]

/** The fields of a step, in its order. */
export function fieldsOf(step: number): Argument[] {
  const names = STEPS[step]?.[1] ?? []
  return names.flatMap((name) => FORM.find((field) => field.name === name) ?? [])
}

/** The step that asks for the field at a path; the last one where none does. */
export function stepOf(path: string): number {
  const top = /^[^.[]*/.exec(path)?.[0] ?? ''
  const found = STEPS.findIndex(([, fields]) => fields.includes(top))
  return found === -1 ? STEPS.length - 1 : found
}

function part(type: string, given: Values): Values {
  return { ...blanksOf(type), ...given }
}

function blanksOf(type: string): Values {
  const [one] = Object.values(blanks([{ name: 'one', type, required: true }]))
  return one as Values
}

/** The form with the branch called by the name that the bank's book has for its code, where it lists it. */
export function named(values: Values, bank: Bank): Values {
  const institution = values['institution'] as Values | null
  const listed = bank.listed.find(({ code }) => code === institution?.['branchCode'])
  return listed && institution ? { ...values, institution: { ...institution, branchName: listed.name.ja } } : values
}

/**
 * An application that nobody has written anything into, of this bank: one applicant, one loan, one property, one insured person. Who works
 * for one branch alone takes it in there.
 */
export function freshForm(bank: Bank): Values {
  const [branchCode = ''] = bank.branches.length === 1 ? bank.branches : []
  const fresh: Values = {
    ...blanks(FORM),
    institution: part('InstitutionInput', { bankCode: bank.code, bankName: bank.name, branchCode }),
    product: 'HOUSING_LOAN',
    parties: [part('PartyInput', { partyId: 'A1', role: 'APPLICANT' })],
    fundUses: [blanksOf('FundUseInput')],
    loans: [part('LoanInput', { loanNo: '1', bonusPartYen: 0, repaymentDay: '15' })],
    properties: [part('PropertyInput', { propertyNo: '1', main: true, owners: [part('OwnerInput', { partyId: 'A1', share: '1/1' })] })],
    insurance: [part('InsuranceInput', { partyId: 'A1', loanNo: '1', type: 'BASIC', cover: 'SINGLE', sharePercent: '100' })],
    documents: [blanksOf('DocumentInput')],
    consents: [part('ConsentInput', { consent: 'PRIVACY_CONSENT', partyId: 'A1' }), part('ConsentInput', { consent: 'ANTISOCIAL_PLEDGE_AND_PEP', partyId: 'A1' })],
    contractForm: 'PAPER',
    familyDataInDocuments: false,
    siteSurveyPlanned: false,
    directMailConsent: false,
  }
  return named(fresh, bank)
}

/** What several parts say alike is asked once: the amount of a single loan, and the purpose of each. */
export function completed(values: Values): Values {
  const loans = values['loans'] as Values[]
  const purpose = (values['purpose'] as Values | null)?.['code'] ?? ''
  const single = loans.length === 1
  return {
    ...values,
    loans: loans.map((loan) => ({
      ...loan,
      purposeCode: loan['purposeCode'] || purpose,
      amountYen: loan['amountYen'] ?? (single ? (values['requestedAmountYen'] ?? null) : null),
    })),
  }
}

/** What was typed of a new application, and where its writer was. */
export interface Typed {
  form: Values
  step: number
  /** When it was begun: the day of reception. */
  receivedAt: string
}

/** The text in which it is kept. */
export function bodyOf(typed: Typed): string {
  return JSON.stringify(typed)
}

/**
 * What was typed, from the text that was kept; null where it is none of ours. What an earlier form did not have begins as in a new one.
 */
export function typedOf(body: string, bank: Bank): Typed | null {
  let read: Partial<Typed> | null
  try {
    read = JSON.parse(body) as Partial<Typed> | null
  } catch {
    return null
  }
  if (!read || typeof read.form !== 'object' || !read.form || Array.isArray(read.form) || typeof read.receivedAt !== 'string') return null
  const step = Number.isInteger(read.step) ? Math.min(Math.max(Number(read.step), 0), STEPS.length - 1) : 0
  const known = Object.fromEntries(Object.entries(read.form).filter(([name]) => FORM.some((field) => field.name === name)))
  return { form: { ...freshForm(bank), ...known }, step, receivedAt: read.receivedAt }
}
