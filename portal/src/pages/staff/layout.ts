/** How somebody wants a list: close together or not, and without which columns. */
export interface Layout {
  dense: boolean
  hidden: ReadonlySet<string>
}

/** The lists that can be laid out. */
export type Laid = 'queue' | 'applications'

/** Nothing was chosen. */
export const USUAL: Layout = { dense: false, hidden: new Set() }

/** Where layouts are kept among the saved views of a person: an address that is no page, one line for each list. */
export const LAYOUTS = '/layout'

/** A layout as it is kept; names of columns alone, nobody's data. */
export function written(layout: Layout): string {
  const all = new URLSearchParams({ density: layout.dense ? 'dense' : 'usual', hidden: [...layout.hidden].toSorted().join(' ') })
  return all.toString()
}

/** What was kept, as far as the list still has such columns; the first column always stays. */
export function readLayout(search: string, columns: readonly string[]): Layout {
  const all = new URLSearchParams(search)
  const hidden = (all.get('hidden') ?? '').split(' ').filter((name) => columns.indexOf(name) > 0)
  return { dense: all.get('density') === 'dense', hidden: new Set(hidden) }
}

/** The columns that are shown. */
export function laidOut<Column extends { key: string }>(columns: readonly Column[], { hidden }: Layout): Column[] {
  return columns.filter((column, place) => place === 0 || !hidden.has(column.key))
}
