import { narrow } from './text'

/** The largest amount that the API takes, in yen. */
const MOST = 1_000_000_000_000

/**
 * An amount as people type it: digits in either width with or without commas, `万` and `億`. Whole yen, never rounded.
 * Returns null where it is no amount.
 */
export function parseYen(text: string): number | null {
  const plain = narrow(text).replace(/[\s,、]/g, '').replace(/^[¥\\]/, '').replace(/円$/, '')
  const parts = /^(?:(\d{1,4})億)?(?:(\d{1,4})万)?(\d+)?$/.exec(plain)
  if (!parts || plain === '') return null
  const [, oku, man, rest] = parts
  // Behind 億 or 万 there is room for four digits: more would say something else than it seems.
  if ((oku || man) && rest && rest.length > 4 && !(oku && !man && rest.length <= 8)) return null
  const yen = Number(oku ?? 0) * 100_000_000 + Number(man ?? 0) * 10_000 + Number(rest ?? 0)
  return yen <= MOST ? yen : null
}

/** `35,000,000円`: in tables, and wherever it is decided. */
export function yen(amount: number, locale: string): string {
  const digits = grouped(amount)
  return locale === 'ja' ? `${digits}円` : `¥${digits}`
}

/** `35,000,000`. */
export function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `3,500万円`, `1億2,000万円`, `3,500万5,000円`: how people say it. */
export function inMan(amount: number): string {
  const oku = Math.floor(amount / 100_000_000)
  const man = Math.floor((amount % 100_000_000) / 10_000)
  const rest = amount % 10_000
  const said = `${oku ? `${grouped(oku)}億` : ''}${man ? `${grouped(man)}万` : ''}${rest || amount === 0 ? grouped(rest) : ''}`
  return `${said}円`
}
