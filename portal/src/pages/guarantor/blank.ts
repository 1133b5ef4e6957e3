import type { Values } from '@/command'

/** A loan as far as an answer depends on it. */
export interface AskedLoan {
  loanNo: number
  amountYen: number
  termMonths: number
  guaranteeFeeMethod: string
}

/** The answer that covers exactly what was asked for: the fee of each loan and the number of the guarantee are left to enter. */
export function blankAnswer(loans: AskedLoan[], earlier?: { guaranteeNumber: string; loans: { loanNo: number; monthlyRatePercent: string | null; lumpSumFeeYen: number | null }[] }): Values {
  return {
    guaranteeNumber: earlier?.guaranteeNumber ?? '',
    amountYen: loans.reduce((sum, loan) => sum + loan.amountYen, 0),
    termMonths: String(Math.max(0, ...loans.map((loan) => loan.termMonths))),
    loans: loans.map((loan) => {
      const known = earlier?.loans.find((one) => one.loanNo === loan.loanNo)
      return { loanNo: loan.loanNo, monthlyRatePercent: known?.monthlyRatePercent ?? '', lumpSumFeeYen: known?.lumpSumFeeYen ?? null }
    }),
    validUntil: null,
  }
}

/** Which fee a loan is guaranteed for: a rate each month, or a sum at once. */
export function feeOf(loan: AskedLoan): 'monthlyRatePercent' | 'lumpSumFeeYen' {
  return loan.guaranteeFeeMethod === 'LUMP_SUM' ? 'lumpSumFeeYen' : 'monthlyRatePercent'
}
