import './manager.css'

/** A part of a bar: how much, and which of the patterns. */
export interface Part {
  key: string
  title: string
  value: number
}

/** Wide enough for a number, in pixels. */
const LABEL = 26
const [WIDTH, HEIGHT, GAP, LEFT] = [960, 24, 10, 180]

/**
 * Bars that lie, each with its parts. The sentence says what the picture shows, figures stand in the bars, and the table beside it has all
 * of them: parts differ by pattern and figure, not by colour alone.
 */
export function Bars({ said, bars }: { said: string; bars: { key: string; title: string; parts: Part[] }[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.parts.reduce((sum, part) => sum + part.value, 0)))
  const scale = (WIDTH - LEFT - 8) / most
  const legend = bars[0]?.parts ?? []
  return (
    <figure className="bars">
      <ul className="plain row small" aria-hidden="true">
        {legend.map((part, place) => (
          <li key={part.key} className="row bars-key">
            <svg width="16" height="16" viewBox="0 0 16 16"><rect className={`bar bar-${place}`} width="16" height="16" /></svg>
            {part.title}
          </li>
        ))}
      </ul>
      <svg role="img" aria-label={said} viewBox={`0 0 ${WIDTH} ${bars.length * (HEIGHT + GAP)}`} className="bars-picture">
        {bars.map((bar, row) => {
          let from = LEFT
          return (
            <g key={bar.key} transform={`translate(0 ${row * (HEIGHT + GAP)})`}>
              <text x={LEFT - 8} y={HEIGHT / 2} className="bars-title">{bar.title}</text>
              {bar.parts.map((part, place) => {
                const [start, width] = [from, part.value * scale]
                from += width
                if (part.value === 0) return null
                return (
                  <g key={part.key}>
                    <rect x={start} width={width} height={HEIGHT} className={`bar bar-${place}`} />
                    {width >= LABEL && <text x={start + width / 2} y={HEIGHT / 2} className={`bars-value bars-value-${place}`}>{part.value}</text>}
                  </g>
                )
              })}
            </g>
          )
        })}
      </svg>
      <figcaption className="muted small">{said}</figcaption>
    </figure>
  )
}
