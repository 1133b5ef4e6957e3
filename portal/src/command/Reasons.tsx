import { useFieldName, useText } from '@/i18n'
import { useWords } from '@/lib/words'
import type { Offered } from './ActionDialog'
import type { Missing } from './send'

/** An action as the API offers it: open, or closed with everything that is in its way. */
export interface Action extends Offered {
  row: string
  enabled: boolean
  unmet: Missing[]
}

/** Verbs that give up what was reached: never what one came for, and never what a case waits for. */
export const BACK: ReadonlySet<string> = new Set(['releaseDate', 'recordDefects', 'returnContract', 'holdDisbursement', 'declineLoan', 'withdrawApplication', 'discardDraft', 'closeCase', 'rescindApproval', 'terminateContract', 'reversePosting', 'declineGuarantee', 'rejectInsurance'])

/** What cannot be done yet, with the reason; nothing where everything can. */
export function ClosedActions({ of, title, nameOf }: { of: Action[]; title: string; nameOf: (action: Action) => string }) {
  if (of.length === 0) return null
  return (
    <details>
      <summary>{title}</summary>
      {of.map((action) => (
        <div key={`${action.row} ${action.key}`} className="closed-action">
          <p>{nameOf(action)}</p>
          <Reasons of={action.unmet} />
        </div>
      ))}
    </details>
  )
}

/** What a reason is about, in words: a paper by its code, a field by its path; people, loans and filings keep their short names. */
function useSubject(): (subject: string) => string {
  const fieldName = useFieldName()
  const { word } = useWords()
  return (subject) => {
    if (/^[a-z]/.test(subject)) return fieldName(subject.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    const [code = '', ...rest] = subject.split(/(?=[:/ ])/)
    const paper = word('DocumentKind', code)
    return paper === code ? subject : `${paper}${rest.join('')}`
  }
}

/** Everything that is in the way, and who clears it. `linkOf` leads to where that is done. */
export function Reasons({ of, linkOf }: { of: Missing[]; linkOf?: (missing: Missing) => React.ReactNode }) {
  const text = useText()
  const { say, word } = useWords()
  const subjectOf = useSubject()
  return (
    <ul className="reasons">
      {of.map((missing) => (
        <li key={`${missing.code} ${missing.subject ?? ''}`}>
          {say(missing)}
          {missing.subject && missing.subject !== 'CASE' && <span className="muted">（{subjectOf(missing.subject)}）</span>}
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
