import { useEffect, useRef, useState } from 'react'
import { getDocument, PDFWorker, version, type PDFDocumentProxy, type RenderTask } from 'pdfjs-dist'
import PdfWorker from 'pdfjs-dist/build/pdf.worker.min.mjs?worker'
import { useText } from '@/i18n'
import { scaleFor } from './sheet'

/** Tables of the codes of Japanese fonts that a file does not bring along. */
const TABLES = new URL(`/assets/pdf-${version}/`, window.location.href).href

/**
 * One page of a PDF at a time. What is in the file runs nothing: no scripts of it, no forms, and nothing is compiled from it; it is read in
 * a worker of its own, which ends with the page.
 */
export default function PdfPages(props: { bytes: Uint8Array<ArrayBuffer>; name: string; page: number; zoom: number; turn: number; onCount: (pages: number) => void; onBroken: () => void }) {
  const { bytes, name, page, zoom, turn, onCount, onBroken } = props
  const text = useText()
  const [file, setFile] = useState<PDFDocumentProxy | null>(null)
  const [words, setWords] = useState('')
  const canvas = useRef<HTMLCanvasElement>(null)
  const tell = useRef({ onCount, onBroken })
  tell.current = { onCount, onBroken }
  useEffect(() => {
    let left = false
    const port = new PdfWorker()
    const worker = new PDFWorker({ port } as unknown as ConstructorParameters<typeof PDFWorker>[0])
    // The bytes go to the worker and are gone here: it gets a copy.
    const task = getDocument({ data: bytes.slice(), worker, isEvalSupported: false, enableXfa: false, cMapUrl: TABLES, cMapPacked: true })
    // A file that asks for a password waits for ever otherwise.
    task.onPassword = () => {
      if (!left) tell.current.onBroken()
    }
    task.promise.then(
      (opened) => {
        if (left) return
        setFile(opened)
        tell.current.onCount(opened.numPages)
      },
      () => {
        if (!left) tell.current.onBroken()
      },
    )
    return () => {
      left = true
      void task.destroy().finally(() => {
        worker.destroy()
        port.terminate()
      })
    }
  }, [bytes])
  useEffect(() => {
    const paper = canvas.current
    const pen = paper?.getContext('2d')
    if (!file || !paper || !pen) return
    let left = false
    let drawing: RenderTask | null = null
    const draw = async () => {
      const one = await file.getPage(page)
      if (left) return
      const rotation = (one.rotate + turn) % 360
      const plain = one.getViewport({ scale: 1, rotation })
      const wide = (paper.parentElement?.clientWidth ?? plain.width) * zoom
      const viewport = one.getViewport({ scale: scaleFor(plain.width, plain.height, wide, window.devicePixelRatio), rotation })
      paper.width = Math.floor(viewport.width)
      paper.height = Math.floor(viewport.height)
      drawing = one.render({ canvasContext: pen, viewport })
      await drawing.promise
      const content = await one.getTextContent()
      if (!left) setWords(content.items.map((item) => ('str' in item ? item.str : '')).join(' '))
    }
    draw().catch(() => {
      // Drawing that was broken off for another page is no fault.
      if (!left) tell.current.onBroken()
    })
    return () => {
      left = true
      drawing?.cancel()
    }
  }, [file, page, zoom, turn])
  return (
    <>
      <canvas ref={canvas} role="img" aria-label={text('viewer.picture', { what: name, page })} style={{ width: `${zoom * 100}%` }} />
      {words && <p className="hidden" lang="ja">{words}</p>}
    </>
  )
}
