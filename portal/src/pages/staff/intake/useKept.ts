import { useCallback, useEffect, useRef, useState } from 'react'
import { SaveIntakeDraft, type SaveIntakeDraftMutation, type SaveIntakeDraftMutationVariables } from '@/gql/operations'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSeat, useSendText } from '@/lib/use'

/** A draft as the server has it. */
export interface Kept {
  id: string
  version: number
  savedAt: string
}

/** How what was typed stands at the server. */
export type Standing =
  | { kind: 'nothing' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: string }
  /** It is on this page alone. */
  | { kind: 'failed'; trouble: Trouble }
  /** Another page has saved the draft: nothing is saved until somebody has chosen. */
  | { kind: 'changed'; theirs: Kept }
  /** The draft was handed over or discarded elsewhere: nothing is saved until somebody has chosen. */
  | { kind: 'gone' }

/** Milliseconds without typing after which is saved, and between two tries while there is no connection. */
const PAUSE = 1_500
const AGAIN = 10_000

interface Attempt {
  content: string
  known: Kept | null
  key: string
}

/**
 * Keeps what is typed at the server: at each step at once, otherwise after a pause. One request at a time; where an answer was lost the same
 * request is sent again under its key before anything newer, so that it never begins a second draft.
 */
export function useKept(content: string, typed: boolean, step: number, first: Kept | null) {
  const { session } = useSeat()
  const text = SaveIntakeDraft.texts.get(session.role)
  const [send] = useSendText<SaveIntakeDraftMutation, SaveIntakeDraftMutationVariables>(text ?? '')
  const [standing, setStanding] = useState<Standing>(first ? { kind: 'saved', at: first.savedAt } : { kind: 'nothing' })
  const kept = useRef(first)
  const done = useRef(first ? content : null)
  const latest = useRef(content)
  const lost = useRef<Attempt | null>(null)
  const running = useRef<Promise<boolean> | null>(null)
  // Closed: handed over, or the page is left.
  const closed = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stepBefore = useRef(step)
  const on = text !== undefined
  // There is something to keep.
  const wanted = useRef(false)
  latest.current = content
  wanted.current = on && typed

  const once = useCallback(async (): Promise<boolean> => {
    const attempt = lost.current ?? { content: latest.current, known: kept.current, key: crypto.randomUUID() }
    setStanding({ kind: 'saving' })
    const { id = null, version = null } = attempt.known ?? {}
    const { data, error } = await send({ id, version, body: attempt.content }, attempt.key)
    if (closed.current) return false
    if (error) {
      const trouble = troubleOf(error)
      lost.current = trouble.kind === 'offline' ? attempt : null
      setStanding({ kind: 'failed', trouble })
      return false
    }
    lost.current = null
    const answer = data?.saveIntakeDraft
    const stands = answer?.id && answer.version && answer.savedAt ? { id: answer.id, version: answer.version, savedAt: answer.savedAt } : null
    if (answer?.outcome === 'SAVED' && stands) {
      kept.current = stands
      done.current = attempt.content
      setStanding({ kind: 'saved', at: stands.savedAt })
      return true
    }
    setStanding(answer?.outcome === 'CHANGED' && stands ? { kind: 'changed', theirs: stands } : { kind: 'gone' })
    return false
  }, [send])

  /** Saves what is not saved yet; whether all of it is. */
  const flush = useCallback((): Promise<boolean> => {
    clearTimeout(timer.current)
    const all = async () => {
      while (wanted.current && (done.current !== latest.current || lost.current)) {
        if (closed.current || !(await once())) return false
      }
      return true
    }
    // Whoever asks meanwhile waits for the same.
    running.current ??= all().finally(() => (running.current = null))
    return running.current
  }, [once])

  const waits = standing.kind === 'changed' || standing.kind === 'gone'
  const stuck = standing.kind === 'failed' && standing.trouble.kind === 'offline'
  useEffect(() => {
    const moved = stepBefore.current !== step
    stepBefore.current = step
    if (!on || !typed || waits || closed.current || done.current === content) return
    timer.current = setTimeout(() => void flush(), moved ? 0 : PAUSE)
    return () => clearTimeout(timer.current)
  }, [on, typed, waits, content, step, flush])
  useEffect(() => {
    if (!stuck) return
    const again = () => void flush()
    const every = setInterval(again, AGAIN)
    window.addEventListener('online', again)
    return () => {
      clearInterval(every)
      window.removeEventListener('online', again)
    }
  }, [stuck, flush])
  useEffect(() => {
    closed.current = false
    return () => {
      closed.current = true
    }
  }, [])

  return {
    /** The role keeps drafts. */
    on,
    standing,
    /** The draft at the server, once there is one. */
    id: () => kept.current?.id,
    /** Everything typed is at the server. */
    isKept: () => on && done.current === latest.current && !lost.current,
    flush,
    /** Nothing is saved any more: the form was handed over. */
    close: () => {
      closed.current = true
      clearTimeout(timer.current)
    },
    /** Saves what is on this page in the place of what another one saved, or as a new draft where there is none any more. */
    insist: () => {
      kept.current = standing.kind === 'changed' ? standing.theirs : null
      done.current = null
      void flush()
    },
  }
}
