/** What stands in the address of the daily list: the day, and where a page begins. */
export interface DaySearch {
  on?: string
  after?: string
}

/** A day that is none is left out: the page shows today. */
export function daySearch(given: Record<string, unknown>): DaySearch {
  const { on, after } = given
  const day = typeof on === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(on) ? on : undefined
  return { ...(day && { on: day }), ...(after !== undefined && after !== '' && { after: String(after) }) }
}
