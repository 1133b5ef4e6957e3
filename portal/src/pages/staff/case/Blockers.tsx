import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ActionDialog, BACK, Reasons, type Action, type Missing, type Values } from '@/command'
import { ENUMS } from '@/gql/verbs'
import { useText, type Key } from '@/i18n'
import { useToday } from '@/lib/use'
import { useWords, type Label } from '@/lib/words'
import { Button, Panel } from '@/ui'
import { useCaseChoices } from './choices'
import { tabOf } from './way'

interface Way {
  row: string
  verb: string
  label: Label
  to: string
  by: string[]
  unmet: Missing[]
}

/** Ways that end a case early: what is in their way does not keep it from going on. */
const ENDINGS = new Set(['DISCARDED', 'DECLINED', 'WITHDRAWN', 'APPROVAL_RESCINDED', 'APPROVAL_EXPIRED', 'CONTRACT_TERMINATED', 'REVERSING', 'ON_HOLD', 'CHANGE_REQUESTED', 'DRAWINGS_REPAID'])

/** The paper that a reason is about: `INCOME_CERTIFICATE:A1` is one of person A1, `PROPERTY_PLANS` one of the case. */
export function paperOf(subject: string | null): { document: string; partyId: string } | null {
  const [document = '', partyId = ''] = (subject ?? '').split(':')
  return ENUMS['DocumentKind']?.includes(document) ? { document, partyId } : null
}

/** Why the case does not go on, for each way on from here, and where that is put right. A paper is handed in from here. */
export function Blockers(props: { ways: Way[]; actions: Action[]; id: string; version: number; about: string; done: () => void; setActing: (acting: boolean) => void }) {
  const { ways, actions, id, version, about, done, setActing } = props
  const text = useText()
  const today = useToday()
  const { say, word } = useWords()
  const [paper, setPaper] = useState<{ document: string; partyId: string } | null>(null)
  const choices = useCaseChoices(id, paper !== null)
  const receive = actions.find((action) => action.verb === 'receiveDocuments' && action.enabled)
  useEffect(() => {
    if (!paper) return
    setActing(true)
    return () => setActing(false)
  }, [paper, setActing])
  const blocked = ways.filter((way) => way.unmet.length > 0 && !ENDINGS.has(way.to) && !BACK.has(way.verb))
  if (blocked.length === 0) return null
  const linkOf = (missing: Missing) => {
    const about = receive && paperOf(missing.subject)
    if (about) return <>{' '}<Button size="s" onClick={() => setPaper(about)}>{text('blockers.receive')}</Button></>
    const tab = tabOf(missing.code)
    return tab && (
      <>
        {' '}
        <Link to={'/applications/$id' as never} params={{ id } as never} search={{ tab } as never}>{text('blockers.open', { tab: text(`case.tab.${tab}` as Key) })}</Link>
      </>
    )
  }
  return (
    <Panel title={text('blockers.title')}>
      {blocked.map((way) => (
        <div key={way.row}>
          <h3>{text('blockers.way', { what: say(way.label), to: word('Stage', way.to) })}</h3>
          <Reasons of={way.unmet} linkOf={linkOf} />
        </div>
      ))}
      {paper && receive && (
        <ActionDialog
          id={id}
          version={version}
          about={about}
          action={receive}
          choices={choices}
          begin={{ documents: [{ ...paper, propertyNo: '', receivedOn: today, issuedOn: null }], consents: [] } satisfies Values}
          onClose={() => setPaper(null)}
          onDone={() => {
            setPaper(null)
            done()
          }}
        />
      )}
    </Panel>
  )
}
