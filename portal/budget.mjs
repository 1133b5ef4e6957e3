// What a first visit loads, compressed, against the budget: the scripts that index.html names and what those import at once.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const dist = join(import.meta.dirname, 'dist')
/** Bytes of compressed scripts: first visit, and each page that is loaded later. */
const FIRST = 260 * 1024
const LATER = 40 * 1024
/** The picture of a schedule is loaded with the tab that shows it, the reader of PDF files with the first one that is opened. */
const LARGE = /^(BalanceChart|PdfPages|pdf\.worker)[.-]/

const html = readFileSync(join(dist, 'index.html'), 'utf8')
const first = new Set()
const open = [...html.matchAll(/\/assets\/([^"]+\.js)"/g)].map((found) => found[1])
while (open.length) {
  const name = open.pop()
  if (first.has(name)) continue
  first.add(name)
  const text = readFileSync(join(dist, 'assets', name), 'utf8')
  // Static imports alone: those in import() come later.
  open.push(...[...text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map((found) => found[1]))
}
const size = (name) => statSync(join(dist, 'assets', `${name}.gz`)).size
const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'))
if (first.size === 0 || scripts.length === 0) throw new Error('budget: nothing was built')
const total = [...first].reduce((sum, name) => sum + size(name), 0)
const over = scripts.filter((name) => !first.has(name) && !LARGE.test(name) && size(name) > LATER)
console.log(`budget: first visit ${Math.round(total / 1024)} of ${FIRST / 1024} KiB in ${first.size} scripts; ${scripts.length - first.size} later`)
if (total > FIRST || over.length) {
  console.error(`budget: over it: ${over.join(', ') || 'the first visit'}`)
  process.exit(1)
}
