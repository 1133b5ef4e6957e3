import { useState } from 'react'
import { SaveView, type ViewsQuery } from '@/gql/operations'
import { useText } from '@/i18n'
import { troubleOf, type Trouble } from '@/lib/client'
import { useSubmitKey } from '@/lib/submit'
import { useSend } from '@/lib/use'
import { Button, CheckField, ChoiceField, Dialog, Notice, TroubleView } from '@/ui'
import { LAYOUTS, readLayout, USUAL, written, type Laid, type Layout } from './layout'

type Kept = NonNullable<ViewsQuery['layouts']>[number]

/** The layout of a list, as it was kept for this account or chosen since, and how to keep another one. */
export function useLayout(list: Laid, columns: readonly { key: string }[], kept: readonly Kept[] | null | undefined) {
  const [chosen, setChosen] = useState<Layout | null>(null)
  const own = kept?.find((view) => view.isMine && view.name === list)
  const layout = chosen ?? (own ? readLayout(own.search, columns.map((column) => column.key)) : USUAL)
  return { layout, choose: setChosen, own: own?.id ?? null }
}

/**
 * Chooses how close lines stand and which columns there are. `keeps`: the account remembers it; without, it lasts until the page is left.
 */
export function LayoutButton(props: { list: Laid; columns: readonly { key: string; title: string }[]; of: ReturnType<typeof useLayout>; keeps: boolean; again: () => void }) {
  const { list, columns, of, keeps, again } = props
  const text = useText()
  const [wanted, setWanted] = useState<Layout | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [save, saving] = useSend(SaveView)
  const given = { id: of.own, page: LAYOUTS, name: list, search: written(wanted ?? of.layout), branch: null }
  const key = useSubmitKey(given)
  const close = () => {
    setWanted(null)
    setTrouble(null)
  }
  const submit = async () => {
    if (!wanted) return
    setTrouble(null)
    of.choose(wanted)
    if (keeps) {
      const { error } = await save(given, key)
      if (error) return setTrouble(troubleOf(error))
      again()
    }
    close()
  }
  const toggle = (name: string, shown: boolean) => {
    if (!wanted) return
    const hidden = new Set(wanted.hidden)
    if (shown) hidden.delete(name)
    else hidden.add(name)
    setWanted({ ...wanted, hidden })
  }
  return (
    <>
      <Button size="s" onClick={() => setWanted(of.layout)}>{text('layout.open')}</Button>
      {wanted && (
        <Dialog title={text('layout.title')} action={text('layout.save')} busy={saving} onClose={close} onSubmit={() => void submit()}>
          {trouble && <TroubleView trouble={trouble} />}
          {!keeps && <Notice>{text('layout.notKept')}</Notice>}
          <ChoiceField
            name="density"
            label={text('layout.density')}
            value={wanted.dense ? 'dense' : 'usual'}
            options={(['usual', 'dense'] as const).map((one) => ({ value: one, label: text(`layout.density.${one}`) }))}
            onChange={(one) => setWanted({ ...wanted, dense: one === 'dense' })}
          />
          <fieldset className="layout-columns">
            <legend>{text('layout.columns')}</legend>
            {columns.map((column, place) => (
              <CheckField key={column.key} label={column.title} value={place === 0 || !wanted.hidden.has(column.key)} disabled={place === 0} onChange={(shown) => toggle(column.key, shown)} />
            ))}
          </fieldset>
        </Dialog>
      )}
    </>
  )
}
