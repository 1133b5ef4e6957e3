import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useText } from '@/i18n'
import { useBranchOptions } from '@/lib/bank'
import { narrow } from '@/lib/text'
import { Button, SuggestField, TextField } from '@/ui'
import './manager.css'

/** The branch that stands in the address of a page; undefined for all that one sees. */
export function useBranch(): string | undefined {
  return (useSearch({ strict: false }) as { branch?: string }).branch
}

/** Narrows a page to one branch, and back. Which branch it is stands in the address, so that a view of it can be shared. */
export function BranchFilter() {
  const branch = useBranch()
  return <Form key={branch ?? ''} branch={branch} />
}

function Form({ branch }: { branch: string | undefined }) {
  const text = useText()
  const navigate = useNavigate()
  const options = useBranchOptions()
  const [typed, setTyped] = useState(branch ?? '')
  // What stood on another page of the list is not of this branch.
  const go = (next: string) => void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, after: undefined, branch: next || undefined }) } as never)
  return (
    <form
      className="row branch-filter no-print"
      role="search"
      aria-label={text('branch.filter')}
      onSubmit={(event) => {
        event.preventDefault()
        go(narrow(typed.trim()))
      }}
    >
      {options.length > 0 ? (
        <SuggestField label={text('branch.code')} value={typed} onChange={setTyped} options={options} unknown={text('field.unlisted')} />
      ) : (
        <TextField label={text('branch.code')} value={typed} onChange={setTyped} />
      )}
      <Button type="submit">{text('branch.show')}</Button>
      {branch && <Button onClick={() => go('')}>{text('branch.all')}</Button>}
    </form>
  )
}
