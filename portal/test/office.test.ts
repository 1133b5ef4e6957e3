import { describe, expect, it } from 'vitest'
import { mayWith, stepsAbout, takers, type Colleague } from '@/pages/office/who'
import { hoursOf, isStoppedByItself, isTroubled, sequenceOf, wrongAddress } from '@/pages/webhooks/words'

const person = (subject: string, state = 'ACTIVE') => ({ subject, state, name: subject }) as Colleague

describe('who of an office answers for a case', () => {
  it('the responsible person hands over, a lead gives to anybody, and what nobody answers for is taken', () => {
    expect(mayWith({ responsible: 'me' }, 'me', false)).toEqual({ take: false, hand: true })
    expect(mayWith({ responsible: 'other' }, 'me', false)).toEqual({ take: false, hand: false })
    expect(mayWith({ responsible: 'other' }, 'me', true)).toEqual({ take: false, hand: true })
    expect(mayWith({ responsible: null }, 'me', false)).toEqual({ take: true, hand: false })
    expect(mayWith({ responsible: null }, 'me', true)).toEqual({ take: true, hand: true })
  })
  it('goes to somebody who may sign in and does not have it', () => {
    expect(takers([person('a'), person('b', 'SUSPENDED'), person('c')], { responsible: 'a' }).map((one) => one.subject)).toEqual(['c'])
  })
  it('nobody proposes about himself', () => {
    expect(stepsAbout(person('me'), 'me')).toEqual([])
    expect(stepsAbout(person('a'), 'me')).toEqual(['SUSPEND', 'END_SESSIONS'])
    expect(stepsAbout(person('a', 'SUSPENDED'), 'me')).toEqual(['RESUME'])
  })
})

describe('webhooks', () => {
  it('an address is https, and a wrong one is found before it is sent', () => {
    expect(['', ' ', 'hooks.example.jp', 'http://hooks.example.jp/', 'https://', 'https://hooks.example.jp/yushi'].map(wrongAddress)).toEqual(['empty', 'empty', 'https', 'https', 'https', null])
  })
  it('hours and numbers are whole and within their bounds', () => {
    expect(['0', '168', '169', '-1', '1.5', ''].map(hoursOf)).toEqual([0, 168, null, null, null, null])
    expect(['1', '7', '8', '0', 'x'].map((typed) => sequenceOf(typed, 7))).toEqual([1, 7, null, null, null])
  })
  it('says which endpoint needs a person', () => {
    expect([{ state: 'ACTIVE', failures: 0 }, { state: 'ACTIVE', failures: 2 }, { state: 'DISABLED', failures: 0 }].map(isTroubled)).toEqual([false, true, true])
    expect(['GONE', 'FAILING', 'OWNER'].map((disabledBy) => isStoppedByItself({ state: 'DISABLED', disabledBy }))).toEqual([true, true, false])
    expect(isStoppedByItself({ state: 'ACTIVE', disabledBy: null })).toBe(false)
  })
})
