import type { KeyboardEvent } from 'react'

/** Full-width digits, letters, points, strokes and spaces as plain ones; everything else stays as it was typed. */
export function narrow(text: string): string {
  return text
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[−‐―–—]/g, '-')
    .replace(/　/g, ' ')
}

/** Is a key part of composing Japanese? Enter and Escape then belong to the input method, not to us. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229
}
