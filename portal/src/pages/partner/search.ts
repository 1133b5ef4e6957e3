/** What stands in the address of a list: which part of it, and where a page begins. */
export function listSearch(given: Record<string, unknown>): { tab?: string; after?: string } {
  const { tab, after } = given
  return { ...(typeof tab === 'string' && { tab }), ...(after !== undefined && after !== '' && { after: String(after) }) }
}
