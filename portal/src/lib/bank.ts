import { createContext, useContext } from 'react'
import { useWords, type Label } from './words'

/** A branch at which the bank takes applications in. */
export interface Branch {
  code: string
  name: Label
}

/** The bank of whoever is here; who works for several has none. */
export interface Bank {
  code: string
  name: string
  /** Codes of the branches that one works for; none: all of them. */
  branches: readonly string[]
  /** Its branches as its book lists them; none: every code is taken. */
  listed: readonly Branch[]
}

export const BankContext = createContext<Bank>({ code: '', name: '', branches: [], listed: [] })

export const useBank = (): Bank => useContext(BankContext)

/** The branches to choose from, by their code and name: those that one works for, or all; none where the book lists none. */
export function useBranchOptions(): { value: string; label: string }[] {
  const { branches, listed } = useBank()
  const { say } = useWords()
  return listed.filter(({ code }) => branches.length === 0 || branches.includes(code)).map(({ code, name }) => ({ value: code, label: say(name) }))
}
