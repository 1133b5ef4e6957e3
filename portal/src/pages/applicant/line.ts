/** The size of the picture, in units of its own. */
export const WIDTH = 320
export const HEIGHT = 120

/** The points of the balance. The first payment stands at the left, the whole amount at the top, nothing owed at the bottom. */
export function line(rows: { balanceYen: number }[], amount: number): string {
  const step = WIDTH / Math.max(1, rows.length - 1)
  return rows.map((row, place) => `${(place * step).toFixed(1)},${(HEIGHT - (row.balanceYen / Math.max(1, amount)) * HEIGHT).toFixed(1)}`).join(' ')
}
