/**
 * What a TimeGrid shows: columns side by side, each with items that stand for a stretch of one day.
 * All times are minutes of the wall clock since 00:00, half-open.
 */
export type Stretch = { readonly startMinute: number; readonly endMinute: number }

export type GridItem = Stretch & {
  readonly id: string
  /** Place among overlapping items, see `lanesOf`. */
  readonly lane: number
  readonly laneCount: number
  /** What a screen reader says. */
  readonly label: string
  /** The short text on the ghost while it is moved. */
  readonly title: string
  readonly canMove: boolean
}

/** A stretch that is spoken for without being an item: it is shown, and stands in nobody's way of the keyboard. */
export type GridNote = Stretch & {
  readonly id: string
  readonly title: string
  /** When it ends by itself, as an instant. */
  readonly until?: number
}

export type GridColumn<Item extends GridItem> = {
  readonly id: string
  readonly title: string
  /** When the column is open; the rest of the range is hatched. Sorted, apart. */
  readonly open: readonly Stretch[]
  readonly items: readonly Item[]
  readonly notes?: readonly GridNote[]
}

export type GridTarget = { readonly columnId: string; readonly minute: number }

/** Where the keyboard stands: on an item, or on a free row. */
export type GridCursor = GridTarget & { readonly itemId: string | null }

/** What is being moved by keyboard and where it would land. The item may come from another page of the grid. */
export type GridMove = { readonly item: MovedItem; readonly target: GridTarget }
export type MovedItem = { readonly id: string; readonly title: string; readonly lengthMinutes: number }

/** Whether an item may land on a target, and the sentence to show when it may not. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly why: string }

/** The first thing noted at a minute. */
export const noteAt = ({ notes = [] }: Pick<GridColumn<GridItem>, 'notes'>, minute: number): GridNote | undefined =>
  notes.find(({ startMinute, endMinute }) => startMinute <= minute && minute < endMinute)

/** Whether a card stands on a note; the words of both would lie on each other. */
export const isCovered = ({ startMinute, endMinute }: Stretch, items: readonly Stretch[]): boolean =>
  items.some((item) => item.startMinute < endMinute && startMinute < item.endMinute)

export const lengthOf = ({ startMinute, endMinute }: Stretch): number => endMinute - startMinute
