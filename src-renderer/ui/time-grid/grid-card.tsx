import { type CSSProperties, memo, type ReactElement, type ReactNode } from 'react'
import type { GridItem, Stretch } from './grid-types.ts'
import { lengthOf } from './grid-types.ts'
import { toPixels } from './minute-scale.ts'
import classes from './time-grid.module.css'

export type CardFace<Item extends GridItem> = (item: Item) => ReactNode

type CardProps<Item extends GridItem> = {
  readonly item: Item
  readonly range: Stretch
  readonly face: CardFace<Item>
  readonly isCursor: boolean
  readonly isSelected: boolean
  readonly isLifted: boolean
}

/** The box an item takes in its column. Rendered again only when its item is another object or the cursor comes or goes. */
export const GridCard = memo(function GridCard<Item extends GridItem>(props: CardProps<Item>) {
  const { item, range, face, isCursor, isSelected, isLifted } = props
  return (
    <div
      role="button"
      className={classes.card}
      style={boxOf(item, range, item)}
      tabIndex={isCursor ? 0 : -1}
      aria-pressed={isSelected}
      data-item={item.id}
      data-cursor={isCursor || undefined}
      data-selected={isSelected || undefined}
      data-lifted={isLifted || undefined}
    >
      <span className="visually-hidden">{item.label}</span>
      <div aria-hidden className={classes.face}>
        {face(item)}
      </div>
    </div>
  )
}) as <Item extends GridItem>(props: CardProps<Item>) => ReactElement

/** Where a stretch stands inside its column. */
export function boxOf(
  stretch: Stretch,
  range: Stretch,
  { lane, laneCount } = { lane: 0, laneCount: 1 },
): CSSProperties {
  return {
    insetBlockStart: toPixels(stretch.startMinute - range.startMinute),
    blockSize: toPixels(lengthOf(stretch)),
    insetInlineStart: `${(100 * lane) / laneCount}%`,
    inlineSize: `${100 / laneCount}%`,
  }
}
