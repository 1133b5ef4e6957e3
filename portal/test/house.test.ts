import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buildSchema, type GraphQLEnumType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { ENUMS, INPUTS, VERBS } from '@/gql/verbs'

const root = 'src'

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })
}
const sources = files(root)
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }))
  .filter(({ path }) => !path.startsWith('gql'))
const code = sources.filter(({ path }) => /\.tsx?$/.test(path))
const catalogues = sources.filter(({ path }) => /^i18n\/.*\.json$/.test(path))
const keysOf = (text: string) => Object.keys(JSON.parse(text) as Record<string, string>)

/** Source without comments: Japanese may stand there as an example. */
const bare = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')

/** What imports the component library beside the one file that may. */
const importers = (all: { path: string; text: string }[]) => all.filter(({ path, text }) => path !== 'ui/kit.ts' && /from '(smarthr-ui|styled-components)/.test(text)).map(({ path }) => path)

/** Japanese outside the catalogues; the parsers of dates, times, amounts and names know eras and units. */
const PARSERS = ['lib/dates.ts', 'lib/times.ts', 'lib/yen.ts', 'lib/kana.ts', 'lib/text.ts']
/** A full-width space and brackets around a reading are no words. */
const japanese = (all: { path: string; text: string }[]) =>
  all.filter(({ path, text }) => !PARSERS.includes(path) && /[ぁ-ゖァ-ヺ一-鿿]/.test(bare(text))).map(({ path }) => path)

describe('the rules of the house', () => {
  it('the component library is known to one file', () => {
    expect(code.length).toBeGreaterThan(30)
    expect(importers(code)).toEqual([])
    expect(importers([{ path: 'pages/x.tsx', text: "import { Button } from 'smarthr-ui'" }]), 'a seeded fault').toEqual(['pages/x.tsx'])
  })

  it('words stand in the catalogues alone', () => {
    expect(japanese(code)).toEqual([])
    expect(japanese([{ path: 'pages/x.tsx', text: '<p>承認</p> // 注記' }]), 'a seeded fault').toEqual(['pages/x.tsx'])
    expect(japanese([{ path: 'pages/x.tsx', text: '<p /> // 注記' }])).toEqual([])
  })

  it('both languages have the same keys, and no key stands in two catalogues', () => {
    const seen = new Set<string>()
    for (const { path, text } of catalogues.filter(({ path }) => path.endsWith('.ja.json'))) {
      const english = catalogues.find((other) => other.path === path.replace('.ja.', '.en.'))
      expect(keysOf(english?.text ?? '{}'), path).toEqual(keysOf(text))
      for (const key of keysOf(text)) {
        expect(seen.has(key), `${key} stands twice`).toBe(false)
        seen.add(key)
      }
      const empty = Object.entries({ ...JSON.parse(text), ...JSON.parse(english?.text ?? '{}') } as Record<string, string>).filter(([, words]) => words.trim() === '')
      expect(empty).toEqual([])
    }
    expect(seen.size).toBeGreaterThan(200)
  })

  it('an English text has no Japanese in it, beside the name of the other language and examples of what can be typed', () => {
    const examples = new Set(['shell.otherLanguage', 'field.date.wrong', 'field.time.wrong', 'field.time.unsure', 'field.yen.wrong'])
    const faults = catalogues
      .filter(({ path }) => path.endsWith('.en.json'))
      .flatMap(({ text }) => Object.entries(JSON.parse(text) as Record<string, string>))
      .filter(([key, words]) => !examples.has(key) && /[ぁ-ゖァ-ヺ一-鿿]/.test(words))
    expect(faults).toEqual([])
  })

  it('every key is used', () => {
    const all = code.map(({ text }) => text).join('\n')
    const families = [...all.matchAll(/`([a-zA-Z.]+)\.\$\{[^}]+\}(?:\.[a-z]+)?`/g)].map((found) => `${found[1]}.`)
    const unused = (keys: string[]) => keys.filter((key) => !all.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)))
    expect(catalogues.flatMap(({ text }) => unused(keysOf(text)))).toEqual([])
    expect(unused(['nobody.says.this']), 'a seeded fault').toEqual(['nobody.says.this'])
  })

  it('every field that a form asks for has a name', () => {
    const names = new Set(keysOf(catalogues.find(({ path }) => path.endsWith('fields.ja.json'))?.text ?? '{}'))
    // Who works from outside has other verbs.
    const staff = ['BRANCH_CLERK', 'BRANCH_MANAGER', 'SCREENING_OFFICER', 'OPERATIONS', 'COMPLIANCE']
    const schemas = staff.map((role) => readFileSync(`../docs/generated/schema/${role}.graphql`, 'utf8'))
    const seen = new Set<string>()
    const walk = (type: string) => {
      if (seen.has(type)) return
      seen.add(type)
      for (const field of INPUTS[type] ?? []) {
        expect(names.has(`name.${field.name}`), `${type}.${field.name}`).toBe(true)
        walk(field.type)
      }
    }
    let looked = 0
    for (const [verb, all] of Object.entries(VERBS)) {
      if (!schemas.some((schema) => schema.includes(`\t${verb}(`))) continue
      for (const argument of all) {
        expect(names.has(`name.${argument.name}`), `${verb}(${argument.name})`).toBe(true)
        walk(argument.type)
        looked += 1
      }
    }
    expect(looked).toBeGreaterThan(60)
  })

  it('every code that a form asks for has words in the schema', () => {
    const bare = (text: string) => {
      const schema = buildSchema(text)
      return Object.keys(ENUMS).filter((name) => (schema.getType(name) as GraphQLEnumType | undefined)?.getValues().some((value) => !value.description))
    }
    expect(Object.keys(ENUMS).length).toBeGreaterThan(30)
    expect(bare(readFileSync('../api/schema.graphql', 'utf8'))).toEqual([])
    expect(bare('enum Sex {\n\tM\n\tF\n}\n'), 'a seeded fault').toEqual(['Sex'])
  })
})
