import { describe, expect, it } from 'vitest'
import { batchOf, canRepeat, issuedSearch, type Sheet } from '@/pages/desk/issued'
import { answerIsDue } from '@/pages/scrivener/filing'

const sheet = (changes: Partial<Sheet>): Sheet => ({
  id: 'C.3.1.EMAIL',
  document: '2951-1/3.1',
  copy: 0,
  number: '2951-1',
  kindLabel: null,
  issuedAt: '2026-11-23T03:00:00Z',
  postalCode: '100-0001',
  address: '見本県見本市1-1',
  addressee: '見本 花子',
  bankName: '見本労働金庫',
  branchName: '本店',
  texts: [],
  contentHash: 'ab',
  isAsSent: null,
  byPost: null,
  leftOut: null,
  leftOutLabel: null,
  ...changes,
})

describe('a print batch', () => {
  it('prints what has words, labels whose address is on record, and offers to note what was due', () => {
    const all = [sheet({ id: 'a', byPost: 'DUE' }), sheet({ id: 'b', byPost: 'POSTED', address: null }), sheet({ id: 'c', leftOut: 'SAME', byPost: 'DUE' })]
    const batch = batchOf(all)
    expect(batch.printed.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(batch.leftOut.map(({ id }) => id)).toEqual(['c'])
    expect(batch.labels.map(({ id }) => id)).toEqual(['a'])
    expect(batch.unaddressed.map(({ id }) => id)).toEqual(['b'])
    // What was left out was not printed, so it is not noted as posted.
    expect(batch.due).toEqual(['a'])
  })

  it('repeats what came to an end alone', () => {
    expect(['DELIVERED', 'CLOSED', 'WAITING', 'PARKED'].map(canRepeat)).toEqual([true, true, false, false])
  })
})

describe('the address of the register', () => {
  it('keeps what it knows, as text', () => {
    expect(issuedSearch({ branch: 1, number: 'A-1', kind: '', other: 'x', from: '2026-11-01' })).toEqual({ branch: '1', number: 'A-1', from: '2026-11-01' })
  })
})

describe('the answer for a job', () => {
  it('is due from the office that was asked, until it has answered', () => {
    expect(answerIsDue({ organisation: 'OFFICE', engagement: null })).toBe(true)
    expect(answerIsDue({ organisation: 'OFFICE', engagement: { state: 'ASKED' } })).toBe(true)
    for (const state of ['ACCEPTED', 'DECLINED', 'ENDED']) expect(answerIsDue({ organisation: 'OFFICE', engagement: { state } })).toBe(false)
    expect(answerIsDue({ organisation: null, engagement: null })).toBe(false)
    expect(answerIsDue(undefined)).toBe(false)
  })
})
