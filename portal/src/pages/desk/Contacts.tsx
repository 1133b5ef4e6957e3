import { useState } from 'react'
import { ConfirmContact, Contacts as Query, SendDirectMail, SetContact, type ContactChannel, type ContactLanguage, type ContactsQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSubmitKey } from '@/lib/submit'
import { narrow } from '@/lib/text'
import { useRead, useSeat, useSend } from '@/lib/use'
import { useWords } from '@/lib/words'
import { useCodes } from '@/pages/admin/shared'
import { Button, ChoiceField, Dialog, Empty, Instant, Notice, Panel, Read, Tag, TextField, TroubleView } from '@/ui'
import './desk.css'

type Contact = NonNullable<ContactsQuery['contacts']>[number]

/** How the people of a case wish to be told, and how their mail addresses stand. Roles that may not read it see nothing. */
export default function Contacts({ id }: { id: string }) {
  const { session } = useSeat()
  return Query.texts.has(session.role) ? <Known id={id} /> : null
}

function Known({ id }: { id: string }) {
  const text = useText()
  const { say } = useWords()
  const { session } = useSeat()
  const read = useRead(Query, { id })
  const [asked, setAsked] = useState<{ contact: Contact; what: 'set' | 'confirm' } | null>(null)
  const [told, setTold] = useState<'asked' | 'confirmed' | 'saved' | 'sent' | null>(null)
  const [writing, setWriting] = useState(false)
  const own = session.role === 'APPLICANT'
  const ended = (outcome: 'asked' | 'confirmed' | 'saved' | 'sent' | null) => {
    setAsked(null)
    setWriting(false)
    setTold(outcome)
    if (outcome) read.again()
  }
  return (
    <Panel title={text('contact.title')}>
      <p className="muted">{text(own ? 'contact.help.own' : 'contact.help')}</p>
      {told && <Notice tone="good">{text(`contact.told.${told}`)}</Notice>}
      <Read of={read}>
        {({ contacts }) => {
          if (!contacts || contacts.length === 0) return <Empty title={text('contact.empty')} />
          return (
            <ul className="plain lines">
              {contacts.map((contact) => (
                <li key={contact.partyId}>
                  <span>
                    {!own && <>{contact.name ?? contact.partyId} <span className="muted small">{contact.partyId}</span><br /></>}
                    {contact.changedAt ? say(contact.channelLabel) : text('contact.silent')}
                    {contact.mail && <><br /><span className="small">{contact.mail}</span> <Tag tone={toneOf(contact.standing)}>{say(contact.standingLabel)}</Tag></>}
                    {contact.bouncedAt && <><br /><span className="small"><Instant at={contact.bouncedAt} /> {text('contact.bounced', { status: contact.bounce ?? '' })}</span></>}
                  </span>
                  <span className="row">
                    {contact.standing === 'ASKED' && <Button size="s" onClick={() => setAsked({ contact, what: 'confirm' })}>{text('contact.confirm')}</Button>}
                    <Button size="s" onClick={() => setAsked({ contact, what: 'set' })} aria-label={text('contact.set.of', { who: contact.name ?? contact.partyId })}>{text('contact.set')}</Button>
                  </span>
                </li>
              ))}
            </ul>
          )
        }}
      </Read>
      {SendDirectMail.texts.has(session.role) && <p><Button size="s" onClick={() => setWriting(true)}>{text('contact.direct')}</Button></p>}
      {asked?.what === 'set' && <SetDialog id={id} contact={asked.contact} onClose={ended} />}
      {asked?.what === 'confirm' && <ConfirmDialog id={id} contact={asked.contact} onClose={ended} />}
      {writing && <DirectDialog id={id} onClose={ended} />}
    </Panel>
  )
}

function toneOf(standing: string): 'good' | 'warn' | 'bad' {
  return standing === 'CONFIRMED' ? 'good' : standing === 'BOUNCED' ? 'bad' : 'warn'
}

