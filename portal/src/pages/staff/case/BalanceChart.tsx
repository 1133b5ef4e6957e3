import { Area, AreaChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts'
import { useLocale, useText } from '@/i18n'
import { dayText } from '@/lib/dates'
import { inMan, yen } from '@/lib/yen'

interface Row {
  due: string
  balanceYen: number
  principalYen: number
  paymentYen: number
}

/** The balance over the payments shown. The sentence says what the picture shows; the table below has the figures. */
export default function BalanceChart({ rows }: { rows: Row[] }) {
  const text = useText()
  const locale = useLocale()
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return null
  const said = text('chart.balance', {
    from: dayText(first.due, locale),
    to: dayText(last.due, locale),
    start: yen(first.balanceYen + first.principalYen, locale),
    end: yen(last.balanceYen, locale),
  })
  return (
    <figure className="chart">
      <div role="img" aria-label={said}>
      <AreaChart width={640} height={220} data={rows} margin={{ left: 24, right: 16, top: 8 }} accessibilityLayer={false} aria-hidden="true">
        <CartesianGrid stroke="#d6d3d0" vertical={false} />
        <XAxis dataKey="due" tickFormatter={(day: string) => day.slice(0, 7)} minTickGap={48} stroke="#5a5955" />
        <YAxis tickFormatter={(value: number) => inMan(value)} width={88} stroke="#5a5955" />
        <Tooltip formatter={(value) => yen(Number(value), locale)} labelFormatter={(day) => dayText(String(day), locale)} />
        <Area dataKey="balanceYen" name={text('price.balance')} stroke="#0062a3" fill="#cfe3f2" isAnimationActive={false} />
      </AreaChart>
      </div>
      <figcaption className="muted small">{said}</figcaption>
    </figure>
  )
}
