import type { KeyboardEvent } from 'react'
import { cursorAcross, cursorDown, findStop, stopsOf, targetBeside } from './cursor-stops.ts'
import type { GridColumn, GridItem } from './grid-types.ts'
import type { TimeGridProps } from './time-grid-props.ts'

type Step = { readonly rows: number; readonly columns: number }

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
  PageUp: { rows: -8, columns: 0 },
  PageDown: { rows: 8, columns: 0 },
  Home: { rows: Number.NEGATIVE_INFINITY, columns: 0 },
  End: { rows: Number.POSITIVE_INFINITY, columns: 0 },
}

/**
 * Arrows, page keys and Enter of the grid. Left and right follow the writing direction.
 * In move mode the same keys carry the item; Enter drops it, Escape gives up.
 */
export function useGridKeys<Item extends GridItem, Column extends GridColumn<Item>>(
  props: TimeGridProps<Item, Column>,
): (event: KeyboardEvent<HTMLElement>) => void {
  return (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const step = STEPS[event.key]
    if (step) take(event, () => walk(props, toReadingOrder(step, event.currentTarget)))
    else if (event.key === 'Enter' || event.key === ' ') take(event, () => enter(props))
    else if (event.key === 'Escape' && props.move) take(event, () => props.onMoveEnd(false))
  }
}

function take(event: KeyboardEvent, act: () => void): void {
  event.preventDefault()
  event.stopPropagation()
  act()
}

function toReadingOrder(step: Step, element: HTMLElement): Step {
  const isRightToLeft = getComputedStyle(element).direction === 'rtl'
  return isRightToLeft ? { rows: step.rows, columns: -step.columns } : step
}

function walk<Item extends GridItem, Column extends GridColumn<Item>>(
  props: TimeGridProps<Item, Column>,
  { rows, columns }: Step,
): void {
  const { move, cursor, stepMinutes, range } = props
  if (move) {
    const { lengthMinutes } = move.item
    const minutes = Number.isFinite(rows) ? rows * stepMinutes : Math.sign(rows) * (range.endMinute - range.startMinute)
    props.onMoveTarget(targetBeside(props, move.target, { minutes, columns, lengthMinutes }))
    return
  }
  props.onCursor(rows === 0 ? cursorAcross(props, cursor, columns) : cursorDown(props, cursor, rows))
}

function enter<Item extends GridItem, Column extends GridColumn<Item>>(props: TimeGridProps<Item, Column>): void {
  const { move, cursor, columns, range, stepMinutes } = props
  if (move) {
    props.onMoveEnd(true)
    return
  }
  const column = columns.find(({ id }) => id === cursor.columnId)
  const stop = column && findStop(stopsOf(column, range, stepMinutes), cursor)
  if (!column || !stop) return
  if (stop.item) props.onOpenItem(stop.item.id)
  else props.onOpenSlot({ columnId: column.id, minute: stop.startMinute })
}
