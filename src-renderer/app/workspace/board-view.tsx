import { useMemo } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { AppointmentDetails } from '#renderer/features/appointment-details/appointment-details.tsx'
import { BookingPanel } from '#renderer/features/book-appointment/booking-panel.tsx'
import { CancelForm } from '#renderer/features/cancel-appointment/cancel-form.tsx'
import { DayBoard } from '#renderer/features/day-board/day-board.tsx'
import { WaitingList } from '#renderer/features/day-board/waiting-list.tsx'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import type { GridTarget } from '#renderer/ui/time-grid/grid-types.ts'
import classes from './desk.module.css'
import type { DeskParts } from './desk-parts.ts'
import {
  moveCursor,
  moveTarget,
  openBooking,
  openVisit,
  type Panel,
  remember,
  showDay,
  showPanel,
  showScreen,
  stopMoving,
  useView,
} from './view-state.ts'

/** The board, and beside it one panel: waiting list, booking or details. */
export function BoardView({ parts }: { readonly parts: DeskParts }) {
  const { clinic, clinicDay, today, mover, grid } = parts
  const { cursor, moving, panel, isPanelOpen } = useView()
  const visitOf = (id: string): Appointment | undefined =>
    moving?.visit.id === id ? moving.visit : clinicDay.appointments?.find((visit) => visit.id === id)
  const drop = async (visit: Appointment, target: GridTarget): Promise<void> => {
    moveCursor({ ...target, itemId: visit.id })
    await mover.move(visit, target)
  }
  const endMove = async (isDropped: boolean): Promise<void> => {
    if (!moving) return
    const { visit, grid: move } = moving
    if (!isDropped) return stopMoving()
    if (!mover.judge(visit, move.target).ok) return
    stopMoving()
    await drop(visit, move.target)
  }
  // On a day that is not here nobody is known to wait.
  const hasPanel = isPanelOpen && (clinicDay.reach === 'held' || panel.kind !== 'waiting')
  return (
    <div className={classes.board} data-panel={hasPanel || undefined}>
      <DayBoard
        clinic={clinic}
        clinicDay={clinicDay}
        today={today}
        cursor={cursor}
        move={moving?.grid ?? null}
        selectedId={panel.kind === 'details' && isPanelOpen ? panel.id : null}
        gridRef={grid}
        judge={({ id }, target) => {
          const visit = visitOf(id)
          return visit ? mover.judge(visit, target) : { ok: true }
        }}
        onCursor={moveCursor}
        onOpenItem={(id) => showPanel({ kind: 'details', id: id as AppointmentId, isCancelling: false })}
        onOpenSlot={(target) => clinic.mayEver('book-appointment') && openBooking(target)}
        onMoveTarget={moveTarget}
        onMoveEnd={(isDropped) => void endMove(isDropped)}
        onDrop={(id, target) => {
          const visit = visitOf(id)
          if (visit) void drop(visit, target)
        }}
        onDay={(day) => {
          showDay(day)
          requestAnimationFrame(() => grid.current?.focus())
        }}
      />
      {hasPanel && (
        // While a form is filled in, a stray letter must not act on the board.
        <aside className={classes.panel} data-hotkey-scope={hasForm(panel) ? undefined : 'board'}>
          <PanelContent parts={parts} />
        </aside>
      )}
    </div>
  )
}

const hasForm = (panel: Panel): boolean => panel.kind === 'booking' || (panel.kind === 'details' && panel.isCancelling)

function PanelContent({ parts }: { readonly parts: DeskParts }) {
  const { clinic, clinicDay, grid } = parts
  const { panel, cursor, recent } = useView()
  const { day, appointments } = clinicDay
  const wanted = useMemo(
    () => (cursor.columnId === '' ? null : { doctorId: cursor.columnId as DoctorId, day, minute: cursor.minute }),
    [cursor.columnId, cursor.minute, day],
  )
  const close = (): void => {
    showPanel({ kind: 'waiting' })
    requestAnimationFrame(() => grid.current?.focus())
  }
  if (panel.kind === 'booking') {
    return (
      <BookingPanel
        key={panel.patientId}
        clinic={clinic}
        wanted={wanted}
        firstPatientId={panel.patientId}
        recent={recent}
        version={appointments}
        onBooked={(visit) => {
          remember(visit.patientId)
          openVisit(visit, minuteOfDayOf(visit.localStart))
          close()
        }}
        onClose={close}
      />
    )
  }
  if (panel.kind === 'details') return <Details key={panel.id} parts={parts} id={panel.id} onClose={close} />
  return (
    <WaitingList
      clinic={clinic}
      appointments={appointments}
      selectedId={null}
      onOpen={(id) => {
        const visit = appointments?.find((one) => one.id === id)
        if (visit) openVisit(visit, minuteOfDayOf(visit.localStart))
      }}
    />
  )
}

type DetailsProps = { readonly parts: DeskParts; readonly id: AppointmentId; readonly onClose: () => void }

function Details({ parts, id, onClose }: DetailsProps) {
  const { clinic, steps } = parts
  const { panel } = useView()
  const { database } = useLocalDb()
  const visit = useRxQuery(useMemo(() => find(database, 'appointments', { id }), [database, id]))?.[0]
  if (!visit) return null
  const isCancelling = panel.kind === 'details' && panel.isCancelling
  const back = (): void => showPanel({ kind: 'details', id, isCancelling: false })
  return (
    <AppointmentDetails
      clinic={clinic}
      appointment={visit}
      steps={steps}
      form={isCancelling ? <CancelForm clinic={clinic} appointment={visit} onDone={onClose} onBack={back} /> : null}
      onMove={() => parts.beginMove(visit)}
      onCancel={() => showPanel({ kind: 'details', id, isCancelling: true })}
      onReview={() => showScreen('inbox', visit.id)}
      onBookAgain={() => openBooking(null, visit.patientId)}
      onOpen={(other) => openVisit(other, minuteOfDayOf(other.localStart))}
      onClose={onClose}
    />
  )
}
