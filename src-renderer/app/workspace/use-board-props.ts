/** Between the board, which knows doctors and days as columns, and the view state, which knows one cursor on one day. */
import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { placeOfSession } from '#domain/appointment/group-session.ts'
import { placeInSeries } from '#domain/appointment/series-place.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import { weekOf } from '#domain/time/calendar-days.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useClinicDays } from '#renderer/clinic/use-clinic-days.ts'
import { entryOfGhost } from '#renderer/clinic/use-rejected-visits.ts'
import type { BoardProps } from '#renderer/features/day-board/board-props.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsOfPatient, readAll } from '#renderer/local-db/queries.ts'
import type { GridTarget } from '#renderer/ui/time-grid/grid-types.ts'
import { useBoardSettings } from './board-settings.ts'
import type { DeskParts } from './desk-parts.ts'
import { focusBoard } from './focus-board.ts'
import {
  moveCursor,
  moveTarget,
  openBooking,
  openPanel,
  showBoardView,
  showDay,
  showPanel,
  showScreen,
  showSettings,
  stopMoving,
  useView,
} from './view-state.ts'

type Wiring = BoardProps & { readonly doctorId: DoctorId; readonly week: readonly ClinicDay[] }

const NO_DAYS: readonly never[] = []

/** Opens a visit or a group; a wish that was refused leads to where it is decided about. */
function openItem(id: string): void {
  const entryId = entryOfGhost(id)
  if (entryId !== null) showScreen('inbox', entryId)
  else if (placeOfSession(id)) showPanel({ kind: 'session', id })
  else showPanel({ kind: 'details', id: id as AppointmentId, isCancelling: false })
}

/** Everything the board asks for. In a week and a month a column is a day: the cursor keeps its doctor and changes the day. */
export function useBoardProps(parts: DeskParts): Wiring {
  const { clinic, clinicDay, today, mover, grid } = parts
  const { cursor, moving, panel, isPanelOpen, boardView } = useView()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const { density, ...arrangement } = useBoardSettings()
  const places = usePlaces(parts)
  const { doctorId, week, settle, place, asColumn, goTo } = places
  const visitOf = (id: string): Appointment | undefined =>
    moving?.visit.id === id
      ? moving.visit
      : [clinicDay, ...week].flatMap(({ appointments = [] }) => appointments).find((visit) => visit.id === id)
  const drop = async (visit: Appointment, wanted: GridTarget): Promise<void> => {
    const { on, target } = place(wanted)
    moveCursor({ ...settle(wanted), itemId: visit.id })
    if (isOnline && (await hasLaterOnes(clinic.desk, visit))) {
      openPanel({ kind: 'move-series', visit, target, day: on.day })
      return
    }
    await mover.move(visit, target, on.day)
  }
  return {
    clinic,
    clinicDay,
    today,
    view: boardView,
    density,
    arrangement: useStable(arrangement),
    doctorId,
    week,
    cursor: asColumn(cursor),
    move: moving && { ...moving.grid, target: asColumn(moving.grid.target) },
    selectedId: (panel.kind === 'details' || panel.kind === 'session') && isPanelOpen ? panel.id : null,
    gridRef: grid,
    judge: ({ id }, wanted) => {
      const visit = visitOf(id)
      const { on, target } = place(wanted)
      return visit ? mover.judge(visit, target, on) : { ok: true }
    },
    onCursor: (next) => moveCursor({ ...settle(next), itemId: next.itemId }),
    onOpenItem: openItem,
    onOpenSlot: (target) => clinic.mayEver('book-appointment') && openBooking(settle(target)),
    onMoveTarget: (target) => moveTarget(settle(target)),
    onMoveEnd: (isDropped) => {
      if (!moving) return
      const wanted = asColumn(moving.grid.target)
      const { on, target } = place(wanted)
      if (!isDropped) return stopMoving()
      if (!mover.judge(moving.visit, target, on).ok) return
      stopMoving()
      void drop(moving.visit, wanted)
    },
    onDrop: (id, target) => {
      const visit = visitOf(id)
      if (visit) void drop(visit, target)
    },
    onDay: (next) => {
      goTo(next)
      if (boardView === 'month') showBoardView('day')
      focusBoard(grid)
    },
    ...atColumns(parts),
  }
}

