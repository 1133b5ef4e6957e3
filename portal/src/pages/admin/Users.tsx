import { useSearch, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { AccountChanges, Accounts, ApproveAccountChange, ProposeAccountChange, ReturnAccountChange, type AccountChangesQuery, type AccountsQuery, type UserAccountStep } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Dialog, Empty, Instant, Notice, PageHead, Pager, Read, Tabs, Tag, type Column } from '@/ui'
import { AccountDialog } from './AccountDialog'
import type { AdminSearch } from './index'
import { Decide, NotForRole, StepOutcomeView, useSees, useStep, type StepOutcome } from './shared'

export type Account = NonNullable<AccountsQuery['userAccounts']>[number]
type Change = NonNullable<AccountChangesQuery['userAccountChanges']>[number]

/** What the limits of one request let through. */
const PAGE = 24
const TABS = ['accounts', 'open', 'changes'] as const

/** Who may come in, and as what. Every step is proposed by one administrator and decided by another. */
export default function Users() {
  const text = useText()
  const sees = useSees(Accounts)
  useTitle(text('users.title'))
  return sees ? <Seen /> : <NotForRole title={text('users.title')} />
}

function Seen() {
  const text = useText()
  const { session } = useSeat()
  const search = useSearch({ strict: false }) as AdminSearch
  const tab = TABS.find((one) => one === search.tab) ?? 'accounts'
  const [editing, setEditing] = useState<'new' | Account | null>(null)
  const [done, setDone] = useState(false)
  const waiting = useRead(AccountChanges, { first: PAGE, open: true })
  const managed = session.role === 'USER_ADMIN'
  const proposed = () => {
    setEditing(null)
    setDone(true)
    waiting.again()
  }
  const tabs = TABS.map((key) => ({ key, title: text(`users.tab.${key}`), ...(key === 'open' && { count: waiting.data?.userAccountChanges?.length }) }))
  return (
    <div className="stack">
      <PageHead title={text('users.title')}>
        {managed && <Button variant="primary" onClick={() => setEditing('new')}>{text('users.add')}</Button>}
      </PageHead>
      <p className="muted">{text('users.help')}</p>
      {done && <Notice tone="good">{text('admin.proposed')}<Button size="s" onClick={() => setDone(false)}>{text('dialog.close')}</Button></Notice>}
      <Tabs name={text('users.tabs')} tabs={tabs} current={tab} />
      {tab === 'accounts' && <List managed={managed} edit={setEditing} proposed={proposed} />}
      {tab === 'open' && <Changes key="open" open managed={managed} decided={waiting.again} />}
      {tab === 'changes' && <Changes key="all" open={false} managed={false} decided={waiting.again} />}
      {editing && <AccountDialog account={editing === 'new' ? null : editing} done={proposed} onClose={() => setEditing(null)} />}
    </div>
  )
}

function usePages() {
  const search = useSearch({ strict: false }) as AdminSearch
  const navigate = useNavigate()
  const go = (after: string | undefined) => void navigate({ to: '.', search: { ...search, after } } as never)
  return { after: search.after ?? null, go }
}

