import type { Ref } from 'react'
import type { DoctorId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import type { GridCursor, GridMove, GridTarget } from '#renderer/ui/time-grid/grid-types.ts'
import type { TimeGridHandle, TimeGridProps } from '#renderer/ui/time-grid/time-grid-props.ts'
import type { Arrangement } from './arrange-doctors.ts'
import type { BoardColumn } from './board-columns.ts'
import type { BoardItem } from './board-item.ts'
import type { Density } from './density.ts'

export const BOARD_VIEWS = ['day', 'week', 'month', 'list'] as const
/** Doctors side by side, one doctor's week, the month in numbers, or the day as a list. */
export type BoardView = (typeof BOARD_VIEWS)[number]

/** What every view of the board is given. In a week the columns are days: `columnId` is one wherever the grid speaks. */
export type BoardProps = {
  readonly clinic: Clinic
  readonly clinicDay: ClinicDay
  readonly today: LocalDay
  readonly view: BoardView
  readonly arrangement: Arrangement
  readonly density: Density
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
  /** For whoever may add the first doctor of a clinic. */
  readonly onAddDoctors: (() => void) | null
  /** What can be done with a doctor's column, where columns are doctors. */
  readonly onDoctorDay: ((doctorId: DoctorId) => void) | null
  readonly onDoctorWeek: (doctorId: DoctorId) => void
}
