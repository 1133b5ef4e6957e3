import { useRef } from 'react'
import { Button } from '@/ui'

/** What the server can look into. */
const KINDS = '.pdf,.jpg,.jpeg,.png,.heic,.heif,.tif,.tiff'

/** A button that asks for files; `camera`: that takes a picture, where the machine has something to take it with. */
export function Picker(props: { children: string; label?: string; camera?: boolean; several?: boolean; primary?: boolean; small?: boolean; onPick: (files: File[]) => void }) {
  const { children, label, camera, several, primary, small, onPick } = props
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button size={small ? 's' : undefined} variant={primary ? 'primary' : 'secondary'} aria-label={label} onClick={() => input.current?.click()}>{children}</Button>
      <input
        ref={input}
        className="hidden"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept={camera ? 'image/*' : KINDS}
        capture={camera ? 'environment' : undefined}
        multiple={several}
        onChange={(event) => {
          onPick([...(event.target.files ?? [])])
          // The same file can be picked again.
          event.target.value = ''
        }}
      />
    </>
  )
}
