import { useEffect, useState } from 'react'
import { ActionDialog, Entered, Reasons, type Action } from '@/command'
import { VERBS } from '@/gql/verbs'
import { useText } from '@/i18n'
import { useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, Facts, Instant, Notice, Panel } from '@/ui'
import type { CaseOf } from './Case'

type Proposal = NonNullable<CaseOf['proposals']>[number]

const DECISIONS = ['approveProposal', 'returnProposal', 'retractProposal']

/** What waits for a second person. One's own stands here too, and why one cannot decide it. */
export function Proposals(props: { proposals: Proposal[]; actions: Action[]; id: string; version: number; about: string; done: () => void; setActing: (acting: boolean) => void }) {
  const { proposals, actions, id, version, about, done, setActing } = props
  const text = useText()
  const [open, setOpen] = useState<Action | null>(null)
  useEffect(() => {
    if (!open) return
    setActing(true)
    return () => setActing(false)
  }, [open, setActing])
  return (
    <Panel title={text('proposals.title')}>
      {proposals.map((proposal) => (
        <OneProposal key={proposal.id} proposal={proposal} actions={actions.filter((action) => action.key === proposal.id && DECISIONS.includes(action.verb))} open={setOpen} />
      ))}
      {open && (
        <ActionDialog
          id={id}
          version={version}
          about={about}
          action={open}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null)
            done()
          }}
        />
      )}
    </Panel>
  )
}

function OneProposal({ proposal, actions, open }: { proposal: Proposal; actions: Action[]; open: (action: Action) => void }) {
  const text = useText()
  const { say, word } = useWords()
  const { session } = useSeat()
  const own = proposal.by === session.subject
  return (
    <div className="stack">
      <h3>{say(proposal.label)}</h3>
      <Facts
        of={[
          [text('proposals.by'), proposal.by],
          [text('proposals.at'), <Instant key="at" at={proposal.at} />],
          [text('proposals.level'), say(proposal.route.label)],
          [text('proposals.votes'), text('proposals.votes.of', { given: proposal.votes.length, wanted: proposal.route.votes })],
          ...(proposal.route.risks.length > 0 ? [[text('proposals.risks'), proposal.route.risks.map((risk) => word('Risk', risk)).join('、')] as [string, string]] : []),
        ]}
      />
      <Entered all={VERBS[proposal.verb] ?? []} values={(proposal.arguments ?? {}) as Record<string, unknown>} />
      {own && <Notice>{text('proposals.own')}</Notice>}
      <div className="row">
        {actions.map((action) => (
          <Button
            key={action.verb}
            variant={action.verb === 'approveProposal' ? 'primary' : 'secondary'}
            disabled={!action.enabled}
            onClick={() => open(action)}
          >
            {say(action.label)}
          </Button>
        ))}
      </div>
      {actions.filter((action) => !action.enabled).map((action) => (
        <div key={action.verb}>
          <p className="small">{text('proposals.notNow', { what: say(action.label) })}</p>
          <Reasons of={action.unmet} />
        </div>
      ))}
    </div>
  )
}
