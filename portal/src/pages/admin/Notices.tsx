import { useNavigate, useSearch } from '@tanstack/react-router'
import { NoticeSample, type NoticeAudience, type NoticeId } from '@/gql/operations'
import { useText, type Key } from '@/i18n'
import { useTitle } from '@/lib/title'
import { useRead } from '@/lib/use'
import { useWords } from '@/lib/words'
import { ChoiceField, Empty, Facts, PageHead, Panel, Read, Tag } from '@/ui'
import type { AdminSearch } from './index'
import { useCodes } from './shared'
import './notices.css'

/** What each notice says, with the data of nobody: for whoever judges the words before somebody gets them. */
export default function Notices() {
  const text = useText()
  const { word } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as AdminSearch
  const notices = useCodes('NoticeId')
  const audiences = useCodes('NoticeAudience')
  const notice = notices.find((code) => code === search.kind) ?? notices[0] ?? ''
  const audience = audiences.find((code) => code === search.who) ?? audiences[0] ?? ''
  const read = useRead(NoticeSample, { notice: notice as NoticeId, audience: audience as NoticeAudience })
  useTitle(text('notices.title'))
  const go = (next: AdminSearch) => void navigate({ to: '.', search: { kind: notice, who: audience, ...next } as never })
  return (
    <div className="stack">
      <PageHead title={text('notices.title')} />
      <p className="muted">{text('notices.help')}</p>
      <div className="notice-choices">
        <ChoiceField label={text('notices.notice')} value={notice} options={notices.map((code) => ({ value: code, label: `${code} ${word('NoticeId', code)}` }))} onChange={(kind) => go({ kind })} />
        <ChoiceField label={text('notices.audience')} value={audience} options={audiences.map((code) => ({ value: code, label: word('NoticeAudience', code) }))} onChange={(who) => go({ who })} />
      </div>
      <Read of={read}>
        {({ noticePreview: shown }) =>
          !shown ? (
            <Empty title={text('notices.none')} />
          ) : (
            <>
              <Facts
                of={[
                  [text('notices.by'), <Tag key="b" tone={shown.isOwn ? 'now' : 'plain'}>{text(shown.isOwn ? 'notices.own' : 'notices.usual')}</Tag>],
                  [text('notices.version'), shown.version.slice(0, 12)],
                ]}
              />
              <div className="notice-texts">
                {shown.texts.map((one) => (
                  <Panel key={one.language} title={text(`notices.language.${one.language}` as Key)}>
                    <div lang={one.language} className="tight">
                      <p><strong>{one.subject}</strong></p>
                      <p className="notice-text">{one.text}</p>
                    </div>
                  </Panel>
                ))}
                <Panel title={text('notices.mail')}>
                  <p className="muted small">{text('notices.mail.help')}</p>
                  <p lang="ja"><strong>{shown.mailSubject}</strong></p>
                  <p lang="ja" className="notice-text">{shown.mailText}</p>
                </Panel>
              </div>
            </>
          )
        }
      </Read>
    </div>
  )
}
