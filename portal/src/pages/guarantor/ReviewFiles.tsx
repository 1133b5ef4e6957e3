import { ReviewPapers } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Files } from '@/papers/Files'
import { Beside } from '@/viewer'
import { Empty, Read, Tag } from '@/ui'

/** The papers that came as files, each to be opened and read over the review: the decision keeps its place beside it. */
export default function ReviewFiles({ id, nameOf }: { id: string; nameOf: (partyId: string | null) => string }) {
  const text = useText()
  const { say } = useWords()
  const read = useRead(ReviewPapers, { id })
  return (
    <Beside over>
      <Read of={read}>
        {({ application }) => {
          const lines = application?.papers.filter((line) => line.files.length > 0) ?? []
          if (lines.length === 0) return <Empty title={text('review.files.none')} />
          return (
            <ul className="plain stack">
              {lines.map((line) => (
                <li key={line.key} className="tight">
                  <span className="row">
                    <strong>{say(line.paperLabel)}</strong>
                    <span lang="ja">{nameOf(line.partyId)}</span>
                    <Tag>{say(line.stateLabel)}</Tag>
                  </span>
                  <Files id={id} line={line} name={say(line.paperLabel)} small />
                </li>
              ))}
            </ul>
          )
        }}
      </Read>
    </Beside>
  )
}
