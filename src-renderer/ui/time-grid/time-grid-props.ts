import type { ReactNode, Ref } from 'react'
import type {
  GridColumn,
  GridCursor,
  GridItem,
  GridMove,
  GridNote,
  GridTarget,
  Stretch,
  Verdict,
} from './grid-types.ts'

export type TimeGridHandle = {
  /** Puts the keyboard back on the cursor. */
  readonly focus: () => void
}

export type TimeGridProps<Item extends GridItem, Column extends GridColumn<Item>> = {
  readonly label: string
  readonly columns: readonly Column[]
  readonly range: Stretch
  /** Height of a free row, and the step of the keyboard. */
  readonly stepMinutes: number
  /** Step of the pointer while dragging. */
  readonly snapMinutes: number
  /** The wall clock's minute, or null when another day is shown. */
  readonly nowMinute: number | null
  /** The column in which the present is; all of them where none is named. */
  readonly nowColumnId?: string
  /** How tall a minute is; 1.6 unless said. */
  readonly pixelsPerMinute?: number
  readonly cursor: GridCursor
  readonly move: GridMove | null
  readonly selectedId: string | null
  readonly head: (column: Column) => ReactNode
  /** What is seen of an item; hidden from screen readers, which hear its label. */
  readonly face: (item: Item) => ReactNode
  /** What stands on a note; its title where nothing else is said. */
  readonly noteFace?: (note: GridNote) => ReactNode
  /** What a screen reader says on a free row, and what Enter does there. */
  readonly describeSlot: (column: GridColumn<Item>, minute: number) => string
  /** What the keys do in move mode, in a sentence. */
  readonly moveHint: string
  readonly judge: (item: { readonly id: string; readonly lengthMinutes: number }, target: GridTarget) => Verdict
  readonly onCursor: (cursor: GridCursor) => void
  readonly onOpenItem: (id: string) => void
  readonly onOpenSlot: (target: GridTarget) => void
  readonly onMoveTarget: (target: GridTarget) => void
  /** `true` drops where the ghost stands, `false` gives up. */
  readonly onMoveEnd: (isDropped: boolean) => void
  readonly onDrop: (itemId: string, target: GridTarget) => void
  readonly ref?: Ref<TimeGridHandle>
}
