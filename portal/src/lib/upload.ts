/** What a file is, as whoever hands it in says. */
export interface Announced {
  applicationId: string
  /** Code of the document or consent. */
  paper: string
  partyId: string | null
  propertyNo: number | null
  loanNo: number | null
  /** Day of issue, of certificates. */
  issuedOn?: string | null
  /** The file whose place it takes. */
  replaces?: string | null
}

/**
 * How a file ended: on record, whole and waiting for a check, refused with the server's words, over (its time has passed), broken off where
 * it can go on, stopped by the sender, or without a session.
 */
export type Ended =
  | { kind: 'attached' }
  | { kind: 'waiting' }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'over' }
  | { kind: 'broken' }
  | { kind: 'stopped' }
  | { kind: 'ended' }

/** What an upload needs of the outside: tests bring their own. */
export interface Wire {
  fetch: (address: string, init: RequestInit) => Promise<Response>
  csrfToken: string
  /** Waits so many milliseconds. */
  wait: (time: number) => Promise<void>
}

/** Bytes of one request: a piece of the server. What a broken connection loses is never more. */
export const PIECE = 1024 * 1024
/** Pauses before another try, in milliseconds; after the last one the upload waits for its sender. */
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000]

/** Keys with their values as `Upload-Metadata` carries them; what has no value is left out. */
export function metadata(of: Record<string, string | number | null | undefined>): string {
  const coded = (value: string) => btoa(String.fromCharCode(...new TextEncoder().encode(value)))
  return Object.entries(of)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => `${key} ${coded(String(value))}`)
    .join(',')
}

/** The half of a message `English / Japanese` in a language; the whole where it is no such pair. */
export function half(message: string, locale: 'ja' | 'en'): string {
  const [english, japanese, more] = message.split(' / ')
  if (english === undefined || japanese === undefined || more !== undefined) return message
  return locale === 'en' ? english : japanese
}

/** SHA-256 in hex: the server compares it with what came, so that half of one file never continues another. */
export async function digest(file: Blob): Promise<string> {
  const found = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return [...found].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function refusal(answer: Response): Promise<Ended> {
  if (answer.status === 401) return { kind: 'ended' }
  if (answer.status === 410) return { kind: 'over' }
  const read = (await answer.json().catch(() => null)) as { errors?: { message: string; extensions?: { code?: string } }[] } | null
  const first = read?.errors?.[0]
  return { kind: 'refused', code: first?.extensions?.code ?? String(answer.status), message: first?.message ?? '' }
}

/** Worth another try: the server is busy, or the connection broke. */
const PASSING = new Set([408, 429, 500, 502, 503, 504])

/** Opens an upload. Resolves its address, or how it ended before it began. */
export async function opened(wire: Wire, file: Blob & { name?: string }, what: Announced): Promise<{ address: string } | Ended> {
  const headers = {
    'tus-resumable': '1.0.0',
    'x-csrf-token': wire.csrfToken,
    'upload-length': String(file.size),
    'upload-metadata': metadata({ ...what, filename: file.name, sha256: await digest(file) }),
  }
  let answer: Response
  try {
    answer = await wire.fetch('/documents', { method: 'POST', headers, credentials: 'same-origin' })
  } catch {
    return { kind: 'broken' }
  }
  const address = answer.headers.get('location')
  return answer.status === 201 && address ? { address } : refusal(answer)
}

/**
 * Sends a file to its address from where the server says that it is, piece by piece, and goes on by itself after a short break.
 * `told` hears how many bytes are there.
 */
export async function sent(wire: Wire, file: Blob, address: string, told: (bytes: number) => void, signal?: AbortSignal): Promise<Ended> {
  const shared = { 'tus-resumable': '1.0.0', 'x-csrf-token': wire.csrfToken }
  const request = (init: RequestInit) => wire.fetch(address, { ...init, credentials: 'same-origin', signal })
  let failures = 0
  /** Null: where it stands has to be asked. */
  let offset: number | null = null
  for (;;) {
    if (signal?.aborted) return { kind: 'stopped' }
    let answer: Response | null = null
    try {
      if (offset === null) {
        answer = await request({ method: 'HEAD', headers: shared })
        if (answer.ok) {
          offset = Number(answer.headers.get('upload-offset'))
          told(offset)
          const whole = settled(answer)
          if (whole) return whole
          continue
        }
      } else {
        const body = file.slice(offset, offset + PIECE)
        answer = await request({ method: 'PATCH', headers: { ...shared, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body })
        if (answer.ok) {
          failures = 0
          offset = Number(answer.headers.get('upload-offset'))
          told(offset)
          const whole = settled(answer)
          if (whole) return whole
          continue
        }
      }
    } catch {
      if (signal?.aborted) return { kind: 'stopped' }
    }
    // Somebody else, or an answer that was lost, moved it on: ask. Everything else that does not pass is the answer.
    const moved = answer?.status === 409 && answer.headers.has('upload-offset')
    if (answer && !moved && !PASSING.has(answer.status)) return answer.status === 404 ? { kind: 'over' } : refusal(answer)
    const pause = PAUSES[failures]
    if (pause === undefined) return { kind: 'broken' }
    failures += 1
    offset = null
    const asked = Number(answer?.headers.get('retry-after'))
    if (!moved) await wire.wait(asked > 0 && asked <= 60 ? asked * 1000 : pause)
  }
}

/** What became of an upload that is whole; null while bytes are to come. */
function settled(answer: Response): Ended | null {
  switch (answer.headers.get('yushi-upload-state')) {
    case 'ATTACHED':
      return { kind: 'attached' }
    case 'WAITING':
      return { kind: 'waiting' }
    case 'REFUSED':
      return { kind: 'refused', code: 'REFUSED', message: '' }
    case 'EXPIRED':
      return { kind: 'over' }
    default:
      return null
  }
}

/** Gives an upload up: its bytes go at once. Whatever is left ends by itself. */
export async function givenUp(wire: Wire, address: string): Promise<void> {
  const headers = { 'tus-resumable': '1.0.0', 'x-csrf-token': wire.csrfToken }
  await wire.fetch(address, { method: 'DELETE', headers, credentials: 'same-origin' }).catch(() => undefined)
}
