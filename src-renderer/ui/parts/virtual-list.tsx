/**
 * A field over a list of any length: of fifty thousand rows only those in sight are drawn. The field keeps the focus, arrows walk,
 * Enter takes; follows the combobox pattern of the ARIA Authoring Practices, with set size and position, since most rows are
 * not there.
 */
import { TextInput, type TextInputProps } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import classes from './virtual-list.module.css'

type VirtualListProps = Omit<TextInputProps, 'value' | 'onChange'> & {
  readonly value: string
  readonly onValue: (text: string) => void
  readonly ids: readonly string[]
  /** All rows are equally high. */
  readonly rowHeight: number
  readonly rowOf: (id: string) => ReactNode
  readonly chosenId: string | null
  readonly onPick: (id: string) => void
  readonly listLabel: string
  /** Said when nothing is found. */
  readonly empty: ReactNode
}

/** Rows drawn beyond each edge, so that a turn of the wheel shows no gap. */
const SPARE_ROWS = 6

export function VirtualList(props: VirtualListProps) {
  const { value, onValue, ids, rowHeight, rowOf, chosenId, onPick, listLabel, empty, ...input } = props
  const listId = useId()
  const [active, setActive] = useState(0)
  const index = Math.max(0, Math.min(active, ids.length - 1))
  const { list, first, last } = useRowsInSight(ids.length, rowHeight, index)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text starts at its top
  useEffect(() => setActive(0), [value])
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = stepOf(event.key, Math.max(1, last - first - 2 * SPARE_ROWS))
    const picked = ids[index]
    if (step !== undefined) setActive(Math.max(0, Math.min(ids.length - 1, index + step)))
    else if (event.key === 'Enter' && picked !== undefined) onPick(picked)
    else if (event.key === 'Escape' && chosenId === null) leave(event.currentTarget)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  // First out of what is chosen (the screen's own Escape), then of what is typed, then of the field: there the screen's keys act.
  const leave = (field: HTMLInputElement): void => (value === '' ? field.blur() : onValue(''))
  const idOf = (at: number): string => `${listId}-${at}`
  return (
    <>
      <TextInput
        {...input}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded={ids.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        // The wheel may have carried the active row away; the next arrow brings it back.
        aria-activedescendant={index >= first && index < last ? idOf(index) : undefined}
        autoComplete="off"
        spellCheck={false}
      />
      {ids.length === 0 && empty}
      <div ref={list} id={listId} role="listbox" aria-label={listLabel} className={classes.list}>
        <Rows {...props} idOf={idOf} first={first} last={last} index={index} onActive={setActive} />
      </div>
    </>
  )
}

type RowsProps = Pick<VirtualListProps, 'ids' | 'rowHeight' | 'rowOf' | 'chosenId' | 'onPick'> & {
  readonly idOf: (at: number) => string
  readonly first: number
  readonly last: number
  readonly index: number
  readonly onActive: (at: number) => void
}

/** The rows in sight, each at its place in the height of all. */
function Rows({ ids, rowHeight, rowOf, chosenId, onPick, idOf, first, last, index, onActive }: RowsProps) {
  return (
    <div role="presentation" style={{ blockSize: ids.length * rowHeight, position: 'relative' }}>
      {ids.slice(first, last).map((id, offset) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard, see the pattern
        // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, see the pattern
        <div
          key={id}
          id={idOf(first + offset)}
          role="option"
          aria-selected={first + offset === index}
          aria-setsize={ids.length}
          aria-posinset={first + offset + 1}
          className={classes.row}
          data-chosen={id === chosenId || undefined}
          style={{ insetBlockStart: (first + offset) * rowHeight, blockSize: rowHeight }}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => {
            onActive(first + offset)
            onPick(id)
          }}
        >
          {rowOf(id)}
        </div>
      ))}
    </div>
  )
}

/** Which rows to draw, and the active one kept in sight. */
function useRowsInSight(count: number, rowHeight: number, index: number) {
  const list = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ top: 0, height: 800 })
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const look = (): void => setSight({ top: element.scrollTop, height: element.clientHeight })
    const watcher = new ResizeObserver(look)
    watcher.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      watcher.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const [top, bottom] = [index * rowHeight, (index + 1) * rowHeight]
    if (top < element.scrollTop) element.scrollTop = top
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight
  }, [index, rowHeight])
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - SPARE_ROWS)
  const last = Math.min(count, Math.ceil((sight.top + sight.height) / rowHeight) + SPARE_ROWS)
  return { list, first, last }
}

function stepOf(key: string, page: number): number | undefined {
  if (key === 'ArrowDown') return 1
  if (key === 'ArrowUp') return -1
  if (key === 'PageDown') return page
  return key === 'PageUp' ? -page : undefined
}
