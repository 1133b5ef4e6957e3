import { CaseContent } from '@/gql/operations'
import { ENUMS } from '@/gql/verbs'
import type { Choices } from '@/command'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'

/** What the forms of a case choose from: its people, loans, properties, and the bank's other guarantors. Read only when a form is opened. */
export function useCaseChoices(id: string, wanted: boolean): Choices {
  const { word } = useWords()
  const application = useRead(CaseContent, { id }, !wanted).data?.application
  const content = application?.content
  // Papers of a defect are named by their codes, whatever the case has.
  const choices: Choices = { document: (ENUMS['DocumentKind'] ?? []).map((code) => ({ value: code, label: word('DocumentKind', code) })) }
  if (content?.parties) {
    choices['partyId'] = content.parties.map((party) => ({ value: party.partyId, label: `${party.nameKanji}（${word('PartyRole', party.role)}）` }))
  }
  if (content?.loans) choices['loanNo'] = content.loans.map((loan) => ({ value: String(loan.loanNo), label: String(loan.loanNo) }))
  if (content?.properties) {
    choices['propertyNo'] = content.properties.map((property) => ({ value: String(property.propertyNo), label: `${property.propertyNo} ${word('PropertyKind', property.kind)} ${property.number}` }))
  }
  // Where the bank has no other one, the field stays free and the answer says so.
  const others = application?.otherGuarantors ?? []
  if (others.length > 0) choices['guarantor'] = others.map((one) => ({ value: one, label: one }))
  return choices
}
