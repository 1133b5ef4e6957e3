import { useText } from '@/i18n'

/** A term of so many months, in years where it is whole ones. */
export function Term({ months }: { months: number }) {
  const text = useText()
  const [years, rest] = [Math.floor(months / 12), months % 12]
  return <span className="nowrap">{rest === 0 ? text('overview.years', { years }) : text('overview.months', { years, months: rest })}</span>
}
