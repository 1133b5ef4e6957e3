import { Link } from '@tanstack/react-router'
import { Reasons, type Missing } from '@/command'
import { useText, type Key } from '@/i18n'
import { useWords, type Label } from '@/lib/words'
import { Panel } from '@/ui'
import { tabOf } from './way'

interface Way {
  row: string
  label: Label
  to: string
  by: string[]
  unmet: Missing[]
}

/** Ways that end a case early: what is in their way does not keep it from going on. */
const ENDINGS = new Set(['DISCARDED', 'DECLINED', 'WITHDRAWN', 'APPROVAL_RESCINDED', 'APPROVAL_EXPIRED', 'CONTRACT_TERMINATED', 'REVERSING', 'ON_HOLD', 'CHANGE_REQUESTED', 'DRAWINGS_REPAID'])

/** Why the case does not go on, for each way on from here, and where that is put right. */
export function Blockers({ ways, id }: { ways: Way[]; id: string }) {
  const text = useText()
  const { say, word } = useWords()
  const blocked = ways.filter((way) => way.unmet.length > 0 && !ENDINGS.has(way.to))
  if (blocked.length === 0) return null
  const linkOf = (missing: Missing) => {
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
    </Panel>
  )
}
