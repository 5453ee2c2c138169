import type { MouseEvent, RefObject } from 'react'
import { cursorOn, findStop, stopsOf } from './cursor-stops.ts'
import type { GridColumn, GridCursor, GridItem } from './grid-types.ts'
import { rowAt } from './minute-scale.ts'
import type { TimeGridProps } from './time-grid-props.ts'

/** A click puts the cursor there and opens a card; a double click on a free row opens the row. One handler for all cards. */
export function useGridPointer<Item extends GridItem, Column extends GridColumn<Item>>(
  props: TimeGridProps<Item, Column>,
  body: RefObject<HTMLElement | null>,
): { onClick: (event: MouseEvent) => void; onDoubleClick: (event: MouseEvent) => void } {
  return {
    onClick: (event) => {
      if (props.move) return
      const cursor = cursorAt(props, body.current, event)
      if (!cursor) return
      props.onCursor(cursor)
      if (cursor.itemId) props.onOpenItem(cursor.itemId)
      else body.current?.querySelector<HTMLElement>('[data-cursor]')?.focus({ preventScroll: true })
    },
    onDoubleClick: (event) => {
      const cursor = cursorAt(props, body.current, event)
      if (cursor && cursor.itemId === null) props.onOpenSlot({ columnId: cursor.columnId, minute: cursor.minute })
    },
  }
}

function cursorAt<Item extends GridItem, Column extends GridColumn<Item>>(
  { columns, range, stepMinutes, pixelsPerMinute }: TimeGridProps<Item, Column>,
  body: HTMLElement | null,
  event: MouseEvent,
): GridCursor | undefined {
  const target = event.target as Element
  const columnId = target.closest<HTMLElement>('[data-column]')?.dataset.column
  const column = columns.find(({ id }) => id === columnId)
  if (!column || !body) return undefined
  const itemId = target.closest<HTMLElement>('[data-item]')?.dataset.item
  const item = column.items.find(({ id }) => id === itemId)
  if (item) return { columnId: column.id, minute: item.startMinute, itemId: item.id }
  const minute = rowAt(event.clientY - body.getBoundingClientRect().top, range, stepMinutes, pixelsPerMinute)
  const stop = findStop(stopsOf(column, range, stepMinutes), { columnId: column.id, minute, itemId: null })
  return stop && stop.item === null ? cursorOn(column.id, stop) : undefined
}