function SetDialog({ id, contact, onClose }: { id: string; contact: Contact; onClose: (outcome: 'asked' | 'saved' | null) => void }) {
  const text = useText()
  const { word } = useWords()
  const channels = useCodes('ContactChannel')
  const languages = useCodes('ContactLanguage')
  const [channel, setChannel] = useState<string>(contact.channel)
  const [language, setLanguage] = useState<string>(contact.language)
  const [mail, setMail] = useState(contact.mail ?? '')
  const given = { id, party: contact.partyId, channel: channel as ContactChannel, language: language as ContactLanguage, mail: narrow(mail).trim() || null }
  const key = useSubmitKey(given)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [send, busy] = useSend(SetContact)
  const submit = async () => {
    setTrouble(null)
    const answer = await send(given, key)
    if (answer.error) setTrouble(troubleOf(answer.error))
    else onClose(answer.data?.setContact?.standing === 'ASKED' ? 'asked' : 'saved')
  }
  return (
    <Dialog title={text('contact.set.of', { who: contact.name ?? contact.partyId })} action={text('contact.save')} busy={busy} onClose={() => onClose(null)} onSubmit={() => void submit()}>
      {trouble && <TroubleView trouble={trouble} />}
      <ChoiceField name="channel" label={text('contact.channel')} required value={channel} options={channels.map((code) => ({ value: code, label: word('ContactChannel', code) }))} onChange={setChannel} />
      <TextField name="mail" label={text('contact.mail')} help={text('contact.mail.help')} value={mail} onChange={setMail} tidy={(value) => narrow(value).trim()} />
      <ChoiceField name="language" label={text('contact.language')} required value={language} options={languages.map((code) => ({ value: code, label: word('ContactLanguage', code) }))} onChange={setLanguage} />
    </Dialog>
  )
}

function ConfirmDialog({ id, contact, onClose }: { id: string; contact: Contact; onClose: (outcome: 'confirmed' | null) => void }) {
  const text = useText()
  const [code, setCode] = useState('')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [send, busy] = useSend(ConfirmContact)
  const submit = async () => {
    setTrouble(null)
    const answer = await send({ id, party: contact.partyId, code: narrow(code).trim() })
    if (answer.error) setTrouble(troubleOf(answer.error))
    else onClose('confirmed')
  }
  return (
    <Dialog title={text('contact.confirm')} action={text('contact.confirm')} busy={busy} onClose={() => onClose(null)} onSubmit={() => void submit()}>
      {trouble && <TroubleView trouble={trouble} />}
      <p>{text('contact.confirm.help', { mail: contact.mail ?? '' })}</p>
      <TextField name="code" label={text('contact.code')} required value={code} onChange={setCode} tidy={(value) => narrow(value).trim()} />
    </Dialog>
  )
}

function DirectDialog({ id, onClose }: { id: string; onClose: (outcome: 'sent' | null) => void }) {
  const text = useText()
  const [title, setTitle] = useState('')
  const [words, setWords] = useState('')
  const given = { id, title: title.trim(), text: words.trim() }
  const key = useSubmitKey(given)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [send, busy] = useSend(SendDirectMail)
  const submit = async () => {
    setTrouble(null)
    const answer = await send(given, key)
    if (answer.error) setTrouble(troubleOf(answer.error))
    else onClose('sent')
  }
  return (
    <Dialog title={text('contact.direct')} action={text('contact.direct.send')} busy={busy} onClose={() => onClose(null)} onSubmit={() => void submit()}>
      <p>{text('contact.direct.help')}</p>
      {trouble && <TroubleView trouble={trouble} />}
      <TextField name="title" label={text('contact.direct.title')} required value={title} onChange={setTitle} />
      <TextField name="text" label={text('contact.direct.text')} required lines={8} value={words} onChange={setWords} />
    </Dialog>
  )
}