/** What can be done with a whole column, and where there is none. */
function atColumns({
  clinic,
  today,
  grid,
}: DeskParts): Pick<BoardProps, 'onDoctorDay' | 'onDoctorWeek' | 'onAddDoctors'> {
  return {
    // Heads are drawn again only for another column, so what is shown now is asked for when it is needed.
    onDoctorDay: clinic.mayEver('cancel-appointment')
      ? (id) => openPanel({ kind: 'doctor-day', doctorId: id, day: useView.getState().day ?? today })
      : null,
    onDoctorWeek: (id) => {
      moveCursor({ ...useView.getState().cursor, columnId: id, itemId: null })
      showBoardView('week')
      focusBoard(grid)
    },
    onAddDoctors: adderOfDoctors(clinic),
  }
}

/** To where doctors are added; null for who may not. */
export const adderOfDoctors = (clinic: Clinic): (() => void) | null =>
  clinic.mayEver('manage-doctors') ? () => showSettings('doctors') : null

/** Whether visits of the same series come after this one; the server's to move, so offline nobody is asked. */
async function hasLaterOnes({ database, now }: Desk, visit: Appointment): Promise<boolean> {
  if (visit.seriesId === null) return false
  const visits = await readAll(appointmentsOfPatient(database, visit.patientId))
  const ofSeries = visits.filter(({ seriesId }) => seriesId === visit.seriesId)
  return placeInSeries(ofSeries, visit, now()).later.length > 0
}

type Places = {
  readonly doctorId: DoctorId
  readonly week: readonly ClinicDay[]
  readonly goTo: (day: LocalDay) => void
  /** A place of the view's columns as one of a doctor, whose day is shown from now on. */
  readonly settle: (target: GridTarget) => GridTarget
  /** The same without showing anything. */
  readonly place: (target: GridTarget) => { readonly on: ClinicDay; readonly target: GridTarget }
  /** A place of a doctor as one of the view's columns. */
  readonly asColumn: <Target extends GridTarget>(target: Target) => Target
}

function usePlaces(parts: DeskParts): Places {
  const { clinicDay, today } = parts
  const view = useView((state) => state.boardView)
  const isByDay = view === 'week' || view === 'month'
  const doctorId = doctorOfWeek(parts)
  const week = useWeekOf(parts, doctorId)
  const { day } = clinicDay
  const goTo = (next: LocalDay): void => showDay(next === today ? null : next)
  const ofDoctor = ({ minute }: GridTarget): GridTarget => ({ columnId: doctorId, minute })
  return {
    doctorId,
    week,
    goTo,
    settle: (target) => {
      if (!isByDay) return target
      if (target.columnId !== day) goTo(target.columnId)
      return ofDoctor(target)
    },
    place: (target) =>
      isByDay
        ? { on: week.find((one) => one.day === target.columnId) ?? clinicDay, target: ofDoctor(target) }
        : { on: clinicDay, target },
    asColumn: (target) => (isByDay ? { ...target, columnId: day } : target),
  }
}

/** The cursor's doctor, or the first one before it stands anywhere. */
export function doctorOfWeek({ clinic }: Pick<DeskParts, 'clinic'>): DoctorId {
  const { columnId } = useView.getState().cursor
  return (columnId || (clinic.subject.doctorId ?? clinic.doctors[0]?.id ?? '')) as DoctorId
}

/** The days of the week view; in the others nothing is read for it. */
function useWeekOf({ clinicDay, today }: DeskParts, doctorId: DoctorId): readonly ClinicDay[] {
  const isWeek = useView((view) => view.boardView === 'week')
  const [monday = ''] = weekOf(clinicDay.day)
  const days = useMemo(() => (isWeek ? weekOf(monday) : NO_DAYS), [isWeek, monday])
  return useClinicDays(days, today, doctorId)
}

/** The same object while it says the same. */
function useStable<Value extends object>(value: Value): Value {
  const text = JSON.stringify(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value
  return useMemo(() => value, [text])
}
