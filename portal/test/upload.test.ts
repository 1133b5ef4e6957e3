import { describe, expect, it } from 'vitest'
import { half, metadata, opened, PIECE, sent, type Announced, type Wire } from '@/lib/upload'

const PAPER: Announced = { applicationId: 'case', paper: 'SEAL_CERTIFICATE', partyId: 'A1', propertyNo: null, loanNo: null, replaces: null }
const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ errors: [{ message, extensions: { code } }] }), { status, headers })

/** A server as decision 21 has it, with one upload; `breaks` says at which request the line fails, before or after the bytes came. */
function desk(bytes: number, breaks: Record<number, 'before' | 'after' | Response> = {}) {
  let received = new Uint8Array(0)
  let state = ''
  const asked: string[] = []
  const waits: number[] = []
  const answer = () => {
    const headers: Record<string, string> = { 'upload-offset': String(received.length) }
    if (state) headers['yushi-upload-state'] = state
    return new Response(null, { status: 204, headers })
  }
  const wire: Wire = {
    csrfToken: 'token',
    wait: async (time) => void waits.push(time),
    fetch: async (address, init) => {
      const headers = init.headers as Record<string, string>
      asked.push(`${init.method} ${headers['upload-offset'] ?? ''}`.trim())
      const broken = breaks[asked.length]
      if (broken instanceof Response) return broken
      if (broken === 'before') throw new TypeError('offline')
      expect(headers['x-csrf-token']).toBe('token')
      expect(address).toBe('/documents/u1')
      if (init.method === 'HEAD') return answer()
      if (Number(headers['upload-offset']) !== received.length) return refuse(409, 'OFFSET', '', { 'upload-offset': String(received.length) })
      const part = new Uint8Array(await (init.body as Blob).arrayBuffer())
      received = new Uint8Array([...received, ...part])
      if (received.length === bytes) state = 'ATTACHED'
      if (broken === 'after') throw new TypeError('offline')
      return answer()
    },
  }
  return { wire, asked, waits, received: () => received }
}
const file = (bytes: number) => new Blob([Uint8Array.from({ length: bytes }, (_, place) => place % 251)])

describe('a file on its way', () => {
  it('goes piece by piece, and says how far it is', async () => {
    const bytes = 2 * PIECE + 10
    const { wire, asked, received } = desk(bytes)
    const told: number[] = []
    expect(await sent(wire, file(bytes), '/documents/u1', (now) => told.push(now))).toEqual({ kind: 'attached' })
    expect(told).toEqual([0, PIECE, 2 * PIECE, bytes])
    expect(asked).toEqual(['HEAD', 'PATCH 0', `PATCH ${PIECE}`, `PATCH ${2 * PIECE}`])
    expect(Buffer.compare(received(), new Uint8Array(await file(bytes).arrayBuffer()))).toBe(0)
  })

  it('goes on where the server has it, whether the bytes came before the line broke or not', async () => {
    const bytes = 2 * PIECE
    for (const when of ['before', 'after'] as const) {
      const { wire, asked, waits, received } = desk(bytes, { 3: when })
      expect(await sent(wire, file(bytes), '/documents/u1', () => undefined)).toEqual({ kind: 'attached' })
      expect(waits).toEqual([500])
      expect(asked.filter((one) => one === 'HEAD')).toHaveLength(2)
      expect(received()).toHaveLength(bytes)
    }
  })

  it('waits for its sender when the line stays broken, and goes on later without sending anything twice', async () => {
    const bytes = 3 * PIECE
    const away = Object.fromEntries([3, 4, 5, 6, 7, 8].map((place) => [place, 'before' as const]))
    const { wire, asked, received } = desk(bytes, away)
    expect(await sent(wire, file(bytes), '/documents/u1', () => undefined)).toEqual({ kind: 'broken' })
    const before = asked.length
    expect(await sent(wire, file(bytes), '/documents/u1', () => undefined)).toEqual({ kind: 'attached' })
    expect(asked.slice(before)).toEqual(['HEAD', `PATCH ${PIECE}`, `PATCH ${2 * PIECE}`])
    expect(received()).toHaveLength(bytes)
  })

  it('asks nobody again after a refusal, and waits as long as a busy server asks', async () => {
    const refused = desk(10, { 2: refuse(422, 'CONTENT', 'This is no PDF. / PDFではありません。') })
    expect(await sent(refused.wire, file(10), '/documents/u1', () => undefined)).toEqual({ kind: 'refused', code: 'CONTENT', message: 'This is no PDF. / PDFではありません。' })
    expect(refused.asked).toHaveLength(2)
    const busy = desk(10, { 2: refuse(429, 'RATE', '', { 'retry-after': '7' }) })
    expect(await sent(busy.wire, file(10), '/documents/u1', () => undefined)).toEqual({ kind: 'attached' })
    expect(busy.waits).toEqual([7_000])
    const over = desk(10, { 1: refuse(410, 'UPLOAD_EXPIRED', '') })
    expect(await sent(over.wire, file(10), '/documents/u1', () => undefined)).toEqual({ kind: 'over' })
    const out = desk(10, { 1: refuse(401, 'UNAUTHENTICATED', '') })
    expect(await sent(out.wire, file(10), '/documents/u1', () => undefined)).toEqual({ kind: 'ended' })
  })

  it('stops when its sender says so', async () => {
    const stop = new AbortController()
    const { wire, asked } = desk(3 * PIECE)
    const ended = await sent(wire, file(3 * PIECE), '/documents/u1', (now) => now >= PIECE && stop.abort(), stop.signal)
    expect(ended).toEqual({ kind: 'stopped' })
    expect(asked).toEqual(['HEAD', 'PATCH 0'])
  })

  it('is announced with its digest, and without what nobody said', async () => {
    let said = ''
    const wire: Wire = {
      csrfToken: 'token',
      wait: async () => undefined,
      fetch: async (_, init) => {
        said = (init.headers as Record<string, string>)['upload-metadata'] ?? ''
        return new Response(null, { status: 201, headers: { location: '/documents/u1' } })
      },
    }
    expect(await opened(wire, new File(['abc'], '印鑑証明書.pdf'), PAPER)).toEqual({ address: '/documents/u1' })
    const pairs = Object.fromEntries(said.split(',').map((pair) => pair.split(' ') as [string, string]).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
    expect(pairs).toEqual({
      applicationId: 'case', paper: 'SEAL_CERTIFICATE', partyId: 'A1', filename: '印鑑証明書.pdf',
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    })
    const full = { ...wire, fetch: async () => refuse(413, 'TOO_LARGE', 'A file has at most 20 bytes. / 1ファイルは20バイトまでです。') }
    expect(await opened(full, new File(['abc'], 'a.pdf'), PAPER)).toMatchObject({ kind: 'refused', code: 'TOO_LARGE' })
  })

  it('says a refusal in the language of the page', () => {
    expect(half('The file is empty. / 空のファイルです。', 'ja')).toBe('空のファイルです。')
    expect(half('The file is empty. / 空のファイルです。', 'en')).toBe('The file is empty.')
    expect(half('X: one / 一 Y: two / 二', 'ja')).toBe('X: one / 一 Y: two / 二')
    expect(half('BROKEN', 'ja')).toBe('BROKEN')
    expect(metadata({ a: null, b: undefined, c: '', d: 1 })).toBe('d MQ==')
  })
})
