import { useLocale, useText } from '@/i18n'
import { dayText } from '@/lib/dates'
import { inMan, yen } from '@/lib/yen'
import { HEIGHT, line, WIDTH } from './line'

interface Row {
  due: string
  balanceYen: number
}

/** The balance over the payments shown, drawn small enough for a phone. The sentence says the same; the table has the figures. */
export function Chart({ rows, amount }: { rows: Row[]; amount: number }) {
  const text = useText()
  const locale = useLocale()
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return null
  const short = (sum: number) => (locale === 'ja' ? inMan(Math.floor(sum / 10_000) * 10_000) : yen(sum, locale))
  const said = text('me.chart', { from: dayText(first.due, locale), to: dayText(last.due, locale), start: short(first.balanceYen), end: short(last.balanceYen) })
  const points = line(rows, amount)
  return (
    <figure className="balance">
      <svg role="img" aria-label={said} viewBox={`0 0 ${WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none">
        <polygon points={`0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}`} fill="#cfe3f2" />
        <polyline points={points} fill="none" stroke="#0062a3" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke="#706d65" vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="small">{said}</figcaption>
    </figure>
  )
}
