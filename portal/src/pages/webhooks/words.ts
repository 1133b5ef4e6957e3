/** What is wrong with an address before it is sent: it is https to a host; null where nothing is. The API judges the host. */
export function wrongAddress(url: string): 'empty' | 'https' | null {
  if (url.trim() === '') return 'empty'
  const read = URL.canParse(url.trim()) ? new URL(url.trim()) : null
  return read?.protocol === 'https:' && read.hostname !== '' ? null : 'https'
}

/** Hours for which the old secret still signs, 0 to 168; null where it is no such number. */
export function hoursOf(typed: string): number | null {
  return /^\d{1,3}$/.test(typed.trim()) && Number(typed) <= 168 ? Number(typed) : null
}

/** A number from which on everything is sent again; null where it is none, or none of this endpoint. */
export function sequenceOf(typed: string, last: number): number | null {
  const number = /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : 0
  return number >= 1 && number <= last ? number : null
}

/** Does an endpoint need a person: it is off, or has failed for some time? */
export function isTroubled(endpoint: { state: string; failures: number }): boolean {
  return endpoint.state !== 'ACTIVE' || endpoint.failures > 0
}

/** Was it stopped by the service, and not by its owner? */
export function isStoppedByItself(endpoint: { state: string; disabledBy: string | null }): boolean {
  return endpoint.state !== 'ACTIVE' && endpoint.disabledBy !== null && endpoint.disabledBy !== 'OWNER'
}
