/** The bytes of an answer. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}

/** A record has 120 bytes; line ends are no part of it. */
const RECORD = 120

/** What stands in a file of the banks, one record a line: JIS X 0201, whose upper half is the half-width katakana. */
export function recordsOf(bytes: Uint8Array): string[] {
  const letters = [...bytes].filter((byte) => byte !== 0x0d && byte !== 0x0a).map((byte) => String.fromCodePoint(byte >= 0xa1 && byte <= 0xdf ? byte - 0xa1 + 0xff61 : byte))
  return Array.from({ length: Math.ceil(letters.length / RECORD) }, (_, place) => letters.slice(place * RECORD, (place + 1) * RECORD).join(''))
}
