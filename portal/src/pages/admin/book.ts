/** A value of the book as people read it: text without quotation marks, lists with commas; a dash where there is none. */
export function valueText(json: string | null | undefined): string {
  if (json === null || json === undefined) return '—'
  const value = JSON.parse(json) as unknown
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('、') || '—'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
