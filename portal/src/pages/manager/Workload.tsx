import { useState } from 'react'
import { Workload as Query, type WorkloadQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead, useSeat } from '@/lib/use'
import { useWords } from '@/lib/words'
import { Button, DataTable, Empty, PageHead, Panel, Read, WDate, type Column } from '@/ui'
import { Bars } from './Bars'
import { Overdue } from './Board'
import { Handing, canHand } from './Handing'

type Line = NonNullable<WorkloadQuery['workload']>[number]

/** Bars of the picture; the table has everybody. */
const SHOWN = 12

/** Who works on how much, and what nobody has taken. */
export default function Workload() {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const read = useRead(Query, {})
  const [handing, setHanding] = useState<Line | null>(null)
  useTitle(text('workload.title'))
  const name = (line: Line) => line.subject ?? text('workload.nobody')
  const lines = read.data?.workload ?? []
  const columns: Column<Line>[] = [
    { key: 'who', title: text('workload.who'), show: (line) => (line.subject ? line.subject : <strong>{text('workload.nobody')}</strong>) },
    { key: 'role', title: text('workload.role'), show: (line) => say(line.roleLabel) },
    { key: 'cases', title: text('figures.cases'), number: true, show: (line) => text('figures.count', { count: line.cases }) },
    { key: 'tasks', title: text('workload.tasks'), number: true, show: (line) => text('figures.count', { count: line.openTasks }) },
    { key: 'overdue', title: text('figures.overdue'), number: true, show: (line) => <Overdue count={line.overdue} /> },
    { key: 'next', title: text('workload.next'), show: (line) => <WDate day={line.nextDue} /> },
    ...(lines.some((line) => canHand(session.role, line.role))
      ? [{
          key: 'hand',
          title: text('handing.title'),
          show: (line: Line) =>
            canHand(session.role, line.role) ? (
              <Button size="s" onClick={() => setHanding(line)} aria-label={text('handing.open.of', { who: name(line), role: say(line.roleLabel) })}>{text('handing.open')}</Button>
            ) : '—',
        }]
      : []),
  ]
  return (
    <div className="stack">
      <PageHead title={text('workload.title')}>
        <Button loading={read.busy && read.data !== undefined} onClick={read.again}>{text('figures.again')}</Button>
      </PageHead>
      <p className="muted">{text('workload.help')}</p>
      <Read of={read}>
        {() =>
          lines.length === 0 ? (
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
      {handing && (
        <Handing
          from={handing.subject ?? null}
          role={handing.role}
          onClose={(changed) => {
            setHanding(null)
            if (changed) read.again()
          }}
        />
      )}
    </div>
  )
}
