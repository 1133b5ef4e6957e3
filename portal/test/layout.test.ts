import { describe, expect, it } from 'vitest'
import { laidOut, readLayout, USUAL, written } from '@/pages/staff/layout'

const COLUMNS = ['number', 'applicant', 'stage', 'amount'].map((key) => ({ key }))
const KEYS = COLUMNS.map(({ key }) => key)

describe('the layout of a list', () => {
  it('is read as it was written', () => {
    for (const layout of [USUAL, { dense: true, hidden: new Set(['amount']) }, { dense: false, hidden: new Set(['stage', 'amount']) }]) {
      expect(readLayout(written(layout), KEYS)).toEqual(layout)
    }
  })

  it('keeps the first column and forgets columns that are no more', () => {
    const kept = readLayout('density=dense&hidden=number+gone+amount', KEYS)
    expect([...kept.hidden]).toEqual(['amount'])
    expect(laidOut(COLUMNS, kept).map(({ key }) => key)).toEqual(['number', 'applicant', 'stage'])
    expect(laidOut(COLUMNS, { dense: false, hidden: new Set(KEYS) }).map(({ key }) => key)).toEqual(['number'])
  })

  it('is the usual one where nothing that one can read was kept', () => {
    for (const text of ['', 'density=other', 'x=y']) expect(readLayout(text, KEYS)).toEqual(USUAL)
  })
})
