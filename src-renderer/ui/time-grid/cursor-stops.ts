/**
 * Where the keyboard can stand in a column: one stop for every item, one for every row whose start no item covers.
 * Pure; stops are sorted by minute, then lane.
 */
import type { GridColumn, GridCursor, GridItem, GridTarget, Stretch } from './grid-types.ts'

export type Stop<Item extends GridItem> = Stretch & { readonly item: Item | null }

/** All stops of a column inside the range. */
export function stopsOf<Item extends GridItem>(
  column: GridColumn<Item>,
  range: Stretch,
  stepMinutes: number,
): Stop<Item>[] {
  const items = [...column.items].sort((a, b) => a.startMinute - b.startMinute || a.lane - b.lane)
  const stops: Stop<Item>[] = items.map((item) => ({
    startMinute: item.startMinute,
    endMinute: item.endMinute,
    item,
  }))
  for (let minute = range.startMinute; minute < range.endMinute; minute += stepMinutes) {
    if (items.some((item) => item.startMinute <= minute && minute < item.endMinute)) continue
    const next = items.find((item) => item.startMinute > minute)?.startMinute ?? range.endMinute
    stops.push({ startMinute: minute, endMinute: Math.min(minute + stepMinutes, next), item: null })
  }
  return stops.sort((a, b) => a.startMinute - b.startMinute || (a.item?.lane ?? 0) - (b.item?.lane ?? 0))
}

/** The stop a cursor names: its item while the column holds it, otherwise the stop its minute lies in. */
export function findStop<Item extends GridItem>(
  stops: readonly Stop<Item>[],
  { minute, itemId }: GridCursor,
): Stop<Item> | undefined {
  const named = itemId === null ? undefined : stops.find(({ item }) => item?.id === itemId)
  return named ?? stops.findLast(({ startMinute }) => startMinute <= minute) ?? stops[0]
}

/** The cursor that stands on a stop. */
export const cursorOn = (columnId: string, stop: Stop<GridItem>): GridCursor => ({
  columnId,
  minute: stop.startMinute,
  itemId: stop.item?.id ?? null,
})

type Place<Item extends GridItem> = {
  readonly columns: readonly GridColumn<Item>[]
  readonly range: Stretch
  readonly stepMinutes: number
}

/** The cursor `rows` stops further down (negative: up) in the same column; it stops at the ends. */
export function cursorDown<Item extends GridItem>(place: Place<Item>, cursor: GridCursor, rows: number): GridCursor {
  const column = place.columns.find(({ id }) => id === cursor.columnId)
  if (!column) return cursor
  const stops = stopsOf(column, place.range, place.stepMinutes)
  const here = findStop(stops, cursor)
  const index = here ? stops.indexOf(here) : 0
  const next = stops[Math.max(0, Math.min(stops.length - 1, index + rows))]
  return next ? cursorOn(column.id, next) : cursor
}

/** The cursor at the same time `columns` columns further on; it stops at the edges. */
export function cursorAcross<Item extends GridItem>(
  place: Place<Item>,
  cursor: GridCursor,
  columns: number,
): GridCursor {
  const column = columnBeside(place.columns, cursor.columnId, columns)
  if (!column || column.id === cursor.columnId) return cursor
  const stop = findStop(stopsOf(column, place.range, place.stepMinutes), { ...cursor, itemId: null })
  return stop ? cursorOn(column.id, stop) : cursor
}

/** The target of a move, shifted by minutes and columns, kept inside the range. */
export function targetBeside(
  { columns, range }: Pick<Place<GridItem>, 'columns' | 'range'>,
  target: GridTarget,
  shift: { readonly minutes: number; readonly columns: number; readonly lengthMinutes: number },
): GridTarget {
  const latest = range.endMinute - shift.lengthMinutes
  const minute = Math.max(range.startMinute, Math.min(target.minute + shift.minutes, latest))
  return { columnId: columnBeside(columns, target.columnId, shift.columns)?.id ?? target.columnId, minute }
}

function columnBeside<Item extends GridItem>(
  columns: readonly GridColumn<Item>[],
  id: string,
  shift: number,
): GridColumn<Item> | undefined {
  const index = columns.findIndex((column) => column.id === id)
  if (index === -1) return columns[0]
  return columns[Math.max(0, Math.min(columns.length - 1, index + shift))]
}
