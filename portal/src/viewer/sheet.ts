/** A file that is looked at: its bytes are in memory alone. */
export interface Sheet {
  /** What it is, for people. */
  title: string
  /** Name under which it is saved: it names nobody. */
  file: string
  /** Its media type, such as `application/pdf`. */
  type: string
  bytes: Uint8Array<ArrayBuffer>
}

const PICTURES: readonly string[] = ['image/jpeg', 'image/png']

/** How a media type is shown; null: it is saved. */
export function looksAt(type: string): 'pages' | 'picture' | null {
  const [plain = ''] = type.split(';')
  return plain === 'application/pdf' ? 'pages' : PICTURES.includes(plain) ? 'picture' : null
}

/** The steps of the zoom, as parts of the width of the viewer. */
export const ZOOMS: readonly number[] = [0.5, 0.75, 1, 1.5, 2, 3]

/** Pixels of the largest picture of a page: phones refuse larger ones, and show nothing. */
const MOST_PIXELS = 16_000_000

/** By how much a page is enlarged that is `width` x `height` and shall be `wide` pixels of the screen, `ratio` of the device each. */
export function scaleFor(width: number, height: number, wide: number, ratio: number): number {
  const wished = (wide * ratio) / width
  const most = Math.sqrt(MOST_PIXELS / (width * height))
  return Math.min(wished, most)
}
