import { describe, expect, it } from 'vitest'
import { dayText, inTokyo, parseDate, wareki } from '@/lib/dates'

const TODAY = '2026-11-22'
const day = (text: string) => {
  const typed = parseDate(text, TODAY)
  return typed.kind === 'day' ? typed.day : null
}

describe('a date as people type it', () => {
  it.each([
    ['令和8年12月25日', '2026-12-25'],
    ['令和8年12月25日（金）', '2026-12-25'],
    ['R8.12.25', '2026-12-25'],
    ['r8/12/25', '2026-12-25'],
    ['Ｒ８．１２．２５', '2026-12-25'],
    ['８年１２月２５日', '2026-12-25'],
    ['2026/12/25', '2026-12-25'],
    ['2026年12月25日', '2026-12-25'],
    ['20261225', '2026-12-25'],
    ['令和元年5月1日', '2019-05-01'],
    ['R1.5.1', '2019-05-01'],
    ['平成31年4月30日', '2019-04-30'],
    ['H1.1.8', '1989-01-08'],
    ['昭和64年1月7日', '1989-01-07'],
    ['S50.4.1', '1975-04-01'],
    ['大正15年12月24日', '1926-12-24'],
    ['2028-02-29', '2028-02-29'],
  ])('%s', (text, wanted) => expect(day(text)).toBe(wanted))

  it.each(['', '12', '2026/13/1', '2027/2/29', '令和0年1月1日', '26/12/25/1', 'R8.12', 'あした', '826.12.25', '99999999'])('%s is no date, never a guess', (text) => {
    expect(parseDate(text, TODAY).kind).toBe('unknown')
  })

  it('without a year it is the next such day, and says so', () => {
    expect(parseDate('12/25', TODAY)).toEqual({ kind: 'day', day: '2026-12-25', assumed: true })
    expect(parseDate('１月５日', TODAY)).toEqual({ kind: 'day', day: '2027-01-05', assumed: true })
    expect(parseDate('11/22', TODAY)).toEqual({ kind: 'day', day: TODAY, assumed: true })
    expect(parseDate('2/29', TODAY)).toEqual({ kind: 'day', day: '2028-02-29', assumed: true })
    expect(parseDate('2/30', TODAY).kind).toBe('unknown')
  })

  it('a year that its era never had is corrected aloud', () => {
    expect(parseDate('平成40年1月1日', TODAY)).toEqual({ kind: 'day', day: '2028-01-01', corrected: true })
    expect(parseDate('令和元年4月30日', TODAY)).toEqual({ kind: 'day', day: '2019-04-30', corrected: true })
    expect(parseDate('平成31年5月1日', TODAY)).toEqual({ kind: 'day', day: '2019-05-01', corrected: true })
  })

  it('what is shown reads back as the same day, over 150 years', () => {
    let looked = 0
    for (let at = Date.UTC(1900, 0, 1); at < Date.UTC(2050, 0, 1); at += 86_400_000) {
      const iso = new Date(at).toISOString().slice(0, 10)
      if (day(wareki(iso)) !== iso || day(wareki(iso, false)) !== iso) throw new Error(`${iso} reads back as ${day(wareki(iso))}`)
      looked += 1
    }
    expect(looked).toBe(54_787)
  })
})

describe('a day in words', () => {
  it('follows the eras to the day', () => {
    expect(wareki('2019-04-30')).toBe('平成31年4月30日（火）')
    expect(wareki('2019-05-01')).toBe('令和元年5月1日（水）')
    expect(dayText('2026-12-25', 'en')).toBe('25 Dec 2026')
  })
  it('is that of Tokyo, whatever the clock of the computer shows', () => {
    expect(inTokyo('2026-11-22T15:00:00Z')).toEqual({ day: '2026-11-23', time: '00:00' })
    expect(inTokyo('2026-11-22T14:59:59.999Z')).toEqual({ day: '2026-11-22', time: '23:59' })
  })
})
