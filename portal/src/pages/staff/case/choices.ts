import { CaseContent } from '@/gql/operations'
import { ENUMS } from '@/gql/verbs'
import type { Choices } from '@/command'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'

/** What the forms of a case choose from: its people, loans and properties. Read only when a form is opened. */
export function useCaseChoices(id: string, wanted: boolean): Choices {
  const { word } = useWords()
  const content = useRead(CaseContent, { id }, !wanted).data?.application?.content
  // Papers of a defect are named by their codes, whatever the case has.
  const choices: Choices = { document: (ENUMS['DocumentKind'] ?? []).map((code) => ({ value: code, label: word('DocumentKind', code) })) }
  if (content?.parties) {
    choices['partyId'] = content.parties.map((party) => ({ value: party.partyId, label: `${party.nameKanji}（${word('PartyRole', party.role)}）` }))
  }
  if (content?.loans) choices['loanNo'] = content.loans.map((loan) => ({ value: String(loan.loanNo), label: String(loan.loanNo) }))
  if (content?.properties) {
    choices['propertyNo'] = content.properties.map((property) => ({ value: String(property.propertyNo), label: `${property.propertyNo} ${word('PropertyKind', property.kind)} ${property.number}` }))
  }
  return choices
}
