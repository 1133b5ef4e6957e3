import { Workload as Query, type WorkloadQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Empty, PageHead, Panel, Read, WDate, type Column } from '@/ui'
import { Bars } from './Bars'
import { Overdue } from './Board'

type Line = NonNullable<WorkloadQuery['workload']>[number]

/** Bars of the picture; the table has everybody. */
const SHOWN = 12

/** Who works on how much, and what nobody has taken. */
export default function Workload() {
  const text = useText()
  const { say } = useWords()
  const read = useRead(Query, {})
  useTitle(text('workload.title'))
  const name = (line: Line) => line.subject ?? text('workload.nobody')
  const columns: Column<Line>[] = [
    { key: 'who', title: text('workload.who'), show: (line) => (line.subject ? line.subject : <strong>{text('workload.nobody')}</strong>) },
    { key: 'role', title: text('workload.role'), show: (line) => say(line.roleLabel) },
    { key: 'cases', title: text('figures.cases'), number: true, show: (line) => text('figures.count', { count: line.cases }) },
    { key: 'tasks', title: text('workload.tasks'), number: true, show: (line) => text('figures.count', { count: line.openTasks }) },
    { key: 'overdue', title: text('figures.overdue'), number: true, show: (line) => <Overdue count={line.overdue} /> },
    { key: 'next', title: text('workload.next'), show: (line) => <WDate day={line.nextDue} /> },
  ]
  return (
    <div className="stack">
      <PageHead title={text('workload.title')}>
        <Button loading={read.busy && read.data !== undefined} onClick={read.again}>{text('figures.again')}</Button>
      </PageHead>
      <p className="muted">{text('workload.help')}</p>
      <Read of={read}>
        {({ workload: lines }) =>
          !lines || lines.length === 0 ? (
            <Empty title={text('workload.empty')} />
          ) : (
            <>
              <Panel title={text('workload.picture')}>
                <Bars
                  said={text('workload.said', {
                    people: new Set(lines.flatMap((line) => line.subject ?? [])).size,
                    taken: lines.filter((line) => line.subject).reduce((sum, line) => sum + line.openTasks, 0),
                    free: lines.filter((line) => !line.subject).reduce((sum, line) => sum + line.openTasks, 0),
                  })}
                  bars={lines.slice(0, SHOWN).map((line) => ({
                    key: `${line.subject ?? ''} ${line.role}`,
                    title: line.subject ? name(line) : `${name(line)}・${say(line.roleLabel)}`,
                    parts: [
                      { key: 'overdue', title: text('workload.overdue'), value: line.overdue },
                      { key: 'rest', title: text('workload.inTime'), value: line.openTasks - line.overdue },
                    ],
                  }))}
                />
              </Panel>
              <DataTable name={text('workload.title')} columns={columns} lines={lines} keyOf={(line) => `${line.subject ?? ''} ${line.role}`} />
            </>
          )
        }
      </Read>
    </div>
  )
}
