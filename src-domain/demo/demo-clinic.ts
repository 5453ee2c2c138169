/** A believable clinic for the first start, for pictures and for tests: the same seed and the same moment give the same data. */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { DayNote } from '#domain/clinic/day-note.ts'
import type { Equipment } from '#domain/clinic/equipment.ts'
import type { Room } from '#domain/clinic/room-schema.ts'
import type { ClinicId } from '#domain/ids.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { Closure } from '#domain/schedule/closure.ts'
import type { LocationRow } from '#domain/schedule/location.ts'
import type { Schedule, ScheduleTemplate } from '#domain/schedule/schedule-schemas.ts'
import { localDayOf, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { demoDoctors } from './demo-doctors.ts'
import { demoSchedules, demoTemplates } from './demo-hours.ts'
import { demoId } from './demo-ids.ts'
import { demoNotes } from './demo-notes.ts'
import { demoPatients } from './demo-patients.ts'
import {
  classSchedules,
  classVisits,
  closureSchedules,
  demoClassType,
  demoClosure,
  demoEquipment,
  demoRooms,
  inScanRoom,
  withNeeds,
} from './demo-resources.ts'
import { demoVisits } from './demo-visits.ts'
import { demoWaitlist } from './demo-waitlist.ts'

export const DEMO_SEED = 2_026
const ZONE: Zone = 'Europe/London'

export type DemoClinic = {
  readonly clinic: { readonly id: ClinicId; readonly name: string; readonly zone: Zone }
  readonly locations: readonly LocationRow[]
  readonly rooms: readonly Room[]
  readonly equipment: readonly Equipment[]
  /** What they take from hours is among the schedules. */
  readonly closures: readonly Closure[]
  readonly doctors: readonly Doctor[]
  readonly patients: readonly Patient[]
  readonly appointmentTypes: readonly AppointmentType[]
  readonly templates: readonly ScheduleTemplate[]
  readonly schedules: readonly Schedule[]
  readonly appointments: readonly Appointment[]
  readonly waitlistEntries: readonly WaitlistEntry[]
  readonly dayNotes: readonly DayNote[]
}

/**
 * Twelve doctors in six specializations, their hours and leave, rooms and an ultrasound, a holiday, a class for groups,
 * `patientCount` patients, some of them waiting for a time, notes on the days, and five weeks of appointments whose statuses fit `now`. Every document satisfies its replication schema; `revision` is 1, users are linked by the caller.
 */
export function demoClinic({
  seed = DEMO_SEED,
  now,
  patientCount = 2_000,
}: {
  readonly seed?: number
  readonly now: Instant
  readonly patientCount?: number
}): DemoClinic {
  const clinicId = demoId(seed, 'Clinic', 0)
  const locationId = demoId(seed, 'Location', 0)
  const today = localDayOf(now, ZONE)
  const place = { seed, clinicId, locationId }
  const staffed = demoDoctors(seed, clinicId, locationId)
  const doctors = staffed.map(({ doctor }) => doctor)
  const patients = demoPatients(seed, clinicId, patientCount)
  const rooms = demoRooms(place, doctors.length)
  const equipment = demoEquipment(place)
  const rota = { ...place, zone: ZONE, doctorIds: doctors.map(({ id }) => id), today }
  const templates = demoTemplates(rota)
  const leave = demoSchedules(rota)
  const closure = demoClosure(rota, leave)
  const schedules = [...leave, ...closureSchedules(rota, closure, leave.length)]
  const kinds = new Map(staffed.flatMap(({ visitTypes }) => visitTypes.map(({ type }) => [type.id, type])))
  const types = [...kinds.values()].map((type) => withNeeds(type, rooms, equipment))
  const visits = demoVisits({ seed, clinicId, zone: ZONE, now, doctors: staffed, patients, templates, schedules }).map(
    (visit) => inScanRoom(visit, types, rota.doctorIds),
  )
  const group = demoClassType(place, types.length, rooms, rota.doctorIds)
  return {
    clinic: { id: clinicId, name: 'Riverside Clinic', zone: ZONE },
    locations: [{ id: locationId, clinicId, name: 'Riverside Clinic', address: '12 Wharf Lane, London', zone: ZONE }],
    rooms,
    equipment,
    closures: [closure],
    doctors,
    patients,
    appointmentTypes: [...types, group],
    templates,
    schedules: [...schedules, ...classSchedules(rota, schedules.length)],
    appointments: [...visits, ...classVisits({ ...rota, now, type: group, patients, visits })],
    waitlistEntries: demoWaitlist({ ...rota, now, types, patients }),
    dayNotes: demoNotes({ ...rota, now }),
  }
}
