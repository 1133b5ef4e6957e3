import { describe, expect, it } from 'vitest'
import { blank, given, missing, type Field } from '@/pages/compliance/form'

const FIELDS: Field[] = [
  { name: 'organisation', label: '委託先コード', kind: 'line', required: true },
  { name: 'contractFrom', label: '契約開始日', kind: 'day', required: true },
  { name: 'substitute', label: '代替の委託先', kind: 'line' },
  { name: 'note', label: '結果', kind: 'text', required: true, value: '問題なし' },
]

describe('a step of a register', () => {
  it('starts with what is known and nothing else', () => {
    expect(blank(FIELDS)).toEqual({ organisation: null, contractFrom: null, substitute: null, note: '問題なし' })
  })

  it('sends no spaces around, and nothing for what was left empty', () => {
    const values = { organisation: ' OFFICE-9　', contractFrom: '2026-04-01', substitute: '  ', note: '問題なし' }
    expect(given(FIELDS, values)).toEqual({ organisation: 'OFFICE-9', contractFrom: '2026-04-01', substitute: null, note: '問題なし' })
  })

  it('names every required field that is empty, a blank one too', () => {
    expect(missing(FIELDS, { organisation: '　', contractFrom: null, substitute: null, note: 'x' })).toEqual(['organisation', 'contractFrom'])
    expect(missing(FIELDS, { organisation: 'A', contractFrom: '2026-04-01', substitute: null, note: 'x' })).toEqual([])
  })
})
