/** On which side of a handover somebody stands. */
export type Side = 'BRANCH' | 'SCRIVENER'

interface Place {
  place: string
  offeredTo: string | null
  /** With an office whose job another one took over: the bank records what it gives back. */
  isToHandOver?: boolean | null
}

/** May this side give it away or take its offer back? What is with the registry or the customer is seen to by the bank unless the office brought it there: the API says so. */
export function givesIt(of: Place, side: Side): boolean {
  if (of.isToHandOver && side === 'BRANCH') return true
  return of.place === side || of.place === 'REGISTRY' || of.place === 'CUSTOMER'
}

/** Does it come to this side? For the registry and the customer a second person of the giver's side confirms. */
export function takesIt(of: Place, side: Side): boolean {
  if (of.offeredTo === null) return false
  return of.offeredTo === side || (of.offeredTo !== 'BRANCH' && of.offeredTo !== 'SCRIVENER' && givesIt(of, side))
}

/** Does a handover there have a day of return? */
export function needsDay(to: string): boolean {
  return to === 'SCRIVENER' || to === 'REGISTRY'
}
