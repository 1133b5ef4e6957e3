import { useState } from 'react'
import { ProposeAccount, ProposeAccountChange, type Role, type UserAccountKind } from '@/gql/operations'
import { useText } from '@/i18n'
import { narrow } from '@/lib/text'
import { useWords } from '@/lib/words'
import { CheckField, ChoiceField, Dialog, TextField } from '@/ui'
import { StepOutcomeView, useCodes, useStep, type StepOutcome } from './shared'
import type { Account } from './Users'

/** Roles of the program itself: nobody signs in as them. */
const INSIDE = new Set(['SYSTEM', 'TIMER', 'BANK'])
/** Roles of the bank's staff: one person may have several. The others stand alone. */
const STAFF = ['BRANCH_CLERK', 'BRANCH_MANAGER', 'SCREENING_OFFICER', 'OPERATIONS', 'COMPLIANCE']

/** Partners whose work is done by people: one of them may lead the office. */
const OFFICES = ['MEMBER_ORG', 'GUARANTOR', 'INSURER', 'FIRE_INSURER', 'SCRIVENER']

/** A new account, or what an account shall be. It counts when another administrator has approved it. */
export function AccountDialog({ account, done, onClose }: { account: Account | null; done: () => void; onClose: () => void }) {
  const text = useText()
  const { word } = useWords()
  const [kind, setKind] = useState<string>(account?.kind ?? 'PERSON')
  const [login, setLogin] = useState(account?.login ?? '')
  const [name, setName] = useState(account?.name ?? '')
  const [roles, setRoles] = useState<string[]>(account?.roles ?? [])
  const [branches, setBranches] = useState(account?.branches.join(' ') ?? '')
  const [organisation, setOrganisation] = useState(account?.organisation ?? '')
  const [lead, setLead] = useState(account?.isLead ?? false)
  const [tried, setTried] = useState(false)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const [create, creating] = useStep(ProposeAccount, (data) => data.proposeUserAccount?.problems)
  const [change, changing] = useStep(ProposeAccountChange, (data) => data.proposeUserAccountChange?.problems)
  const kinds = useCodes('UserAccountKind')
  const others = useCodes('Role').filter((role) => !STAFF.includes(role) && !INSIDE.has(role))
  const other = roles.find((role) => !STAFF.includes(role)) ?? ''
  const mayLead = OFFICES.includes(other) && kind === 'PERSON'
  const submit = async () => {
    setTried(true)
    if (name.trim() === '' || login.trim() === '' || roles.length === 0) return
    const profile = { name: name.trim(), roles: roles as Role[], branches: narrow(branches).split(/[\s,、]+/).filter(Boolean), organisation: organisation.trim() || null, isLead: lead && mayLead }
    const came = account ? await change({ id: account.id, step: 'CHANGE', profile }) : await create({ account: { ...profile, login: login.trim(), kind: kind as UserAccountKind } })
    if (came === 'done') done()
    else setOutcome(came)
  }
  const missing = (value: string, label: string) => (tried && value.trim() === '' ? text('field.empty', { field: label }) : undefined)
  return (
    <Dialog title={account ? text('users.change.of', { name: account.name }) : text('users.add')} action={text('admin.propose')} busy={creating || changing} onClose={onClose} onSubmit={() => void submit()}>
      <p className="muted">{text('admin.second')}</p>
      <StepOutcomeView of={outcome} />
      {!account && (
        <>
          <ChoiceField name="kind" label={text('users.kind')} value={kind} options={kinds.map((value) => ({ value, label: word('UserAccountKind', value) }))} onChange={setKind} />
          <TextField name="login" label={text('users.login')} help={text('users.login.help')} required value={login} onChange={setLogin} error={missing(login, text('users.login'))} />
        </>
      )}
      <TextField name="name" label={text('users.name')} required value={name} onChange={setName} error={missing(name, text('users.name'))} />
      <fieldset className="users-roles">
        <legend className="field-label">{text('users.roles.staff')}</legend>
        {STAFF.map((role) => (
          <CheckField key={role} label={word('Role', role)} value={roles.includes(role)} onChange={(on) => setRoles((now) => [...now.filter((one) => one !== role && STAFF.includes(one)), ...(on ? [role] : [])])} />
        ))}
      </fieldset>
      <ChoiceField name="role" label={text('users.roles.other')} value={other} blank={text('users.roles.none')} options={others.map((value) => ({ value, label: word('Role', value) }))} onChange={(role) => setRoles(role ? [role] : [])} error={tried && roles.length === 0 ? text('users.roles.empty') : undefined} />
      <TextField name="branches" label={text('users.branches')} help={text('users.branches.help')} value={branches} onChange={setBranches} />
      <TextField name="organisation" label={text('users.organisation')} help={text('users.organisation.help')} value={organisation} onChange={setOrganisation} />
      {mayLead && <CheckField label={text('users.lead')} value={lead} onChange={setLead} />}
    </Dialog>
  )
}
