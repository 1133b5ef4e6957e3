import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useText } from '@/i18n'
import { save } from '@/lib/file'
import { Button, Loading, Notice } from '@/ui'
import { looksAt, ZOOMS, type Sheet } from './sheet'

const Pages = lazy(() => import('./PdfPages'))

const WHOLE = ZOOMS.indexOf(1)

/** A file with what one does while reading it: leaf, enlarge, turn, save. `heading`: it stands by itself, and takes the focus. */
export function Viewer({ sheet, heading = false, onClose }: { sheet: Sheet; heading?: boolean; onClose?: () => void }) {
  const text = useText()
  const [page, setPage] = useState(1)
  const [pages, setPages] = useState<number | null>(null)
  const [zoom, setZoom] = useState(WHOLE)
  const [turn, setTurn] = useState(0)
  const [broken, setBroken] = useState(false)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus({ preventScroll: true }), [])
  const kind = looksAt(sheet.type)
  const part = ZOOMS[zoom] ?? 1
  return (
    <div className="viewer-inside">
      {heading && (
        <div className="spread">
          <h2 ref={title} tabIndex={-1} lang="ja">{sheet.title}</h2>
          <Button size="s" onClick={onClose}>{text('dialog.close')}</Button>
        </div>
      )}
      <div className="row viewer-tools" role="group" aria-label={text('viewer.tools')}>
        {kind === 'pages' && (
          <>
            <Button size="s" disabled={page <= 1} onClick={() => setPage(page - 1)}>{text('viewer.before')}</Button>
            <span role="status" className="small">{pages === null ? '' : text('viewer.page', { page, pages })}</span>
            <Button size="s" disabled={pages === null || page >= pages} onClick={() => setPage(page + 1)}>{text('viewer.next')}</Button>
          </>
        )}
        <Button size="s" disabled={zoom === 0} onClick={() => setZoom(zoom - 1)}>{text('viewer.smaller')}</Button>
        <Button size="s" disabled={zoom === ZOOMS.length - 1} onClick={() => setZoom(zoom + 1)}>{text('viewer.larger')}</Button>
        {kind === 'pages' && <Button size="s" onClick={() => setTurn((turn + 90) % 360)}>{text('viewer.turn')}</Button>}
        <Button size="s" onClick={() => save(sheet.file, sheet.bytes, sheet.type)}>{text('viewer.save')}</Button>
      </div>
      {broken ? (
        <Notice tone="bad">{text('viewer.broken')}</Notice>
      ) : (
        <div className="viewer-sheet" tabIndex={0} role="region" aria-label={text('viewer.sheet')}>
          {kind === 'pages' && (
            <Suspense fallback={<Loading />}>
              <Pages bytes={sheet.bytes} name={sheet.title} page={page} zoom={part} turn={turn} onCount={setPages} onBroken={() => setBroken(true)} />
            </Suspense>
          )}
          {kind === 'picture' && <Picture sheet={sheet} zoom={part} onBroken={() => setBroken(true)} />}
        </div>
      )}
    </div>
  )
}

function Picture({ sheet, zoom, onBroken }: { sheet: Sheet; zoom: number; onBroken: () => void }) {
  const text = useText()
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([sheet.bytes], { type: sheet.type }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [sheet])
  return url && <img src={url} alt={text('papers.picture', { what: sheet.title })} style={{ width: `${zoom * 100}%` }} onError={onBroken} />
}
