import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { AvailabilityScreen } from '#renderer/features/availability/availability-screen.tsx'
import { find, readAll } from '#renderer/local-db/queries.ts'
import type { DeskParts } from './desk-parts.ts'
import { adderOfDoctors } from './use-board-props.ts'
import { openVisit } from './view-state.ts'

/** Working hours; a visit that lies outside them is moved where one sees where there is room. */
export function AvailabilityView({ parts }: { readonly parts: DeskParts }) {
  const { clinic, host, today } = parts
  const move = async (id: AppointmentId): Promise<void> => {
    const [visit]: readonly Appointment[] = await readAll(find(host.session.database, 'appointments', { id }))
    if (!visit) return
    openVisit(visit, minuteOfDayOf(visit.localStart))
    if (clinic.may('move-appointment', visit)) parts.beginMove(visit)
  }
  return (
    <AvailabilityScreen
      clinic={clinic}
      api={host.api}
      today={today}
      onMove={(id) => void move(id)}
      onAddDoctors={adderOfDoctors(clinic)}
    />
  )
}
