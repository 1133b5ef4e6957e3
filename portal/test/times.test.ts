import { describe, expect, it } from 'vitest'
import { parseTime, timeText } from '@/lib/times'

const time = (text: string) => {
  const typed = parseTime(text)
  return typed.kind === 'time' ? typed.time : typed.kind
}

describe('a time of day as people type it', () => {
  it.each([
    ['10:30', '10:30'],
    ['１０：３０', '10:30'],
    [' 10 : 30 ', '10:30'],
    ['10時30分', '10:30'],
    ['１０時３０分', '10:30'],
    ['10時', '10:00'],
    ['10時半', '10:30'],
    ['10時5分', '10:05'],
    ['午前10時30分', '10:30'],
    ['午後2時', '14:00'],
    ['午後２時３０分', '14:30'],
    ['午後2:30', '14:30'],
    ['午後2時半', '14:30'],
    ['午後2', '14:00'],
    ['2:30 pm', '14:30'],
    ['2pm', '14:00'],
    ['9:00 a.m.', '09:00'],
    ['PM 2:30', '14:30'],
    ['午前0時', '00:00'],
    ['午後0時30分', '12:30'],
    ['正午', '12:00'],
    ['12:00', '12:00'],
    ['8:30', '08:30'],
    ['14:30', '14:30'],
    ['14時', '14:00'],
    ['02:30', '02:30'],
    ['1030', '10:30'],
    ['0900', '09:00'],
    ['0:05', '00:05'],
  ])('%s', (text, wanted) => expect(time(text)).toBe(wanted))

  it.each(['2:30', '2時', '２時半', '7:00', '1:00', '午前12時', '午後12時', '12pm', '12:30 am'])('%s may be morning or afternoon: nobody guesses', (text) => {
    expect(time(text)).toBe('unsure')
  })

  it.each(['', '10', '930', '24:00', '25時', '10:60', '10時60分', '10:3', '10.30', '10-30', '午後14時', '午前午後2時', '午後2時pm', 'am 2 pm', '10時30', '10：30分', '2026-12-25', '朝10時', '10:30:00', '-1:30'])(
    '%s is no time, never a guess',
    (text) => expect(time(text)).toBe('unknown'),
  )

  it('what is shown reads back as the same time, all day long', () => {
    let looked = 0
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const iso = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
      if (time(timeText(iso, 'ja')) !== iso) throw new Error(`${iso} reads back as ${time(timeText(iso, 'ja'))}`)
      // Twelve o'clock in English is what nobody reads without asking.
      if (time(timeText(iso, 'en')) !== (timeText(iso, 'en').startsWith('12:') ? 'unsure' : iso)) throw new Error(`${iso} in English`)
      looked += 1
    }
    expect(looked).toBe(1_440)
  })

  it('is said as people say it', () => {
    expect(timeText('10:30', 'ja')).toBe('午前10時30分')
    expect(timeText('14:00', 'ja')).toBe('午後2時')
    expect(timeText('12:00', 'ja')).toBe('午後0時')
    expect(timeText('09:05', 'en')).toBe('9:05 am')
    expect(timeText('12:00', 'en')).toBe('12:00 pm')
  })
})
