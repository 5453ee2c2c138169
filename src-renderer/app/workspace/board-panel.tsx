import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { placeOfSession } from '#domain/appointment/group-session.ts'
import type { AppointmentId, DayNoteId, DoctorId, PatientId } from '#domain/ids.ts'
import type { DaySheet } from '#domain/report/day-sheet.ts'
import { type LocalDay, minuteOfDayOf, toLocal } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useDayNotes } from '#renderer/clinic/use-day-notes.ts'
import { useForeignChanges } from '#renderer/clinic/use-foreign-changes.ts'
import { useSeriesOf } from '#renderer/clinic/use-series-of.ts'
import { KeptTimes } from '#renderer/features/allotments/kept-times.tsx'
import { AppointmentDetails } from '#renderer/features/appointment-details/appointment-details.tsx'
import { BookingPanel } from '#renderer/features/book-appointment/booking-panel.tsx'
import { PatientStep } from '#renderer/features/book-appointment/patient-step.tsx'
import { CancelForm } from '#renderer/features/cancel-appointment/cancel-form.tsx'
import { LateDoctors } from '#renderer/features/day-board/late-doctors.tsx'
import { WaitingList } from '#renderer/features/day-board/waiting-list.tsx'
import { DayNotes } from '#renderer/features/day-notes/day-notes.tsx'
import { NoteForm } from '#renderer/features/day-notes/note-form.tsx'
import { printDaySheet } from '#renderer/features/day-sheet/print-day-sheet.ts'
import { DoctorDayPanel } from '#renderer/features/doctor-day/doctor-day-panel.tsx'
import { SessionPanel } from '#renderer/features/group-session/session-panel.tsx'
import { MoveSeriesPanel } from '#renderer/features/move-appointment/move-series-panel.tsx'
import { RecallList } from '#renderer/features/recalls/recall-list.tsx'
import type { FreedTime } from '#renderer/features/waitlist/use-freed-times.ts'
import { useTakeTime } from '#renderer/features/waitlist/use-take-time.ts'
import type { Waitlist } from '#renderer/features/waitlist/use-waitlist.ts'
import { WaitingSections } from '#renderer/features/waitlist/waiting-sections.tsx'
import { WaitlistPanel } from '#renderer/features/waitlist/waitlist-panel.tsx'
import { WalkInPanel } from '#renderer/features/waitlist/walk-in-panel.tsx'
import { useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import { showNews, showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { DeskParts } from './desk-parts.ts'
import { focusBoard } from './focus-board.ts'
import {
  openBooking,
  openPanel,
  openVisit,
  type Panel,
  remember,
  showPanel,
  showScreen,
  useView,
} from './view-state.ts'

type BoardPanelProps = { readonly parts: DeskParts; readonly waitlist: Waitlist; readonly freed: readonly FreedTime[] }

/** What stands beside the board: who waits, a booking, a visit, a walk-in, the waitlist. */
export function BoardPanel(props: BoardPanelProps) {
  const { parts } = props
  const { clinic, clinicDay } = parts
  const { panel, cursor, recent } = useView()
  const { day } = clinicDay
  const wanted = useMemo(
    () => (cursor.columnId === '' ? null : { doctorId: cursor.columnId as DoctorId, day, minute: cursor.minute }),
    [cursor.columnId, cursor.minute, day],
  )
  const close = closerOf(parts)
  if (panel.kind === 'booking') {
    return (
      <BookingPanel
        key={`${panel.patientId} ${panel.typeId}`}
        api={parts.host.api}
        clinic={clinic}
        wanted={wanted}
        first={panel}
        recent={recent}
        onBooked={(visit) => {
          remember(visit.patientId)
          openVisit(visit, minuteOfDayOf(visit.localStart))
          close()
        }}
        onClose={close}
      />
    )
  }
  if (panel.kind === 'session') return <Session key={panel.id} parts={parts} id={panel.id} onClose={close} />
  if (panel.kind === 'doctor-day')
    return <DoctorDay key={`${panel.doctorId} ${panel.day}`} parts={parts} {...panel} onClose={close} />
  if (panel.kind === 'details') return <Details key={panel.id} parts={parts} id={panel.id} onClose={close} />
  if (panel.kind === 'move-series') return <MoveSeries parts={parts} panel={panel} onClose={close} />
  if (panel.kind === 'walk-in' || panel.kind === 'waitlist') return <WaitlistPanels {...props} onClose={close} />
  if (panel.kind === 'day-note') return <Note key={panel.noteId} parts={parts} id={panel.noteId} onClose={close} />
  return <Waiting {...props} />
}

/** Back to who waits, with the keyboard on the board. */
const closerOf =
  ({ grid }: DeskParts) =>
  (): void => {
    showPanel({ kind: 'waiting' })
    focusBoard(grid)
  }

const showVisit = (visit: Appointment): void => openVisit(visit, minuteOfDayOf(visit.localStart))

const NO_NOTES: readonly never[] = []

/** Who is late, what is to be known about the day, who waits, who came without a booking, and how many wait for a time. */
function Waiting({ parts, waitlist, freed }: BoardPanelProps) {
  const { clinic, clinicDay, today } = parts
  const { appointments } = clinicDay
  const isToday = clinicDay.day === today
  const notes = useDayNotes(clinicDay.day) ?? NO_NOTES
  return (
    <WaitingList
      clinic={clinic}
      appointments={appointments}
      selectedId={null}
      notes={
        clinic.mayEver('view-schedules') && (
          <DayNotes
            clinic={clinic}
            notes={notes}
            onOpen={(note) => openPanel({ kind: 'day-note', noteId: note?.id ?? null })}
          />
        )
      }
      onOpen={(id) => {
        const visit = appointments?.find((one) => one.id === id)
        if (visit) showVisit(visit)
      }}
    >
      {isToday && <LateDoctors clinic={clinic} lateness={parts.lateness} appointments={appointments} />}
      {clinic.mayEver('manage-waitlist') && (
        <WaitingSections
          clinic={clinic}
          entries={waitlist.entries}
          walkIns={isToday ? waitlist.walkIns : []}
          freed={freed}
          onWalkIn={(entry) => openPanel({ kind: 'walk-in', entryId: entry?.id ?? null })}
          onWaitlist={() => openPanel({ kind: 'waitlist' })}
        />
      )}
      <KeptTimes api={parts.host.api} clinic={clinic} day={clinicDay.day} />
      <RecallList clinic={clinic} onBook={({ patientId }) => openBooking(null, patientId)} />
    </WaitingList>
  )
}

function WaitlistPanels({ parts, waitlist, freed, onClose }: BoardPanelProps & { readonly onClose: () => void }) {
  const { clinic, host } = parts
  const { panel, recent } = useView()
  const take = useTakeTime(clinic, host.api)
  const patientStep = (id: PatientId | null, onPatient: (id: PatientId | null) => void) => (
    <PatientStep
      clinic={clinic}
      patientId={id}
      recent={recent}
      repeat={null}
      onRepeat={() => undefined}
      onPatient={onPatient}
    />
  )
  const shared = { clinic, take, patientStep, onClose }
  const onTaken = (visit: Appointment): void => {
    remember(visit.patientId)
    showVisit(visit)
    onClose()
  }
  if (panel.kind === 'walk-in') {
    const entry = waitlist.walkIns.find(({ id }) => id === panel.entryId) ?? null
    return <WalkInPanel key={panel.entryId} entry={entry} onTaken={onTaken} {...shared} />
  }
  return (
    <WaitlistPanel
      entries={waitlist.entries}
      freed={freed}
      onTaken={showVisit}
      onBook={({ patientId }) => openBooking(null, patientId)}
      {...shared}
    />
  )
}

type NoteProps = { readonly parts: DeskParts; readonly id: DayNoteId | null; readonly onClose: () => void }

/** A note that is changed, whatever day is shown meanwhile, or a new one. */
function Note({ parts, id, onClose }: NoteProps) {
  const { clinic, clinicDay } = parts
  const { database } = useLocalDb()
  const found = useRxQuery(useMemo(() => (id === null ? null : find(database, 'day_notes', { id })), [database, id]))
  const note = id === null ? null : found?.[0]
  const isGone = found !== undefined && note === undefined
  useEffect(() => {
    // Taken down by somebody else.
    if (isGone) onClose()
  }, [isGone, onClose])
  if (note === undefined) return null
  return <NoteForm clinic={clinic} note={note} day={clinicDay.day} onDone={onClose} />
}

type DoctorDayProps = {
  readonly parts: DeskParts
  readonly doctorId: DoctorId
  readonly day: LocalDay
  readonly onClose: () => void
}

/** A day that a doctor cannot hold: what becomes of its visits, and whom to call. */
function DoctorDay({ parts, doctorId, day, onClose }: DoctorDayProps) {
  const { clinic, host } = parts
  const { t } = useTranslation()
  const print = async (sheet: DaySheet): Promise<void> => {
    try {
      await printDaySheet(sheet, host.platform)
    } catch (error) {
      showProblem(t('error.print-failed', { why: error instanceof Error ? error.message : String(error) }))
    }
  }
  return (
    <DoctorDayPanel
      api={host.api}
      clinic={clinic}
      doctorId={doctorId}
      day={day}
      onPrint={(sheet) => void print(sheet)}
      onClose={onClose}
    />
  )
}

type SessionProps = { readonly parts: DeskParts; readonly id: string; readonly onClose: () => void }

/** Who comes to a group, and the way to one more. */
function Session({ parts, id, onClose }: SessionProps) {
  const { clinic } = parts
  const place = placeOfSession(id)
  if (!place) return null
  const { doctorId, typeId, start } = place
  return (
    <SessionPanel
      clinic={clinic}
      place={place}
      onOpen={showVisit}
      onAdd={() => openBooking({ columnId: doctorId, minute: toLocal(start, clinic.zone).minuteOfDay }, null, typeId)}
      onWaitlist={() => openPanel({ kind: 'waitlist' })}
      onClose={onClose}
    />
  )
}

type MoveSeriesProps = {
  readonly parts: DeskParts
  readonly panel: Extract<Panel, { readonly kind: 'move-series' }>
  readonly onClose: () => void
}

/** The panel stays until it is said; till then the visit is where it was. */
function MoveSeries({ parts, panel, onClose }: MoveSeriesProps) {
  const { clinic, host, mover } = parts
  const { visit, target, day } = panel
  const start = mover.startAt(day, target.minute)
  if (start === null) return null
  return (
    <MoveSeriesPanel
      api={host.api}
      clinic={clinic}
      visit={visit}
      place={{ doctorId: target.columnId as DoctorId, start }}
      onOnlyThis={() => {
        onClose()
        void mover.move(visit, target, day)
      }}
      onClose={onClose}
    />
  )
}

type DetailsProps = { readonly parts: DeskParts; readonly id: AppointmentId; readonly onClose: () => void }

function Details({ id, ...props }: DetailsProps) {
  const { database } = useLocalDb()
  const visit = useRxQuery(useMemo(() => find(database, 'appointments', { id }), [database, id]))?.[0]
  useNewsOf(props.parts.clinic, visit)
  return visit ? <VisitDetails visit={visit} {...props} /> : null
}

function VisitDetails({ parts, visit, onClose }: Omit<DetailsProps, 'id'> & { readonly visit: Appointment }) {
  const { clinic, steps, host } = parts
  const { panel } = useView()
  const { id } = visit
  const series = useSeriesOf(host.api, clinic, visit)
  const isCancelling = panel.kind === 'details' && panel.isCancelling
  const back = (): void => showPanel({ kind: 'details', id, isCancelling: false })
  return (
    <AppointmentDetails
      clinic={clinic}
      appointment={visit}
      series={series}
      steps={steps}
      form={
        isCancelling ? (
          <CancelForm
            clinic={clinic}
            appointment={visit}
            series={series}
            api={host.api}
            onDone={onClose}
            onBack={back}
          />
        ) : null
      }
      onMove={() => parts.beginMove(visit)}
      onCancel={() => showPanel({ kind: 'details', id, isCancelling: true })}
      onReview={() => showScreen('inbox', visit.id)}
      onBookAgain={() => openBooking(null, visit.patientId)}
      onOpen={(other) => openVisit(other, minuteOfDayOf(other.localStart))}
      onClose={onClose}
    />
  )
}

/** Says when somebody else changes the visit that is open: what is read aloud to a caller may no longer be so. */
function useNewsOf(clinic: Clinic, visit: Appointment | undefined): void {
  const { t } = useTranslation()
  const format = useFormat()
  const name = usePatientLookup()(visit?.patientId ?? ('' as PatientId))?.name ?? ''
  const watched = useMemo(() => visit && [visit], [visit])
  const changed = useForeignChanges(visit?.id ?? '', watched)
  const isChanged = visit !== undefined && changed.has(visit.id)
  const news =
    isChanged &&
    t('details.changed', {
      name,
      time: format.moment(visit.start),
      doctor: clinic.doctorOf(visit.doctorId)?.name ?? '',
      status: t(`status.${lookOf(visit)}`),
    })
  useEffect(() => {
    if (news) showNews(news)
  }, [news])
}
