import type { Step } from '@/ui'

/** The way of a loan from left to right, in parts that one can count at a glance, with the stages of each. */
const WAY: [key: string, stages: string[]][] = [
  ['intake', ['DRAFT', 'SUBMITTED', 'INCOMPLETE', 'DISCARDED']],
  ['screening', ['SCREENING', 'CHANGE_REQUESTED', 'RE_SCREENING', 'DECLINED', 'WITHDRAWN']],
  ['approval', ['APPROVED', 'CONDITIONALLY_APPROVED', 'APPROVAL_RESCINDED', 'APPROVAL_EXPIRED']],
  ['contract', ['CONTRACTING', 'CONTRACT_TENDERED', 'CONTRACT_TERMINATED']],
  ['preparation', ['CONTRACTED', 'SCHEDULED', 'ON_HOLD', 'READY']],
  ['disbursement', ['DISBURSING', 'RECONCILING', 'PARTIALLY_DISBURSED', 'REVERSING', 'DRAWINGS_REPAID', 'DISBURSED']],
  ['servicing', ['HANDED_OVER']],
]

/** The parts of the way, in their order. */
export const PARTS_OF_WAY = WAY.map(([key]) => key)

/** Where a stage stands on the way. A case that ended stands where it ended. */
export function stepsOf(stage: string, title: (key: string) => string, note: string): Step[] {
  const now = WAY.findIndex(([, stages]) => stages.includes(stage))
  return WAY.map(([key], place) => ({
    key,
    title: title(key),
    state: place < now ? 'done' : place === now ? 'now' : 'next',
    ...(place === now && { note }),
  }))
}

/** The tab where something that is in the way is put right, by the code of its guard and what it is about. */
export function tabOf(code: string): string | null {
  const has = (...parts: string[]) => parts.some((part) => code.includes(part))
  if (has('DOC', 'CONSENT', 'PAPER', 'PLEDGE')) return 'documents'
  if (has('GUAR')) return 'guarantee'
  if (has('INS', 'DECLAR', 'HEALTH')) return 'credit-life'
  if (has('CONTRACT', 'EXPLAIN', 'IDENT', 'SIGN')) return 'contract'
  if (has('REG', 'FILING', 'FIRE', 'MORTGAG', 'SCRIVENER')) return 'registration'
  if (has('POST', 'PAYEE', 'COST', 'FUNDS', 'DATE', 'DAY')) return 'disbursement'
  return null
}
