import { describe, expect, it } from 'vitest'
import { compared } from '@/command/merge'
import { commandText } from '@/command/send'
import { blanks, fromKey, missing, sent, withSingles, type Values } from '@/command/values'
import { VERBS } from '@/gql/verbs'
import { freshForm, named } from '@/pages/staff/intake/form'
import { buildSchema, parse, validate } from 'graphql'
import { readFileSync, readdirSync } from 'node:fs'

const payee = VERBS['recordPayee'] ?? []

describe('the form of an action', () => {
  it('asks for what the schema requires, part by part', () => {
    expect(missing(payee, blanks(payee))).toEqual([
      'kind', 'number', 'to.account.bankCode', 'to.account.bankName', 'to.account.branchCode', 'to.account.branchName', 'to.account.kind', 'to.account.number', 'to.name',
    ])
  })
  it('sends numbers as numbers and nothing as nothing', () => {
    const values = { ...blanks(payee), kind: 'SELLER', number: '2', amountYen: 5_000_000 }
    expect(sent(payee, values)).toMatchObject({ kind: 'SELLER', number: 2, amountYen: 5_000_000 })
    const memo = VERBS['startContracting'] ?? []
    expect(sent(memo, blanks(memo))).toEqual({ appointment: null, appointmentPlace: null, appointmentTime: null })
  })
  it('chooses for itself where there is nothing to choose', () => {
    const explained = VERBS['recordExplanation'] ?? []
    const one = [{ value: 'A1' }]
    expect(withSingles(explained, blanks(explained), { partyId: one })).toMatchObject({ partyId: 'A1', bookletVersion: '' })
    expect(withSingles(explained, blanks(explained), { partyId: [...one, { value: 'G1' }] })).toMatchObject({ partyId: '' })
    expect(withSingles(explained, { ...blanks(explained), partyId: 'G1' }, { partyId: one })).toMatchObject({ partyId: 'G1' })
  })
  it('knows from the key of an action whom and what it is about', () => {
    expect(fromKey(VERBS['claimInsurance'] ?? [], 'A1:L2')).toEqual({ partyId: 'A1', loanNo: '2' })
    expect(fromKey(VERBS['verifyFireCover'] ?? [], 'P3')).toEqual({ propertyNo: '3' })
    expect(fromKey(VERBS['answerGuarantor'] ?? [], 'Q2')).toEqual({ questionId: 'Q2' })
    expect(fromKey(VERBS['approveProposal'] ?? [], 'P25')).toEqual({ proposalId: 'P25' })
    expect(fromKey(VERBS['addMemo'] ?? [], null)).toEqual({})
  })
  it('every verb of every role is a valid mutation', () => {
    const folder = '../docs/generated/schema'
    let looked = 0
    for (const file of readdirSync(folder)) {
      const schema = buildSchema(readFileSync(`${folder}/${file}`, 'utf8'))
      const names = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter((name) => name in VERBS)
      for (const name of names) {
        const inside = 'changedBy' in (schema.getType('Conflict') as never as { getFields: () => object }).getFields()
        expect(validate(schema, parse(commandText(name, inside))), `${name} in ${file}`).toEqual([])
        looked += 1
      }
    }
    expect(looked).toBeGreaterThan(120)
  })
})

describe('two people changed the same case', () => {
  const changes = [
    { path: 'content.requestedAmountYen', before: 100, after: 200 },
    { path: 'content.requestedAmountYen', before: 200, after: 300 },
    { path: 'content.ownFundsYen', before: 1, after: 2 },
  ]
  it('a field that both changed differently has to be chosen; several steps count as one', () => {
    expect(compared(changes, { requestedAmountYen: 250 })).toEqual([
      { path: 'content.requestedAmountYen', before: 100, mine: 250, now: 300, clash: true },
      { path: 'content.ownFundsYen', before: 1, mine: undefined, now: 2, clash: false },
    ])
  })
  it('the same value, or one that was left as it was, is no clash', () => {
    expect(compared(changes, { requestedAmountYen: 300 }).some((line) => line.clash)).toBe(false)
    expect(compared(changes, { requestedAmountYen: 100 }).some((line) => line.clash)).toBe(false)
  })
})

describe('the branch of an application', () => {
  const bank = { code: '2999', name: '見本労働金庫', branches: ['102'], listed: [{ code: '101', name: { ja: '見本本店', en: 'Head office' } }, { code: '102', name: { ja: '見本駅前支店', en: 'Station' } }] }
  const institution = (values: Values) => values['institution'] as Values
  it('is called by the name that the list has for its code', () => {
    expect(institution(freshForm(bank))).toMatchObject({ branchCode: '102', branchName: '見本駅前支店' })
    const chosen = named({ institution: { branchCode: '101', branchName: '見本駅前支店' } }, bank)
    expect(institution(chosen)['branchName']).toBe('見本本店')
  })
  it('is what was typed where the book lists none, or not this one', () => {
    const typed: Values = { institution: { branchCode: '269', branchName: '市原' } }
    expect(named(typed, bank)).toBe(typed)
    expect(named({ ...typed, institution: { branchCode: '101', branchName: '駅前' } }, { ...bank, listed: [] })).toMatchObject({ institution: { branchName: '駅前' } })
    expect(institution(freshForm({ ...bank, branches: [], listed: [] }))['branchCode']).toBe('')
  })
})
