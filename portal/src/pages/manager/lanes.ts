import type { LaneCardsQuery, LaneCardsQueryVariables, Stage } from '@/gql/operations'

/** Lanes whose cards come in one answer: what the operation has places for. */
export const LANES_AT_ONCE = 9
const PLACES = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** A card of a lane. */
export type Card = NonNullable<LaneCardsQuery['l1']>['edges'][number]['node']

/** What is asked for these stages, at most [`LANES_AT_ONCE`] of them; of one branch alone where it is named. */
export function askedOf(stages: readonly Stage[], first: number, branch?: string): LaneCardsQueryVariables {
  const places = PLACES.flatMap((place, at) => {
    const stage = stages[at]
    return [[`s${place}`, stage ? [stage] : []], [`h${place}`, stage !== undefined]] as const
  })
  return { first, branch: branch ?? null, ...Object.fromEntries(places) } as LaneCardsQueryVariables
}

/** The cards of the answer by stage, in the places in which they were asked for. */
export function cardsOf(stages: readonly Stage[], answer: LaneCardsQuery): Map<Stage, Card[]> {
  return new Map(stages.slice(0, LANES_AT_ONCE).map((stage, at) => [stage, answer[`l${PLACES[at] ?? '1'}`]?.edges.map((edge) => edge.node) ?? []]))
}

/** The stages in groups that are asked for together. */
export function inGroups<One>(all: readonly One[]): One[][] {
  const count = Math.ceil(all.length / LANES_AT_ONCE)
  return Array.from({ length: count }, (_, place) => all.slice(place * LANES_AT_ONCE, (place + 1) * LANES_AT_ONCE))
}
