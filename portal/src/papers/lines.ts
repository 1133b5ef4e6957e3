import type { PapersQuery } from '@/gql/operations'

export type PaperLine = NonNullable<PapersQuery['application']>['papers'][number]
export type PaperFile = PaperLine['files'][number]
export type Upload = NonNullable<PapersQuery['uploads']>[number]

/** Who hands papers in by these pages: the branch, and the people of the case. */
export const HANDS_IN: readonly string[] = ['BRANCH_CLERK', 'APPLICANT', 'CO_OBLIGOR']

/** The papers of one person; `partyId` null: of the case as a whole. */
export interface Person {
  partyId: string | null
  lines: PaperLine[]
  /** Papers that are asked for and here, in order or not looked at yet, and all that are asked for. */
  here: number
  asked: number
}

/** The papers by person, in the order of the case's people; what belongs to nobody comes last. */
export function byPerson(lines: PaperLine[], people: readonly string[]): Person[] {
  const named = [...new Set(lines.flatMap((line) => (line.partyId === null ? [] : [line.partyId])))]
  const order = [...people.filter((id) => named.includes(id)), ...named.filter((id) => !people.includes(id)), null]
  return order.flatMap((partyId) => {
    const own = lines.filter((line) => line.partyId === partyId)
    const asked = own.filter((line) => line.stage !== 'OTHER')
    const here = asked.filter((line) => line.state === 'RECEIVED' || line.state === 'ACCEPTED')
    return own.length === 0 ? [] : [{ partyId, lines: own, here: here.length, asked: asked.length }]
  })
}

/** The files that count, and those whose place another one took. */
export function standing(files: PaperFile[]): { now: PaperFile[]; before: PaperFile[] } {
  return { now: files.filter((file) => file.state !== 'REPLACED'), before: files.filter((file) => file.state === 'REPLACED') }
}

/** One's own uploads that a page left unfinished, without those that it sends now. */
export function unfinished(all: Upload[], subject: string, sending: readonly (string | null)[]): Upload[] {
  return all.filter((one) => one.state === 'OPEN' && one.by === subject && !sending.includes(addressOf(one)))
}

/** Uploads that came to nothing or wait for a check, as the last word about them. */
export function remarkable(all: Upload[]): Upload[] {
  return all.filter((one) => one.state === 'WAITING' || one.state === 'REFUSED')
}

/** Where an upload goes on. */
export function addressOf({ id }: { id: string }): string {
  return `/documents/${id}`
}

/** Is what was sent on the list already? Then the list says how it stands. */
export function isListed(one: { state: string; address: string | null }, line: { files: { id: string }[] }): boolean {
  return one.state === 'attached' && line.files.some((file) => addressOf(file) === one.address)
}

/** Can this be the file that an upload began with? Its digest tells the rest. */
export function isSame(upload: Upload, file: { name: string; size: number }): boolean {
  return upload.bytes === file.size && (upload.name === null || upload.name === file.name)
}

/** The name for a file that is saved: what it is and its number, because the name that it came with may name somebody. */
export function fileName(line: PaperLine, file: PaperFile): string {
  return `${line.paper}-${file.id.slice(0, 8)}.${(file.mediaType ?? 'bin').toLowerCase()}`
}

/** So many bytes, as people say it. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kib = bytes / 1024
  return kib < 1024 ? `${Math.round(kib)} KB` : `${(kib / 1024).toFixed(1)} MB`
}
