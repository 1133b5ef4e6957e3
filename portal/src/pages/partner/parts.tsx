import { useText } from '@/i18n'
import { useWords, type Label } from '@/lib/words'
import { Empty, PageHead, WDate } from '@/ui'

/** There is no such case, or it is none of one's own. */
export function Gone() {
  const text = useText()
  return (
    <div className="outside">
      <PageHead title={text('cases.gone')} />
      <Empty title={text('cases.gone.help')} />
    </div>
  )
}

/** The open work of a case with its dates. */
export function Tasks({ of }: { of: { id: string; label: Label; dueOn: string }[] }) {
  const text = useText()
  const { say } = useWords()
  if (of.length === 0) return null
  return (
    <ul className="plain tight">
      {of.map((task) => (
        <li key={task.id}><strong>{say(task.label)}</strong> <span className="small">{text('work.due')} <WDate day={task.dueOn} weekday /></span></li>
      ))}
    </ul>
  )
}
