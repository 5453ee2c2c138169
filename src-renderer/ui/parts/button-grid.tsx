/**
 * Buttons in rows of a grid with one tab stop: arrows walk, Home and End go to the ends of a row (ARIA Authoring Practices,
 * layout grids). Enter and the space bar press, as buttons do by themselves.
 */
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import classes from './button-grid.module.css'

export type GridButton = {
  readonly id: string
  readonly content: ReactNode
  /** What is said for it; the content where it is left out. */
  readonly spoken?: string
  /** Nothing can be chosen here; it is still said. */
  readonly isQuiet?: boolean
}

type GridProps = {
  readonly label: string
  readonly columns: number
  readonly buttons: readonly GridButton[]
  readonly chosenId?: string | null
  readonly onPick: (id: string) => void
}

export function ButtonGrid({ label, columns, buttons, chosenId = null, onPick }: GridProps) {
  const grid = useRef<HTMLTableElement>(null)
  const [lastId, setLastId] = useState<string | null>(null)
  const stop = Math.max(
    0,
    buttons.findIndex(({ id }) => id === (lastId ?? chosenId)),
  )
  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    const isMirrored = grid.current?.matches(':dir(rtl)') === true
    const next = stepFrom(event.key, stop, columns, buttons.length, isMirrored)
    const button = next === undefined ? undefined : buttons[next]
    if (next === undefined || !button) return
    event.preventDefault()
    setLastId(button.id)
    grid.current?.querySelectorAll<HTMLButtonElement>('button')[next]?.focus()
  }
  const rows = Array.from({ length: Math.ceil(buttons.length / columns) }, (_, row) =>
    buttons.slice(row * columns, (row + 1) * columns),
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: buttons in rows with one tab stop are a grid, which HTML allows on a table
    <table ref={grid} role="grid" aria-label={label} className={classes.grid} onKeyDown={walk}>
      <colgroup>
        <col span={columns} />
      </colgroup>
      <tbody>
        {rows.map((row) => (
          <tr key={row[0]?.id}>
            {row.map((button) => (
              <td key={button.id}>
                <button
                  type="button"
                  className={classes.button}
                  aria-pressed={button.id === chosenId}
                  data-quiet={button.isQuiet || undefined}
                  tabIndex={button.id === buttons[stop]?.id ? 0 : -1}
                  onFocus={() => setLastId(button.id)}
                  onClick={() => onPick(button.id)}
                >
                  <Face button={button} />
                </button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Short to the eye and whole to the ear. */
function Face({ button: { content, spoken } }: { readonly button: GridButton }) {
  if (spoken === undefined) return content
  return (
    <>
      <span className={classes.face} aria-hidden>
        {content}
      </span>
      <span className="visually-hidden">{spoken}</span>
    </>
  )
}

function stepFrom(key: string, from: number, columns: number, length: number, isMirrored: boolean): number | undefined {
  const row = from - (from % columns)
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: from + (isMirrored ? -1 : 1),
    ArrowLeft: from + (isMirrored ? 1 : -1),
    ArrowDown: from + columns,
    ArrowUp: from - columns,
    Home: row,
    End: Math.min(row + columns, length) - 1,
  }
  const next = steps[key]
  return next !== undefined && next >= 0 && next < length ? next : undefined
}
