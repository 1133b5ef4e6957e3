import type { ReviewQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useWords } from '@/lib/words'
import { Facts, Instant, Panel, Tag } from '@/ui'

type Asked = NonNullable<ReviewQuery['application']>['guaranteeQuestions'][number]

/** What a guarantee company asked about its request and what the bank answered, the latest first; nothing where nothing was asked. */
export function Questions({ of }: { of: Asked[] }) {
  const text = useText()
  const { say } = useWords()
  if (of.length === 0) return null
  return (
    <Panel title={text('question.title')}>
      <ul className="plain stack">
        {of.toReversed().map((asked) => (
          <li key={asked.id} className="tight">
            <span className="row">
              <strong>{asked.id}</strong>
              <Tag tone={asked.state === 'OPEN' ? 'now' : 'plain'}>{say(asked.stateLabel)}</Tag>
              <span className="muted small">{asked.organisation} <Instant at={asked.askedAt} /></span>
            </span>
            <Facts of={[[text('question.asked'), asked.question], [text('question.answer'), asked.answer]]} />
            {asked.answeredAt && <span className="muted small">{text('question.answered')} <Instant at={asked.answeredAt} /></span>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
