import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { type GridColumn, type GridNote, noteAt } from '#renderer/ui/time-grid/grid-types.ts'
import { TimeGrid } from '#renderer/ui/time-grid/time-grid.tsx'
import type { BoardColumn } from './board-columns.ts'
import type { BoardItem } from './board-item.ts'
import type { BoardProps } from './board-props.ts'
import { CardFace } from './card-face.tsx'
import { ColumnHead } from './column-head.tsx'
import classes from './day-board.module.css'
import { PIXELS_OF } from './density.ts'
import { HeldNote } from './held-note.tsx'
import type { Board } from './use-board.ts'

const STEP_MINUTES = 15
const SNAP_MINUTES = 5

const face = (item: BoardItem) => <CardFace item={item} />
const noteFace = (note: GridNote) => <HeldNote note={note} />

/** The card that shows a visit: its own, or that of its session. */
const cardOf = (columns: readonly BoardColumn[], id: string | null): string | null =>
  id === null
    ? null
    : (columns.flatMap(({ items }) => items).find(({ members }) => members.split(' ').includes(id))?.id ?? id)

type GridProps = Omit<BoardProps, 'clinic' | 'clinicDay' | 'view' | 'arrangement' | 'onDay'> & {
  readonly board: Board
  readonly label: string
  /** The only column that is in the present, where columns are days. */
  readonly nowColumnId?: string
}

/** The board as a grid of time, whatever its columns stand for. */
export function BoardGrid({ board, label, nowColumnId, ...props }: GridProps) {
  const { t } = useTranslation()
  const { columns, range, nowMinute } = board
  const { onDoctorDay, onDoctorWeek } = props
  const head = useCallback(
    (column: BoardColumn) => <ColumnHead column={column} onDoctorDay={onDoctorDay} onDoctorWeek={onDoctorWeek} />,
    [onDoctorDay, onDoctorWeek],
  )
  const first = columns[0]?.id ?? ''
  const describeSlot = useCallback(
    (column: GridColumn<BoardItem>, minute: number) => {
      const place = { time: timeOfMinute(minute), doctor: column.title }
      const note = noteAt(column, minute)
      return note ? t('board.held.slot', { ...place, title: note.title }) : t('board.book-slot', place)
    },
    [t],
  )
  const cursor = { ...props.cursor, itemId: cardOf(columns, props.cursor.itemId) }
  const isKnown = columns.some(({ id }) => id === props.cursor.columnId)
  return (
    <div className={classes.grid}>
      <TimeGrid<BoardItem, BoardColumn>
        ref={props.gridRef}
        label={label}
        columns={columns}
        range={range}
        stepMinutes={STEP_MINUTES}
        snapMinutes={SNAP_MINUTES}
        nowMinute={nowMinute}
        {...(nowColumnId !== undefined && { nowColumnId })}
        pixelsPerMinute={PIXELS_OF[props.density]}
        cursor={isKnown ? cursor : { ...cursor, columnId: first, itemId: null }}
        move={props.move}
        selectedId={cardOf(columns, props.selectedId)}
        head={head}
        face={face}
        noteFace={noteFace}
        describeSlot={describeSlot}
        moveHint={t('board.move-hint')}
        judge={props.judge}
        onCursor={props.onCursor}
        onOpenItem={props.onOpenItem}
        onOpenSlot={props.onOpenSlot}
        onMoveTarget={props.onMoveTarget}
        onMoveEnd={props.onMoveEnd}
        onDrop={props.onDrop}
      />
    </div>
  )
}
