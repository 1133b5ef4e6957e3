import { describe, expect, it } from 'vitest'
import { asksFor, isSaid, nameOf, offered, type Incident } from '@/pages/desk/what'
import { addressOf, byPerson, isListed, isSame, remarkable, sizeText, standing, unfinished, type PaperFile, type PaperLine, type Upload } from '@/papers/lines'

const line = (key: string, partyId: string | null, state: PaperLine['state'], stage: PaperLine['stage'] = 'APPLICATION') => ({ key, partyId, state, stage, files: [] }) as unknown as PaperLine
const upload = (id: string, given: Partial<Upload> = {}) => ({ id, state: 'OPEN', by: 'me', bytes: 10, name: 'a.pdf', ...given }) as Upload

describe('the checklist of papers', () => {
  it('stands by person in the order of the case; what nobody asked for counts for nothing', () => {
    const lines = [line('a', null, 'RECEIVED'), line('b', 'G1', 'MISSING'), line('c', 'A1', 'ACCEPTED'), line('d', 'A1', 'EXPIRED'), line('e', 'A1', 'RECEIVED', 'OTHER'), line('f', 'X9', 'DEFECTIVE')]
    const people = byPerson(lines, ['A1', 'B1', 'G1'])
    expect(people.map(({ partyId, here, asked }) => [partyId, here, asked])).toEqual([['A1', 1, 2], ['G1', 0, 1], ['X9', 0, 1], [null, 1, 1]])
    expect(people.flatMap((person) => person.lines)).toHaveLength(lines.length)
  })

  it('keeps apart what counts and what was replaced', () => {
    const files = [{ id: '2', state: 'RECEIVED' }, { id: '1', state: 'REPLACED' }] as PaperFile[]
    expect(standing(files)).toEqual({ now: [files[0]], before: [files[1]] })
    expect(isListed({ state: 'attached', address: '/documents/2' }, { files })).toBe(true)
    expect(isListed({ state: 'attached', address: '/documents/3' }, { files })).toBe(false)
    expect(isListed({ state: 'broken', address: '/documents/2' }, { files })).toBe(false)
  })

  it('offers to go on with one’s own unfinished uploads alone, and only with the same file', () => {
    const all = [upload('1'), upload('2', { by: 'other' }), upload('3', { state: 'ATTACHED' }), upload('4'), upload('5', { state: 'REFUSED' })]
    expect(unfinished(all, 'me', [addressOf({ id: '4' })]).map((one) => one.id)).toEqual(['1'])
    expect(remarkable(all).map((one) => one.id)).toEqual(['5'])
    expect(isSame(upload('1'), { name: 'a.pdf', size: 10 })).toBe(true)
    expect(isSame(upload('1'), { name: 'a.pdf', size: 11 })).toBe(false)
    expect(isSame(upload('1'), { name: 'b.pdf', size: 10 })).toBe(false)
    expect(isSame(upload('1', { name: null }), { name: 'b.pdf', size: 10 })).toBe(true)
  })

  it('says sizes as people do', () => {
    expect([70, 2_048, 5 * 1024 * 1024].map(sizeText)).toEqual(['70 B', '2 KB', '5.0 MB'])
  })
})

describe('the incident desk', () => {
  const incident = (...possible: Incident['possible']) => ({ possible }) as Incident
  it('offers what is possible with at least one of the picked, and says with how many', () => {
    expect(offered([])).toEqual([])
    expect(offered([incident('RETRY', 'TAKE'), incident('TAKE'), incident('CLOSE')])).toEqual([{ action: 'TAKE', count: 2 }, { action: 'RETRY', count: 1 }, { action: 'CLOSE', count: 1 }])
  })
  it('names what belongs to no case as the bank\'s', () => {
    const lines = [{ applicationId: 'a', number: '2951-1' }, { applicationId: 'a', number: null }, { applicationId: null, number: null }]
    expect(lines.map((line) => nameOf(line, (key) => key))).toEqual(['2951-1', 'desk.noNumber', 'desk.bank'])
  })
  it('asks for a reason before something is closed, and for an address before it is sent elsewhere', () => {
    expect((['CLOSE', 'READDRESS', 'RETRY', 'APPROVE'] as const).map(asksFor)).toEqual(['reason', 'mailTo', null, null])
    expect([isSaid('CLOSE', '', ''), isSaid('CLOSE', 'TOLD_BY_PHONE', ''), isSaid('READDRESS', '', ' '), isSaid('READDRESS', '', 'a@b.example'), isSaid('TAKE', '', '')]).toEqual([false, true, false, true, true])
  })
})
