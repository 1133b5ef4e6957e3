import { Letters as List } from '@/letters'
import { useText } from '@/i18n'
import { useTitle } from '@/lib/title'
import { Beside } from '@/viewer'
import { MinePage } from './mine'
import { Ruby } from './ruby'

/** The bank's letters about one's own application. */
export default function Letters() {
  const text = useText()
  useTitle(text('me.page.letters'))
  return (
    <MinePage title={text('me.page.letters')} current="letters">
      {({ mine }) => (
        <Beside over>
          <p><Ruby>{text('me.letters.help')}</Ruby></p>
          <List of={mine.letters} number={mine.number} show={(words) => <Ruby>{words}</Ruby>} />
        </Beside>
      )}
    </MinePage>
  )
}
