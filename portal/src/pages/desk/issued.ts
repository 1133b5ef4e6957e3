import type { NoticeSheetsQuery } from '@/gql/operations'

/** What stands in the address of the register. */
export interface IssuedSearch {
  kind?: string
  branch?: string
  channel?: string
  number?: string
  byPost?: string
  from?: string
  to?: string
  after?: string
}

const NAMES = ['kind', 'branch', 'channel', 'number', 'byPost', 'from', 'to', 'after'] as const

/** Only what the register knows, and only what is not empty. */
export function issuedSearch(given: Record<string, unknown>): IssuedSearch {
  // A number in an address is read as one: branches and days stay text.
  const known = NAMES.filter((name) => given[name] !== undefined && given[name] !== '').map((name) => [name, String(given[name])])
  return Object.fromEntries(known) as IssuedSearch
}

/** The ways on which people of a case are told. */
export const CHANNELS = ['INBOX', 'EMAIL'] as const

/** May a line be sent anew? What waits or failed is for the incident desk. */
export function canRepeat(state: string): boolean {
  return state === 'DELIVERED' || state === 'CLOSED'
}

export type Sheet = NonNullable<NoticeSheetsQuery['noticeSheets']>[number]

/** A print batch: what is printed, what is left out, whose address is not on record, and what is to be noted as posted afterwards. */
export function batchOf(sheets: readonly Sheet[]) {
  const printed = sheets.filter((sheet) => !sheet.leftOut)
  return {
    printed,
    leftOut: sheets.filter((sheet) => sheet.leftOut),
    labels: printed.filter((sheet) => sheet.addressee && sheet.address),
    unaddressed: printed.filter((sheet) => !sheet.addressee || !sheet.address),
    due: printed.filter((sheet) => sheet.byPost === 'DUE').map((sheet) => sheet.id),
  }
}
