import { describe, expect, it } from 'vitest'
import { csv } from '@/lib/file'
import { cellsOf, LINES_AT_ONCE, meantBy, readCertificates, type CertifiedCase, type FileLine } from '@/pages/partner/certificates'

const TODAY = '2026-04-10'
const HEAD = '案件番号,対象者,結果,証明日,証明書番号'
const lines = (text: string): FileLine[] => {
  const read = readCertificates(text, TODAY)
  if (!('lines' in read)) throw new Error(`no lines: ${read.fault}`)
  return read.lines
}
const columns = (text: string) => lines(text).map((line) => line.wrong.map((wrong) => wrong.column))

describe('a file of certificates', () => {
  it('is read with its mark, quotes, line ends and either language', () => {
    expect(cellsOf('\ufeffa,"b ""x"", y\r\nz"\r\n,\n')).toEqual([['a', 'b "x", y\r\nz'], ['', '']])
    expect(cellsOf('a,"b')).toBeNull()
    const read = lines(`\ufeff${HEAD}\r\n2963-000001,A1,確認,2026-04-06,C-1\r\n\r\n2963-000002,見本 花子,否認,,\r\n`)
    expect(read.map((line) => [line.line, line.certificate])).toEqual([
      [2, { number: '2963-000001', person: 'A1', result: 'CONFIRMED', certifiedOn: '2026-04-06', reference: 'C-1' }],
      [4, { number: '2963-000002', person: '見本 花子', result: 'REFUSED', certifiedOn: null, reference: '' }],
    ])
    expect(lines('result,number,person,certifiedOn\nCONFIRMED,N,A1,2026-04-10\n')[0]?.certificate?.number).toBe('N')
  })

  it('names every wrong column of every line', () => {
    const text = [HEAD, ',,たぶん,,', 'N,A1,確認,,', 'N,A2,確認,2026-02-30,', 'N,A3,確認,2026-04-11,', 'N,A4,否認,2026-04-01,', `N,A5,否認,,${'x'.repeat(51)}`, 'N,A1,否認,,'].join('\n')
    expect(columns(text)).toEqual([['number', 'person', 'result'], ['certifiedOn'], ['certifiedOn'], ['certifiedOn'], ['certifiedOn'], ['reference'], ['person']])
    expect(lines(text).every((line) => line.certificate === null)).toBe(true)
  })

  it('that is none says so', () => {
    expect(readCertificates('', TODAY)).toMatchObject({ fault: 'empty' })
    expect(readCertificates(`${HEAD}\n`, TODAY)).toMatchObject({ fault: 'empty' })
    expect(readCertificates('案件番号,結果\nN,確認\n', TODAY)).toEqual({ fault: 'columns', columns: ['person', 'certifiedOn'] })
    expect(readCertificates(`${HEAD}\n"N,A1\n`, TODAY)).toMatchObject({ fault: 'quotes' })
    const many = Array.from({ length: LINES_AT_ONCE + 1 }, (_, n) => `N${n},A1,否認,,`)
    expect(readCertificates([HEAD, ...many].join('\n'), TODAY)).toMatchObject({ fault: 'many' })
  })

  it('comes back with nothing that a spreadsheet would run, and can be read again', () => {
    const saved = csv(HEAD.split(','), [['N', '=1+1', '否認', '', '@x']])
    expect(saved).toContain("'=1+1")
    expect(lines(saved)[0]?.certificate).toMatchObject({ person: '=1+1', reference: '@x' })
  })
})

describe('whom a line means', () => {
  const found: CertifiedCase = {
    id: 'case-1',
    parties: [{ partyId: 'A1', nameKanji: '見本　太郎' }, { partyId: 'D1', nameKanji: '見本 花子' }, { partyId: 'G1', nameKanji: '同名' }, { partyId: 'G2', nameKanji: '同名' }],
    actions: [
      { verb: 'confirmMembership', key: 'A1', requestId: 'T5.1', enabled: true },
      { verb: 'refuseMembership', key: 'A1', requestId: 'T5.1', enabled: true },
      { verb: 'confirmMembership', key: 'D1', requestId: 'T5.2', enabled: false },
    ],
  }
  const asked = (person: string, result: 'CONFIRMED' | 'REFUSED' = 'CONFIRMED') => ({ number: 'N', person, result, certifiedOn: null, reference: '' })

  it('is found by id or by name, whatever the spaces', () => {
    for (const person of ['A1', '見本太郎', '見本 太郎']) expect(meantBy(asked(person), found)).toEqual({ applicationId: 'case-1', partyId: 'A1', requestId: 'T5.1' })
    expect(meantBy(asked('A1', 'REFUSED'), found)).toMatchObject({ requestId: 'T5.1' })
  })

  it('or the line says what is wrong, and nobody is guessed', () => {
    expect(meantBy(asked('A1'), undefined)).toMatchObject({ column: 'number' })
    for (const person of ['A9', '見本', '同名']) expect(meantBy(asked(person), found)).toMatchObject({ column: 'person', accepted: 'certificates.accepted.known' })
    for (const person of ['D1', 'G1']) expect(meantBy(asked(person), found)).toMatchObject({ accepted: 'certificates.accepted.open' })
  })
})