function List({ managed, edit, proposed }: { managed: boolean; edit: (account: Account) => void; proposed: () => void }) {
  const text = useText()
  const { say } = useWords()
  const { after, go } = usePages()
  const read = useRead(Accounts, { first: PAGE, after })
  const [asked, setAsked] = useState<{ account: Account; step: UserAccountStep } | null>(null)
  const columns: Column<Account>[] = [
    { key: 'name', title: text('users.name'), show: (line) => <span lang="ja">{line.name}</span> },
    { key: 'subject', title: text('users.subject'), show: (line) => line.subject },
    { key: 'kind', title: text('users.kind'), show: (line) => say(line.kindLabel) },
    { key: 'roles', title: text('users.roles'), show: (line) => line.roleLabels.map(say).join('、') },
    { key: 'branches', title: text('users.branches'), show: (line) => (line.isLead ? `${line.organisation}（${text('users.lead')}）` : line.organisation) ?? (line.branches.length > 0 ? line.branches.join('、') : text('users.branches.all')) },
    { key: 'state', title: text('users.state'), show: (line) => <Tag tone={line.state === 'ACTIVE' ? 'plain' : 'warn'}>{say(line.stateLabel)}</Tag> },
    { key: 'changed', title: text('users.changed'), show: (line) => <Instant at={line.changedAt} /> },
    ...(managed
      ? [{
          key: 'steps',
          title: text('users.steps'),
          show: (line: Account) => (
            <span className="row">
              <Button size="s" onClick={() => edit(line)} aria-label={text('users.change.of', { name: line.name })}>{text('users.change')}</Button>
              {stepsFor(line).map((step) => (
                <Button key={step} size="s" onClick={() => setAsked({ account: line, step })} aria-label={text('users.step.of', { name: line.name, step: text(`users.step.${step}`) })}>{text(`users.step.${step}`)}</Button>
              ))}
            </span>
          ),
        }]
      : []),
  ]
  return (
    <>
      <Read of={read}>
        {({ userAccounts: lines }) =>
          !lines || lines.length === 0 ? (
            <Empty title={text('users.empty')} />
          ) : (
            <>
              <DataTable name={text('users.title')} columns={columns} lines={lines} keyOf={(line) => line.id} dense />
              <Pager first={after === null} more={lines.length === PAGE} busy={read.busy} toFirst={() => go(undefined)} on={() => go(lines.at(-1)?.subject)} />
            </>
          )
        }
      </Read>
      {asked && (
        <StepDialog
          {...asked}
          done={() => {
            setAsked(null)
            proposed()
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}

function stepsFor(account: Account): ('SUSPEND' | 'RESUME' | 'END_SESSIONS')[] {
  return account.state === 'ACTIVE' ? ['SUSPEND', 'END_SESSIONS'] : ['RESUME']
}

function StepDialog({ account, step, done, onClose }: { account: Account; step: UserAccountStep; done: () => void; onClose: () => void }) {
  const text = useText()
  const [propose, busy] = useStep(ProposeAccountChange, (data) => data.proposeUserAccountChange?.problems)
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const submit = async () => {
    const came = await propose({ id: account.id, step })
    if (came === 'done') done()
    else setOutcome(came)
  }
  const name = text(`users.step.${step as 'SUSPEND'}`)
  return (
    <Dialog title={text('users.step.of', { name: account.name, step: name })} action={text('users.propose', { step: name })} danger={step === 'SUSPEND'} busy={busy} onClose={onClose} onSubmit={() => void submit()}>
      <p>{text(`users.effect.${step as 'SUSPEND'}`, { name: account.name })}</p>
      <p className="muted">{text('admin.second')}</p>
      <StepOutcomeView of={outcome} />
    </Dialog>
  )
}

function Changes({ open, managed, decided }: { open: boolean; managed: boolean; decided: () => void }) {
  const text = useText()
  const { say, word } = useWords()
  const { session } = useSeat()
  const { after, go } = usePages()
  const read = useRead(AccountChanges, { first: PAGE, after, open })
  const [outcome, setOutcome] = useState<StepOutcome | null>(null)
  const came = (now: StepOutcome) => {
    setOutcome(now)
    read.again()
    decided()
  }
  const what = (line: Change) => [line.name, line.roles?.map((role) => word('Role', role)).join('・'), line.branches?.join('・'), line.organisation, line.isLead ? text('users.lead') : null].filter(Boolean).join('／')
  const columns: Column<Change>[] = [
    { key: 'step', title: text('users.step'), show: (line) => say(line.stepLabel) },
    { key: 'what', title: text('users.what'), show: (line) => <span lang="ja">{what(line) || line.login || line.accountId}</span> },
    { key: 'by', title: text('admin.proposedBy'), show: (line) => line.proposedBy },
    { key: 'at', title: text('admin.proposedAt'), show: (line) => <Instant at={line.proposedAt} /> },
    { key: 'state', title: text('users.state'), show: (line) => <Tag tone={line.state === 'PROPOSED' ? 'now' : 'plain'}>{say(line.stateLabel)}</Tag> },
    ...(open ? [] : [{ key: 'decided', title: text('admin.decidedBy'), show: (line: Change) => <>{line.decidedBy ?? '—'}{line.reason && <span className="muted small">（{line.reason}）</span>}</> }]),
    ...(managed
      ? [{
          key: 'decide',
          title: text('admin.decide'),
          show: (line: Change) => (
            <Decide
              id={line.id}
              what={what(line) || say(line.stepLabel)}
              own={line.proposedBy === session.subject}
              approve={[ApproveAccountChange, (data) => data.approveUserAccountChange?.problems]}
              giveBack={[ReturnAccountChange, (data) => data.returnUserAccountChange?.problems]}
              came={came}
            />
          ),
        }]
      : []),
  ]
  return (
    <>
      <StepOutcomeView of={outcome} />
      <Read of={read}>
        {({ userAccountChanges: lines }) =>
          !lines || lines.length === 0 ? (
            <Empty title={text(open ? 'users.open.empty' : 'users.changes.empty')} />
          ) : (
            <>
              <DataTable name={text(open ? 'users.tab.open' : 'users.tab.changes')} columns={columns} lines={lines} keyOf={(line) => line.id} dense />
              <Pager first={after === null} more={lines.length === PAGE} busy={read.busy} toFirst={() => go(undefined)} on={() => go(lines.at(-1)?.id)} />
            </>
          )
        }
      </Read>
    </>
  )
}
