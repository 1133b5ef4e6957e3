import { useCallback, useRef } from 'react'
import { VERBS } from '@/gql/verbs'
import type { Argument } from '@/lib/command'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSendText } from '@/lib/use'

/** A precondition that is not met. */
export interface Missing {
  code: string
  rule: string | null
  subject: string | null
  ja: string
  en: string
  clearedBy: string[]
}

/** A value that can never be right. */
export interface Problem {
  field: string
  rule: string
  messageJa: string
  messageEn: string
  accepted: string
}

/** The answer to a command. */
export type Outcome =
  | { kind: 'done'; id: string; version: number }
  | { kind: 'blocked'; unmet: Missing[] }
  | { kind: 'conflict'; version: number; by: string | null; at: string }
  | { kind: 'invalid'; problems: Problem[] }
  | { kind: 'trouble'; trouble: Trouble }

function typeText({ type, list, required }: Argument): string {
  return `${list ? `[${type}!]` : type}${required ? '!' : ''}`
}

/** The mutation of a verb. All of them answer alike. `inside`: the role reads who was faster. */
export function commandText(verb: string, inside: boolean): string {
  const asked = VERBS[verb] ?? []
  const all: Argument[] =
    verb === 'createDraft' ? asked : [{ name: 'applicationId', type: 'ID', required: true }, { name: 'expectedVersion', type: 'Int' }, ...asked]
  const variables = all.map((one) => `$${one.name}: ${typeText(one)}`).join(', ')
  const passed = all.map((one) => `${one.name}: $${one.name}`).join(', ')
  return `mutation ${verb.charAt(0).toUpperCase()}${verb.slice(1)}(${variables}) { answer: ${verb}(${passed}) { __typename \
... on Done { version application { id version } } \
... on Blocked { unmet { code rule subject ja en clearedBy } } \
... on Conflict { current { id version } ${inside ? 'changedBy ' : ''}changedAt } \
... on Invalid { problems { field rule messageJa messageEn accepted } } } }`
}

type Answer =
  | { __typename: 'Done'; version: number; application: { id: string; version: number } }
  | { __typename: 'Blocked'; unmet: Missing[] }
  | { __typename: 'Conflict'; current: { id: string; version: number }; changedBy?: string | null; changedAt: string }
  | { __typename: 'Invalid'; problems: Problem[] }

function outcomeOf(answer: Answer): Outcome {
  switch (answer.__typename) {
    case 'Done':
      return { kind: 'done', id: answer.application.id, version: answer.version }
    case 'Blocked':
      return { kind: 'blocked', unmet: answer.unmet }
    case 'Conflict':
      return { kind: 'conflict', version: answer.current.version, by: answer.changedBy ?? null, at: answer.changedAt }
    case 'Invalid':
      return { kind: 'invalid', problems: answer.problems }
  }
}

/**
 * Sends a verb. The same submit keeps its key: where the answer was lost, sending again with the same values never runs it twice.
 */
export function useCommand(verb: string, inside = true): [(variables: Record<string, unknown>) => Promise<Outcome>, boolean] {
  const [send, busy] = useSendText<{ answer: Answer }, Record<string, unknown>>(commandText(verb, inside))
  const submit = useRef({ content: '', key: '' })
  const run = useCallback(
    async (variables: Record<string, unknown>): Promise<Outcome> => {
      const content = JSON.stringify(variables)
      if (submit.current.content !== content) submit.current = { content, key: crypto.randomUUID() }
      const result = await send(variables, submit.current.key)
      if (result.error) return { kind: 'trouble', trouble: troubleOf(result.error) }
      // An answer has come: the next submit is another one.
      submit.current = { content: '', key: '' }
      return result.data ? outcomeOf(result.data.answer) : { kind: 'trouble', trouble: { kind: 'failed' } }
    },
    [send],
  )
  return [run, busy]
}
