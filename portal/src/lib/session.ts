/** Who is signed in, as the server says. */
export interface Session {
  subject: string
  name: string
  role: string
  roles: string[]
  institution: string
  csrfToken: string
  /** Nothing here is real: the pages offer a tour. */
  demo: boolean
  /** How far the clock of this computer is behind the server's, in milliseconds. */
  behind: number
  /** The same of the clock by which the bank counts its days, which a demo moves. */
  bankBehind: number
  idleEndsAt: string
  endsAt: string
}

/** Where somebody signs in and comes back to the same page. Only the path: what stands behind # stays here. */
export function signInAddress(): string {
  return `/auth/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`
}

/** The session of this browser; null where there is none. Errors: the server does not answer. */
export async function readSession(): Promise<Session | null> {
  const answer = await fetch('/auth/session', { headers: { accept: 'application/json' }, cache: 'no-store' })
  if (answer.status === 401) return null
  if (!answer.ok) throw new Error(`session: ${answer.status}`)
  const read = (await answer.json()) as Omit<Session, 'behind' | 'bankBehind'> & { now: string; bankNow: string }
  const behind = (instant: string) => new Date(instant).getTime() - Date.now()
  return { ...read, behind: behind(read.now), bankBehind: behind(read.bankNow) }
}

/** Ends the session, here and at the provider where there is one. Errors: the server does not answer. */
export async function signOut(session: Session): Promise<void> {
  const headers = { 'x-csrf-token': session.csrfToken, accept: 'application/json' }
  const answer = await fetch('/auth/logout', { method: 'POST', headers })
  if (!answer.ok && answer.status !== 401) throw new Error(`sign out: ${answer.status}`)
  const said = answer.ok ? ((await answer.json()) as { provider: string | null }) : { provider: null }
  window.location.assign(said.provider ?? '/')
}

/** Minutes of the session that are left at an instant of this computer. */
export function minutesLeft(session: Session, now: number): number {
  const ends = Math.min(new Date(session.idleEndsAt).getTime(), new Date(session.endsAt).getTime())
  return Math.floor((ends - (now + session.behind)) / 60_000)
}
