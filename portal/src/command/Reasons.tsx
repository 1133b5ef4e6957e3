import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import type { Missing } from './send'

/** Everything that is in the way, and who clears it. `linkOf` leads to where that is done. */
export function Reasons({ of, linkOf }: { of: Missing[]; linkOf?: (missing: Missing) => React.ReactNode }) {
  const text = useText()
  const { say, word } = useWords()
  return (
    <ul className="reasons">
      {of.map((missing) => (
        <li key={`${missing.code} ${missing.subject ?? ''}`}>
          {say(missing)}
          {missing.subject && <span className="muted">（{missing.subject}）</span>}
          {missing.clearedBy.length > 0 && (
            <span className="muted small"> {text('reason.by', { who: missing.clearedBy.map((role) => word('Role', role)).join('・') })}</span>
          )}
          {missing.rule && <span className="muted small"> {missing.rule}</span>}
          {linkOf?.(missing)}
        </li>
      ))}
    </ul>
  )
}
