import { describe, expect, it } from 'vitest'
import { fullKana, oneSpace } from '@/lib/kana'
import { narrow } from '@/lib/text'
import { inMan, parseYen, yen } from '@/lib/yen'

describe('an amount as people type it', () => {
  it.each([
    ['35000000', 35_000_000],
    ['３５，０００，０００', 35_000_000],
    ['35,000,000円', 35_000_000],
    ['3500万', 35_000_000],
    ['３５００万円', 35_000_000],
    ['1億2000万', 120_000_000],
    ['1億', 100_000_000],
    ['3500万5000', 35_005_000],
    ['¥1,000', 1_000],
    ['0', 0],
  ])('%s', (text, wanted) => expect(parseYen(text)).toBe(wanted))
  it.each(['', '円', '3.5', '-1', '3500万50000', '12a', '万', '1000000000001'])('%s is none', (text) => expect(parseYen(text)).toBeNull())
  it('is said as people say it', () => {
    expect(inMan(35_000_000)).toBe('3,500万円')
    expect(inMan(120_000_000)).toBe('1億2,000万円')
    expect(inMan(35_005_000)).toBe('3,500万5,000円')
    expect(inMan(0)).toBe('0円')
    expect(yen(35_000_000, 'ja')).toBe('35,000,000円')
    expect(yen(35_000_000, 'en')).toBe('¥35,000,000')
  })
  it('what is said reads back', () => {
    for (const amount of [1, 9_999, 10_000, 10_001, 99_999_999, 100_000_000, 100_010_000, 987_654_321]) {
      expect(parseYen(inMan(amount)), inMan(amount)).toBe(amount)
      expect(parseYen(yen(amount, 'ja'))).toBe(amount)
    }
  })
})

describe('names', () => {
  it('are read in full-width katakana with one space', () => {
    expect(fullKana('ﾀｶﾊｼ ﾀﾛｳ')).toBe('タカハシ　タロウ')
    expect(fullKana('ｶﾞｸﾄ ﾊﾟﾄﾘｯｸ')).toBe('ガクト　パトリック')
    expect(fullKana('たかはし　　たろう ')).toBe('タカハシ　タロウ')
    expect(fullKana('ヴォーン')).toBe('ヴォーン')
  })
  it('keep every character as it is registered', () => {
    for (const name of ['髙橋　太郎', '﨑山　みのり', '𠮷野　健', '葛󠄀城　渡邉', '德永　邊']) {
      expect(oneSpace(name)).toBe(name)
    }
  })
  it('digits and letters are narrowed, kanji and kana are not', () => {
    expect(narrow('Ｒ８．１２．２５　カナ')).toBe('R8.12.25 カナ')
  })
})
