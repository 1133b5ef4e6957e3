import { Link, useParams } from '@tanstack/react-router'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useToday } from '@/lib/use'
import { useWords } from '@/lib/words'
import { PaperFiles } from '@/papers'
import { Empty, Meeting, Notice, Panel, Tag, WDate } from '@/ui'
import type { Action } from '@/command'
import { Actions } from '../partner/Actions'
import { useEasy } from './easy'
import { MinePage, type Mine } from './mine'
import { Ruby } from './ruby'
import { choicesOf, FormLink, myTasks } from './Status'
import { TASKS, VERBS_OF, type TaskKey } from './tasks'

/** One task: what it is about, what came back and why, and how to do it. */
export default function TaskPage() {
  const text = useText()
  const { task } = useParams({ strict: false }) as { task: string }
  const key = TASKS.find((one) => one === task)
  const title = key ? text(`me.task.${key}`) : text('me.task.unknown')
  useTitle(title)
  return (
    <MinePage title={title} current="task">
      {(mine) => (key ? <Task task={key} {...mine} /> : <Empty title={text('me.task.unknown.help')} />)}
    </MinePage>
  )
}

function Task({ task, mine, actions, done, setActing }: Mine & { task: TaskKey }) {
  const text = useText()
  const { word } = useWords()
  const easy = useEasy()
  const found = myTasks(mine, actions).find((one) => one.key === task)
  const offered = actions.filter((action) => VERBS_OF[task].includes(action.verb))
  const people = new Map((mine.content?.parties ?? []).map((party) => [party.partyId, party.nameKanji]))
  const single = people.size <= 1
  /** The verb, and whom it is about where several people sign. */
  const nameOf = (action: Action) => {
    const [partyId] = action.key?.split(':') ?? []
    const name = partyId ? people.get(partyId) : undefined
    return name && !single ? text('me.do.of', { what: text(`me.do.${action.verb}` as 'me.do.signContract'), name }) : text(`me.do.${action.verb}` as 'me.do.signContract')
  }
  return (
    <>
      <p className="row">
        {found && <span className={`standing standing-${found.standing}`}>{text(`me.standing.${found.standing}`)}</span>}
        {found?.dueOn && <span>{text('me.until')} <WDate day={found.dueOn} weekday /></span>}
      </p>
      <p><Ruby>{text(easy ? `me.help.easy.${task}` : `me.help.${task}`)}</Ruby></p>
      {task === 'papers' && <Papers mine={mine} actions={actions} done={done} setActing={setActing} />}
      {task === 'decision' && <p><Link to={'/me/$id/decision' as never} params={{ id: mine.id } as never} className="tall">{text('me.page.decision')}</Link></p>}
      {task === 'day' && mine.namedDate && <Notice>{text('me.named')} <WDate day={mine.namedDate} weekday /></Notice>}
      {(task === 'day' || task === 'money') && mine.fixedDate && <Notice tone="good">{text('me.fixed')} <Meeting day={mine.fixedDate.date} at={mine.settlement} /></Notice>}
      {task === 'apply' && actions.some((action) => action.verb === 'editDraft' && action.enabled) && <FormLink id={mine.id} name={text('me.form.go')} />}
      {offered.length > 0 ? (
        <Panel title={text('do.title')}>
          <Actions actions={offered} id={mine.id} version={mine.version} about={mine.number} choices={choicesOf(mine, word)} nameOf={nameOf} done={done} setActing={setActing} />
        </Panel>
      ) : (
        <p className="muted">{text(`me.wait.${found?.standing ?? 'later'}`)}</p>
      )}
      <p><Link to={'/me/$id' as never} params={{ id: mine.id } as never} className="tall">{text('me.back')}</Link></p>
    </>
  )
}

/** What came back and why, in the bank's words, each with its own button; and what is there. */
function Papers({ mine, actions, done, setActing }: Omit<Mine, 'costs'>) {
  const text = useText()
  const { word } = useWords()
  const content = mine.content
  const today = useToday()
  const hand = actions.find((action) => action.verb === 'receiveDocuments' && action.enabled)
  const nameOf = (partyId: string | null) => content?.parties.find((party) => party.partyId === partyId)?.nameKanji
  return (
    <>
      {mine.defects.length > 0 && (
        <Panel title={text('me.returned')}>
          <ul className="plain stack">
            {mine.defects.map((defect) => (
              <li key={`${defect.document} ${defect.partyId} ${defect.problem}`} className="tight">
                <strong><Ruby>{word('DocumentKind', defect.document)}</Ruby>{nameOf(defect.partyId) && <span lang="ja">（{nameOf(defect.partyId)}）</span>}</strong>
                <p>{text('me.returned.why')} <span lang="ja">{defect.problem}</span></p>
                {hand && (
                  <Actions
                    actions={[hand]}
                    id={mine.id}
                    version={mine.version}
                    about={word('DocumentKind', defect.document)}
                    given={() => ({ documents: [{ document: defect.document, partyId: defect.partyId ?? '', propertyNo: '', receivedOn: today, issuedOn: null }], consents: [] })}
                    nameOf={() => text('me.handIn', { paper: word('DocumentKind', defect.document) })}
                    done={done}
                    setActing={setActing}
                  />
                )}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <PaperFiles id={mine.id} version={mine.version} mine show={(words) => <Ruby>{words}</Ruby>} done={done} />
      <Panel title={text('me.received')}>
        {!content || content.documents.length === 0 ? (
          <Empty title={text('me.received.none')} />
        ) : (
          <ul className="plain lines">
            {content.documents.map((paper) => (
              <li key={`${paper.document} ${paper.partyId} ${paper.propertyNo} ${paper.receivedOn}`}>
                <span><Ruby>{word('DocumentKind', paper.document)}</Ruby>{nameOf(paper.partyId) && <span className="small muted" lang="ja">（{nameOf(paper.partyId)}）</span>}</span>
                <span className="row small"><Tag tone="good">{text('me.received.tag')}</Tag><WDate day={paper.receivedOn} /></span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  )
}
