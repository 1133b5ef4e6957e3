import { narrow } from './text'

/** A time of day in Tokyo, as the API writes it: `09:30`, `14:00`. */
export type Clock = string

/** What a typed time means. `unsure`: morning or afternoon, nobody can tell. */
export type TypedTime = { kind: 'time'; time: Clock } | { kind: 'unsure' } | { kind: 'unknown' }

const UNKNOWN: TypedTime = { kind: 'unknown' }
const UNSURE: TypedTime = { kind: 'unsure' }

const HALVES: Record<string, 'am' | 'pm'> = { 午前: 'am', 午後: 'pm', AM: 'am', PM: 'pm', 'A.M.': 'am', 'P.M.': 'pm' }
const HALF = '(午前|午後|AM|PM|A\\.M\\.|P\\.M\\.)?'
const WORDS = new RegExp(`^${HALF}(\\d{1,2})時(?:半|(\\d{1,2})分)?$`)
const SIGNS = new RegExp(`^${HALF}(\\d{1,2})(?::(\\d{2}))?${HALF}$`)

/**
 * A time as people type it: `10:30`, `１０：３０`, `10時30分`, `10時半`, `午後2時`, `2:30 pm`, `1030`, `正午`. From 1 to 7 o'clock without 午前 or
 * 午後 could be either, as could 12 o'clock with one of them: that is not guessed. `02:30` and `14:30` are the hours of a day of 24.
 */
export function parseTime(text: string): TypedTime {
  const plain = narrow(text).replace(/\s/g, '').toUpperCase()
  if (plain === '正午') return { kind: 'time', time: '12:00' }
  const digits = /^(\d{2})(\d{2})$/.exec(plain)
  if (digits) return timeOf(digits[1] ?? '', digits[2] ?? '', undefined)
  const words = WORDS.exec(plain)
  if (words) return timeOf(words[2] ?? '', plain.endsWith('半') ? '30' : (words[3] ?? '0'), words[1])
  const signs = SIGNS.exec(plain)
  // Hours alone are a time only with a word that says so, and one such word is enough.
  if (!signs || (signs[1] && signs[4]) || (!signs[3] && !signs[1] && !signs[4])) return UNKNOWN
  return timeOf(signs[2] ?? '', signs[3] ?? '0', signs[1] ?? signs[4])
}

function timeOf(hourText: string, minuteText: string, said: string | undefined): TypedTime {
  const [hour, minute] = [Number(hourText), Number(minuteText)]
  if (minute > 59) return UNKNOWN
  const half = said ? HALVES[said] : undefined
  if (half) {
    if (hour > 12) return UNKNOWN
    // Twelve at noon or at midnight: people mean both by either.
    if (hour === 12) return UNSURE
    return { kind: 'time', time: clock(half === 'pm' ? hour + 12 : hour, minute) }
  }
  if (hour > 23) return UNKNOWN
  if (hour >= 1 && hour <= 7 && hourText.length === 1) return UNSURE
  return { kind: 'time', time: clock(hour, minute) }
}

function clock(hour: number, minute: number): Clock {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** `午前10時30分`; in English `10:30 am`. */
export function timeText(time: Clock, locale: string): string {
  const [hour, minute] = [Number(time.slice(0, 2)), Number(time.slice(3, 5))]
  if (locale === 'ja') {
    const said = `${hour < 12 ? '午前' : '午後'}${hour % 12}時`
    return minute === 0 ? said : `${said}${minute}分`
  }
  return `${hour % 12 === 0 ? 12 : hour % 12}:${time.slice(3, 5)} ${hour < 12 ? 'am' : 'pm'}`
}
