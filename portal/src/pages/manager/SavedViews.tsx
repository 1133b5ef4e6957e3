import { Link, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { DeleteView, SaveView, Views, type ViewsQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { useAgain } from '@/lib/again'
import { troubleOf, type Trouble } from '@/lib/client'
import { useRead, useSeat, useSend, type Reading } from '@/lib/use'
import { Button, ChoiceField, Dialog, Notice, Tag, TextField, TroubleView } from '@/ui'
import { kept } from './figures'
import './manager.css'

type View = NonNullable<ViewsQuery['savedViews']>[number]

/**
 * The saved views of a list: links to its filters, one's own and those of the branch. `page` is the address of the list; its filters stand
 * in the search parameters of the address. `given`: the views, where the page has read them with something else; `of`: its reading of them.
 */
export function SavedViews({ page, given, of }: { page: string; given?: { views: View[] | undefined; again: () => void }; of?: Reading<ViewsQuery> }) {
  const text = useText()
  const now = useRouterState({ select: (state) => kept(state.location.searchStr) })
  const own = useRead(Views, { page }, given !== undefined || of !== undefined)
  const read = of ?? (given ? { data: given.views && { savedViews: given.views }, trouble: undefined, again: given.again } : own)
  const [open, setOpen] = useState<View | 'new' | null>(null)
  const views = read.data?.savedViews ?? []
  const current = views.find((view) => kept(view.search) === now)
  const done = () => {
    setOpen(null)
    read.again()
  }
  const away = read.trouble?.kind === 'offline'
  useAgain(away, read.again)
  // The list itself says that the server is away, and has the button.
  if (away) return null
  if (read.trouble) return <Notice tone="warn">{text('views.trouble')}<Button size="s" onClick={read.again}>{text('trouble.again')}</Button></Notice>
  // Nothing saved and nothing to save: nothing to look at.
  if (views.length === 0 && now === '') return null
  return (
    <nav className="views row no-print" aria-label={text('views.title')}>
      <span className="muted small">{text('views.title')}</span>
      {views.length === 0 && read.data && <span className="small">{text('views.none')}</span>}
      <ul className="plain row">
        {views.map((view) => (
          <li key={view.id}>
            <Link to={page as never} search={Object.fromEntries(new URLSearchParams(view.search)) as never} className="view" aria-current={view === current ? 'page' : undefined}>
              {view.name}
              {view.branch && <Tag>{text('views.shared')}</Tag>}
            </Link>
          </li>
        ))}
      </ul>
      {current?.isMine && <Button size="s" onClick={() => setOpen(current)}>{text('views.change')}</Button>}
      {!current && now !== '' && <Button size="s" onClick={() => setOpen('new')}>{text('views.save')}</Button>}
      {open && <ViewDialog page={page} search={now} view={open === 'new' ? null : open} done={done} onClose={() => setOpen(null)} />}
    </nav>
  )
}

function ViewDialog(props: { page: string; search: string; view: View | null; done: () => void; onClose: () => void }) {
  const { page, search, view, done, onClose } = props
  const text = useText()
  const { branches } = useSeat().session as { branches?: string[] }
  const [name, setName] = useState(view?.name ?? '')
  const [branch, setBranch] = useState(view?.branch ?? '')
  const [empty, setEmpty] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [key] = useState(() => crypto.randomUUID())
  const [save, saving] = useSend(SaveView)
  const [remove, removing] = useSend(DeleteView)
  const submit = async () => {
    setEmpty(name.trim() === '')
    if (name.trim() === '') return
    const result = await save({ id: view?.id ?? null, page, name, search: view ? view.search : search, branch: branch || null }, trouble ? undefined : key)
    if (result.error) setTrouble(troubleOf(result.error))
    else done()
  }
  const drop = async () => {
    const result = await remove({ id: view?.id ?? '' })
    if (result.error) setTrouble(troubleOf(result.error))
    else done()
  }
  return (
    <Dialog
      title={text(view ? 'views.change' : 'views.save')}
      action={text('views.doSave')}
      busy={saving}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={view && <Button loading={removing} onClick={() => void drop()}>{text('views.delete')}</Button>}
    >
      {trouble && <TroubleView trouble={trouble} />}
      <TextField name="view-name" label={text('views.name')} required value={name} onChange={setName} error={empty ? text('views.name.empty') : undefined} />
      <Sharing branches={branches ?? []} branch={branch} setBranch={setBranch} />
    </Dialog>
  )
}

function Sharing({ branches, branch, setBranch }: { branches: string[]; branch: string; setBranch: (branch: string) => void }) {
  const text = useText()
  if (branches.length === 0) return <TextField name="view-branch" label={text('views.branch.code')} help={text('views.branch.help')} value={branch} onChange={setBranch} />
  const options = branches.map((code) => ({ value: code, label: text('views.branch.with', { branch: code }) }))
  return <ChoiceField name="view-branch" label={text('views.branch')} value={branch} blank={text('views.branch.own')} options={options} onChange={setBranch} />
}
