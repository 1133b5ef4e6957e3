import { formatDocument } from '@urql/core'
import { parse, type DocumentNode, type SelectionSetNode } from 'graphql'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as operations from '@/gql/operations'
import type { Operation } from '@/lib/operation'
import { SIZES } from '@/lib/sizes'

/** What the API allows an operation in production, as its own reference says. */
const reference = readFileSync('../docs/generated/configuration.md', 'utf8')
const most = Number(/`cost` [|] `YUSHI_LIMITS__COST` [|] `(\d+)`/.exec(reference)?.[1])

/** Each field counts one, `__typename` too; what stands below a list counts as often as lines are asked for. */
function cost(document: DocumentNode, first: number): number {
  const fragments = new Map(document.definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one.selectionSet] as const] : [])))
  const of = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((sum, one) => {
      if (one.kind === 'InlineFragment') return sum + of(one.selectionSet)
      if (one.kind === 'FragmentSpread') return sum + of(fragments.get(one.name.value))
      const asked = one.arguments?.find((argument) => argument.name.value === 'first')?.value
      const times = asked?.kind === 'IntValue' ? Number(asked.value) : asked ? first : 1
      return sum + 1 + times * of(one.selectionSet)
    }, 0)
  const operation = document.definitions.find((one) => one.kind === 'OperationDefinition')
  return of(operation?.selectionSet)
}

describe('what a page asks for', () => {
  const all = Object.entries(operations as unknown as Record<string, Operation<unknown, never>>)
  it('is never more than the API allows', () => {
    expect(most).toBeGreaterThan(100)
    expect(all.length).toBeGreaterThan(15)
    const costs = all.map(([name, { texts }]) => {
      const first = SIZES[name as keyof typeof SIZES] ?? 1
      return [name, Math.max(...[...texts.values()].map((text) => cost(formatDocument(parse(text)), first)))] as const
    })
    expect(costs.filter(([, cost]) => cost > most)).toEqual([])
    console.log(`costs of at most ${most}: ${costs.sort(([, one], [, other]) => other - one).slice(0, 4).map(([name, cost]) => `${name} ${cost}`).join(', ')}`)
  })
  it('is found when it is too much', () => {
    expect(cost(parse('{ tasks(first: 100) { edges { node { id number } } } }'), 1)).toBe(401)
  })
})
