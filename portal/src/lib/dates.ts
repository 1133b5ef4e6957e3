import { narrow } from './text'

/** A day of the calendar, as the API writes it: `2026-12-25`. */
export type Day = string

interface Era {
  name: string
  letter: string
  /** First and last day. */
  from: Day
  to: Day
}

const ERAS: Era[] = [
  { name: '令和', letter: 'R', from: '2019-05-01', to: '9999-12-31' },
  { name: '平成', letter: 'H', from: '1989-01-08', to: '2019-04-30' },
  { name: '昭和', letter: 'S', from: '1926-12-25', to: '1989-01-07' },
  { name: '大正', letter: 'T', from: '1912-07-30', to: '1926-12-24' },
  { name: '明治', letter: 'M', from: '1873-01-01', to: '1912-07-29' },
]

/** What a typed date means. `corrected`: it names a year that its era never had; the era of that day is shown before it counts. */
export type Typed = { kind: 'day'; day: Day; assumed?: boolean; corrected?: boolean } | { kind: 'unknown' }

const UNKNOWN: Typed = { kind: 'unknown' }

/** The day, where the calendar has it. */
function dayOf(year: number, month: number, date: number): Day | null {
  if (year < 1873 || year > 9999) return null
  const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  if (days === undefined || date < 1 || date > days) return null
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/**
 * A date as people type it: `令和8年12月25日`, `R8.12.25`, `８年１２月２５日`, `2026/12/25`, `20261225`, and `12/25`, which is the next such
 * day from `today` on and marked as assumed. Anything else is unknown: never a guess.
 */
export function parseDate(text: string, today: Day): Typed {
  const plain = narrow(text).replace(/\s/g, '').replace(/[（(][日月火水木金土][）)]$/, '').toUpperCase()
  const digits = /^(\d{4})(\d{2})(\d{2})$/.exec(plain)
  if (digits) return found(dayOf(Number(digits[1]), Number(digits[2]), Number(digits[3])))
  const parts = /^(令和|平成|昭和|大正|明治|[RHSTM令平昭大明])?(元|\d{1,4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?$/.exec(plain)
  if (parts) return named(parts[1], parts[2] ?? '', Number(parts[3]), Number(parts[4]))
  const short = /^(\d{1,2})(?:月|[-/.])(\d{1,2})日?$/.exec(plain)
  if (short) return next(Number(short[1]), Number(short[2]), today)
  return UNKNOWN
}

function found(day: Day | null): Typed {
  return day ? { kind: 'day', day } : UNKNOWN
}

function named(era: string | undefined, yearText: string, month: number, date: number): Typed {
  const year = yearText === '元' ? 1 : Number(yearText)
  if (!era) {
    if (yearText.length === 4) return found(dayOf(year, month, date))
    // `8年12月25日` is of the present era: nobody writes the year 8 or 26 of the common one.
    return yearText === '元' || year < 1 || yearText.length > 2 ? UNKNOWN : inEra(ERAS[0] as Era, year, month, date)
  }
  const known = ERAS.find((one) => one.name === era || one.letter === era || one.name.startsWith(era))
  return known && year >= 1 ? inEra(known, year, month, date) : UNKNOWN
}

function inEra(era: Era, year: number, month: number, date: number): Typed {
  const day = dayOf(Number(era.from.slice(0, 4)) + year - 1, month, date)
  if (!day) return UNKNOWN
  return day >= era.from && day <= era.to ? { kind: 'day', day } : { kind: 'day', day, corrected: true }
}

function next(month: number, date: number, today: Day): Typed {
  const year = Number(today.slice(0, 4))
  // 29 February may be eight years away.
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const day = dayOf(year + ahead, month, date)
    if (day && day >= today) return { kind: 'day', day, assumed: true }
  }
  return UNKNOWN
}

const WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `令和8年12月25日（金）`. */
export function wareki(day: Day, weekday = true): string {
  const era = ERAS.find((one) => day >= one.from) ?? (ERAS[ERAS.length - 1] as Era)
  const [year, month, date] = numbers(day)
  const ofEra = year - Number(era.from.slice(0, 4)) + 1
  const said = `${era.name}${ofEra === 1 ? '元' : ofEra}年${month}月${date}日`
  return weekday ? `${said}（${WEEKDAYS[weekdayOf(day)]}）` : said
}

/** The day in the words of a language. */
export function dayText(day: Day, locale: string, weekday = false): string {
  if (locale === 'ja') return wareki(day, weekday)
  const [year, month, date] = numbers(day)
  return `${date} ${MONTHS[month - 1]} ${year}`
}

function numbers(day: Day): [number, number, number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))]
}

/** 0 for Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

/** The day in Tokyo at an instant, and the time of day. */
export function inTokyo(instant: string | Date): { day: Day; time: string } {
  // Tokyo has had no summer time since 1951.
  const shifted = new Date(new Date(instant).getTime() + 9 * 3_600_000).toISOString()
  return { day: shifted.slice(0, 10), time: shifted.slice(11, 16) }
}

/** `令和8年11月20日 14:32`. */
export function instantText(instant: string, locale: string): string {
  const { day, time } = inTokyo(instant)
  return `${dayText(day, locale)} ${time}`
}
