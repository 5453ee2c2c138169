import { type CSSProperties, memo, type ReactElement, type ReactNode } from 'react'
import type { GridItem, Stretch } from './grid-types.ts'
import { lengthOf } from './grid-types.ts'
import { toLength } from './minute-scale.ts'
import classes from './time-grid.module.css'

export type CardFace<Item extends GridItem> = (item: Item) => ReactNode

type CardProps<Item extends GridItem> = {
  readonly item: Item
  readonly range: Stretch
  /** Whether it is too low for a line of ordinary text. */
  readonly isShort: boolean
  readonly face: CardFace<Item>
  readonly isCursor: boolean
  readonly isSelected: boolean
  readonly isLifted: boolean
}

/** The box an item takes in its column. Rendered again only when its item is another object or the cursor comes or goes. */
export const GridCard = memo(function GridCard<Item extends GridItem>(props: CardProps<Item>) {
  const { item, range, isShort, face, isCursor, isSelected, isLifted } = props
  return (
    <div
      role="button"
      className={classes.card}
      style={boxOf(item, range, item)}
      tabIndex={isCursor ? 0 : -1}
      aria-pressed={isSelected}
      data-item={item.id}
      data-lanes={lanesOf(item)}
      data-short={isShort || undefined}
      data-cursor={isCursor || undefined}
      data-selected={isSelected || undefined}
      data-lifted={isLifted || undefined}
    >
      {/* The label without a box of text: laying out several hundred of them costs more than all that is seen. */}
      <span role="img" aria-label={item.label} className={classes.label} />
      {face(item)}
    </div>
  )
}) as <Item extends GridItem>(props: CardProps<Item>) => ReactElement

/** How many share the width, for faces that ask how much room they have; `many` have none to spare. */
const lanesOf = ({ laneCount }: GridItem): number | 'many' => (laneCount <= 3 ? laneCount : 'many')

/** Where a stretch stands inside its column. */
export function boxOf(
  stretch: Stretch,
  range: Stretch,
  { lane, laneCount } = { lane: 0, laneCount: 1 },
): CSSProperties {
  return {
    insetBlockStart: toLength(stretch.startMinute - range.startMinute),
    blockSize: toLength(lengthOf(stretch)),
    insetInlineStart: `${(100 * lane) / laneCount}%`,
    inlineSize: `${100 / laneCount}%`,
  }
}
