import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useWords } from '@/lib/words'
import { DataTable, Facts, Money, Panel, Tag, WDate } from '@/ui'
import { Actions } from '../partner/Actions'
import { MinePage, type Mine } from './mine'
import { Ruby } from './ruby'
import { choicesOf } from './Status'
import { resultOf, VERBS_OF } from './tasks'

/** The result. A refusal says that it is one and whom to ask: never why. */
export default function Decision() {
  const text = useText()
  useTitle(text('me.page.decision'))
  return (
    <MinePage title={text('me.page.decision')} current="decision">
      {(mine) => <Result {...mine} />}
    </MinePage>
  )
}

function Result({ mine, actions, done, setActing }: Mine) {
  const text = useText()
  const { word } = useWords()
  const result = resultOf(mine.stage)
  const offered = actions.filter((action) => VERBS_OF.decision.includes(action.verb))
  const approval = result === 'approved' || result === 'conditional' ? mine.approval : null
  return (
    <>
      <div className="now">
        <p className="now-stage"><Ruby>{text(`me.result.${result}`)}</Ruby></p>
        <p><Ruby>{text(`me.result.help.${result}`)}</Ruby></p>
      </div>
      {approval && (
        <Panel title={text('me.approval')}>
          <Facts
            of={[
              [text('me.approval.amount'), <Money key="a" amount={mine.amountYen} said />],
              [text('me.approval.on'), <WDate key="o" day={approval.approvedOn} weekday />],
              [text('me.approval.until'), <WDate key="u" day={approval.validUntil} weekday />],
            ]}
          />
          {approval.conditions.length > 0 && (
            <DataTable
              name={text('me.conditions')}
              lines={approval.conditions}
              keyOf={(condition) => condition.code}
              columns={[
                { key: 'what', title: text('me.conditions'), show: (condition) => <span lang="ja">{condition.text}</span> },
                { key: 'when', title: text('me.conditions.when'), show: (condition) => <Tag>{word('ConditionStage', condition.stage)}</Tag> },
                { key: 'due', title: text('me.until'), show: (condition) => <WDate day={condition.dueOn} /> },
              ]}
            />
          )}
        </Panel>
      )}
      {offered.length > 0 && (
        <Panel title={text('do.title')}>
          <Actions actions={offered} id={mine.id} version={mine.version} about={mine.number} choices={choicesOf(mine, word)} nameOf={() => text('me.do.acceptTerms')} done={done} setActing={setActing} />
        </Panel>
      )}
    </>
  )
}
