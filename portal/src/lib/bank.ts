import { createContext, useContext } from 'react'

/** The bank of whoever is here; who works for several has none. */
export interface Bank {
  code: string
  name: string
  /** Codes of the branches that one works for; none: all of them. */
  branches: readonly string[]
}

export const BankContext = createContext<Bank>({ code: '', name: '', branches: [] })

export const useBank = (): Bank => useContext(BankContext)
