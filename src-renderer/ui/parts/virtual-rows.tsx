/**
 * A long table of rows of one height, of which only those in sight are drawn. The table has the focus; arrows walk, Enter opens
 * (grid with active descendant, ARIA Authoring Practices), so that a row that scrolls out of the document never takes it along.
 */
import {
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import classes from './virtual-rows.module.css'

type RowsProps<Row> = {
  readonly label: string
  readonly columns: readonly string[]
  /** As CSS writes the tracks of a grid. */
  readonly tracks: string
  readonly rows: readonly Row[]
  readonly cells: (row: Row) => readonly ReactNode[]
  readonly selected: number | null
  readonly onOpen: (index: number) => void
  /** The end of what is here comes into sight. */
  readonly onEnd?: (() => void) | undefined
  /** Whether the newest row is in sight. */
  readonly onTop?: (isAtTop: boolean) => void
}

const ROW_PX = 34
const SPARE = 8
const PAGE = 10

export function VirtualRows<Row>(props: RowsProps<Row>) {
  const { label, columns, tracks, rows, cells, selected, onOpen, onEnd, onTop } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const { first, last, look } = useWindow(scroller, rows.length, onTop)
  const [active, setActive] = useState(0)
  const index = Math.min(active, rows.length - 1)
  useEffect(() => {
    if (last >= rows.length) onEnd?.()
  }, [last, rows.length, onEnd])
  const walk = (event: KeyboardEvent): void => {
    const next = stepOf(event.key, index, rows.length)
    if (event.key === 'Enter' && rows.length > 0) onOpen(index)
    else if (next !== undefined) {
      setActive(next)
      show(scroller.current, next)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot leave out the rows that are not drawn
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={rows.length > 0 ? `${id}-${index}` : undefined}
      tabIndex={0}
      className={classes.grid}
      onScroll={look}
      onKeyDown={walk}
    >
      <Head columns={columns} tracks={tracks} />
      <div role="presentation" style={{ blockSize: rows.length * ROW_PX, position: 'relative' }}>
        {rows.slice(first, last).map((row, offset) => {
          const at = first + offset
          return (
            <Part
              key={at}
              id={`${id}-${at}`}
              is="row"
              aria-rowindex={at + 2}
              aria-selected={at === selected}
              data-active={at === index || undefined}
              className={classes.row}
              style={{ gridTemplateColumns: tracks, insetBlockStart: at * ROW_PX }}
              onClick={() => {
                setActive(at)
                onOpen(at)
              }}
            >
              {cells(row).map((cell, column) => (
                <Part key={columns[column]} is="gridcell">
                  {cell}
                </Part>
              ))}
            </Part>
          )
        })}
      </div>
    </div>
  )
}

type PartProps = HTMLAttributes<HTMLDivElement> & { readonly is: 'row' | 'gridcell' | 'columnheader' }

/** A piece of the table without focus or keys of its own: the grid has both. A table element cannot leave rows out. */
const Part = ({ is, ...props }: PartProps) => <div role={is} {...props} />

function Head({ columns, tracks }: { readonly columns: readonly string[]; readonly tracks: string }) {
  return (
    <Part is="row" aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: tracks }}>
      {columns.map((column) => (
        <Part key={column} is="columnheader">
          {column}
        </Part>
      ))}
    </Part>
  )
}

/** Which rows are drawn: those in sight and a few around them. */
function useWindow(
  scroller: { readonly current: HTMLDivElement | null },
  count: number,
  onTop: ((isAtTop: boolean) => void) | undefined,
) {
  const [sight, setSight] = useState({ top: 0, height: 0 })
  const look = useCallback((): void => {
    const element = scroller.current
    if (!element) return
    setSight({ top: element.scrollTop, height: element.clientHeight })
    onTop?.(element.scrollTop < ROW_PX)
  }, [scroller, onTop])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, look])
  const first = Math.max(0, Math.floor(sight.top / ROW_PX) - SPARE)
  const last = Math.min(count, Math.ceil((sight.top + sight.height) / ROW_PX) + SPARE)
  return { first, last, look }
}

function stepOf(key: string, index: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + PAGE,
    PageUp: index - PAGE,
    Home: 0,
    End: count - 1,
  }
  const next = steps[key]
  return next === undefined || count === 0 ? undefined : Math.max(0, Math.min(count - 1, next))
}

/** Brings a row into sight, below the heads. */
function show(element: HTMLDivElement | null, index: number): void {
  if (!element) return
  const top = index * ROW_PX
  const height = element.clientHeight - ROW_PX
  if (top < element.scrollTop) element.scrollTop = top
  else if (top + ROW_PX > element.scrollTop + height) element.scrollTop = top + ROW_PX - height
}
