import { type Ref, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { type LocalDay, timeOfMinute } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { GridCursor, GridMove, GridTarget } from '#renderer/ui/time-grid/grid-types.ts'
import { TimeGrid } from '#renderer/ui/time-grid/time-grid.tsx'
import type { TimeGridHandle, TimeGridProps } from '#renderer/ui/time-grid/time-grid-props.ts'
import type { BoardColumn } from './board-columns.ts'
import type { BoardItem } from './board-item.ts'
import { CardFace } from './card-face.tsx'
import { ColumnHead } from './column-head.tsx'
import { CountStrip } from './count-strip.tsx'
import classes from './day-board.module.css'
import { DayNotHere } from './day-not-here.tsx'
import { type Board, useBoard } from './use-board.ts'

export type DayBoardProps = {
  readonly clinic: Clinic
  readonly clinicDay: ClinicDay
  readonly today: LocalDay
  readonly cursor: GridCursor
  readonly move: GridMove | null
  readonly selectedId: string | null
  readonly gridRef: Ref<TimeGridHandle>
  readonly judge: TimeGridProps<BoardItem, BoardColumn>['judge']
  readonly onCursor: (cursor: GridCursor) => void
  readonly onOpenItem: (id: string) => void
  readonly onOpenSlot: (target: GridTarget) => void
  readonly onMoveTarget: (target: GridTarget) => void
  readonly onMoveEnd: (isDropped: boolean) => void
  readonly onDrop: (itemId: string, target: GridTarget) => void
  readonly onDay: (day: LocalDay) => void
}

const STEP_MINUTES = 15
const SNAP_MINUTES = 5

const face = (item: BoardItem) => <CardFace item={item} />
const head = (column: BoardColumn) => <ColumnHead column={column} />

/** The day of the clinic: who is booked with whom, and how far they have got. */
export function DayBoard(props: DayBoardProps) {
  const { clinic, clinicDay } = props
  const board = useBoard(clinic, clinicDay)
  if (clinicDay.reach !== 'held') {
    return (
      <section className={classes.board} data-hotkey-scope="board">
        <DayNotHere day={clinicDay.day} reach={clinicDay.reach} today={props.today} onDay={props.onDay} />
      </section>
    )
  }
  return (
    <section className={classes.board} data-hotkey-scope="board">
      <CountStrip
        clinic={clinic}
        appointments={clinicDay.appointments}
        isToday={board.nowMinute !== null}
        onFree={(target) => {
          props.onCursor({ ...target, itemId: null })
          props.onOpenSlot(target)
        }}
      />
      {board.isReady ? <Grid board={board} {...props} /> : <Opening />}
    </section>
  )
}

function Grid({ board, ...props }: DayBoardProps & { readonly board: Board }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { columns, range, nowMinute } = board
  const first = columns[0]?.id ?? ''
  const describeSlot = useCallback(
    (column: { readonly title: string }, minute: number) =>
      t('board.book-slot', { time: timeOfMinute(minute), doctor: column.title }),
    [t],
  )
  const isKnown = columns.some(({ id }) => id === props.cursor.columnId)
  return (
    <div className={classes.grid}>
      <TimeGrid<BoardItem, BoardColumn>
        ref={props.gridRef}
        label={t('board.grid-label', { day: format.longDay(props.clinicDay.day) })}
        columns={columns}
        range={range}
        stepMinutes={STEP_MINUTES}
        snapMinutes={SNAP_MINUTES}
        nowMinute={nowMinute}
        cursor={isKnown ? props.cursor : { ...props.cursor, columnId: first, itemId: null }}
        move={props.move}
        selectedId={props.selectedId}
        head={head}
        face={face}
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

/** Shown while this device reads or first receives its data, silent when that takes no time; and when there is nobody to book. */
function Opening() {
  const { t } = useTranslation()
  const { initialSync, connection } = useSyncStatus()
  const isReceiving = !initialSync.done && connection.phase !== 'offline'
  return (
    <div className={classes.opening} role="status">
      {isReceiving && initialSync.received > 0
        ? t('board.receiving', { count: initialSync.received })
        : t(isReceiving ? 'board.opening' : 'board.no-doctors')}
    </div>
  )
}
