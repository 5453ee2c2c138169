import { memo, type ReactElement, type ReactNode } from 'react'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { findStop, stopsOf } from './cursor-stops.ts'
import { boxOf, type CardFace, GridCard } from './grid-card.tsx'
import {
  type GridColumn,
  type GridCursor,
  type GridItem,
  type GridMove,
  type GridNote,
  isCovered,
  lengthOf,
  noteAt,
  type Stretch,
  type Verdict,
} from './grid-types.ts'
import { closedStretches } from './minute-scale.ts'
import classes from './time-grid.module.css'

type ColumnProps<Item extends GridItem> = {
  readonly column: GridColumn<Item>
  readonly range: Stretch
  readonly stepMinutes: number
  /** Items shorter than this are too low for a line of ordinary text. */
  readonly shortBelowMinutes: number
  readonly face: CardFace<Item>
  readonly noteFace: (note: GridNote) => ReactNode
  /** Null unless the cursor stands in this column. */
  readonly cursor: GridCursor | null
  /** Null unless the move would land in this column. */
  readonly move: (GridMove & { readonly verdict: Verdict; readonly hint: string }) | null
  readonly selectedId: string | null
  readonly liftedId: string | null
  readonly describeSlot: (column: GridColumn<Item>, minute: number) => string
}

/** One column with its closed hours, items and, when they are here, the cursor and the moved item. */
export const GridColumnBody = memo(function GridColumnBody<Item extends GridItem>(props: ColumnProps<Item>) {
  const {
    column,
    range,
    stepMinutes,
    shortBelowMinutes,
    face,
    noteFace,
    cursor,
    move,
    selectedId,
    liftedId,
    describeSlot,
  } = props
  const stop = cursor && !move ? findStop(stopsOf(column, range, stepMinutes), cursor) : undefined
  return (
    <div role="gridcell" className={classes.column} data-column={column.id}>
      {closedStretches(column.open, range).map((closed) => (
        <div key={closed.startMinute} className={classes.closed} style={boxOf(closed, range)} />
      ))}
      {column.notes?.map((note) => (
        <div key={note.id} className={classes.held} style={boxOf(note, range)} title={note.title}>
          {!isCovered(note, column.items) && noteFace(note)}
        </div>
      ))}
      {column.items.map((item) => (
        <GridCard
          key={item.id}
          item={item}
          range={range}
          isShort={lengthOf(item) < shortBelowMinutes}
          face={face}
          isCursor={stop?.item === item}
          isSelected={item.id === selectedId}
          isLifted={item.id === liftedId}
        />
      ))}
      {stop?.item === null && (
        <div
          role="button"
          tabIndex={0}
          className={classes.slot}
          style={boxOf(stop, range)}
          aria-label={describeSlot(column, stop.startMinute)}
          data-noted={noteAt(column, stop.startMinute) !== undefined || undefined}
          data-cursor
        >
          <span className={classes.slotTime}>{timeOfMinute(stop.startMinute)}</span>
        </div>
      )}
      {move && <MoveGhost move={move} range={range} />}
    </div>
  )
}) as <Item extends GridItem>(props: ColumnProps<Item>) => ReactElement

function MoveGhost({ move, range }: { readonly move: NonNullable<ColumnProps<GridItem>['move']>; range: Stretch }) {
  const { item, target, verdict, hint } = move
  const stretch = { startMinute: target.minute, endMinute: target.minute + item.lengthMinutes }
  return (
    <div
      role="button"
      tabIndex={0}
      className={classes.ghost}
      style={boxOf(stretch, range)}
      aria-label={`${timeOfMinute(target.minute)} ${item.title}. ${hint}`}
      data-cursor
      data-illegal={!verdict.ok || undefined}
    >
      <span className={classes.ghostTime}>{timeOfMinute(target.minute)}</span>
      <span className={classes.ghostTitle}>{item.title}</span>
      {!verdict.ok && <span className={classes.ghostWhy}>{verdict.why}</span>}
    </div>
  )
}
