/**
 * The queries screens ask. Every selector and sort goes through `find`, whose types leave out the encrypted fields: the
 * storage sees them as one ciphertext, so a selector on one would silently find nothing and a sort would be wrong.
 */
import type { RxDocument, RxQuery } from 'rxdb'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import { type DayNote, earliestDayFor } from '#domain/clinic/day-note.ts'
import type { Room } from '#domain/clinic/room-schema.ts'
import type { DoctorId, PatientId } from '#domain/ids.ts'
import type { Notice } from '#domain/message/notice.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import type { Schedule, ScheduleTemplate } from '#domain/schedule/schedule-schemas.ts'
import { type COLLECTIONS, type CollectionName, type Documents, definitionOf } from '#domain/sync/collections.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import type { LocalDatabase } from './local-database.ts'
import { plainOf } from './plain-document.ts'

export type Find<Doc> = RxQuery<Doc, RxDocument<Doc>[]>

type EncryptedField<Name extends CollectionName> = (typeof COLLECTIONS)[Name]['encrypted'][number]
/** The fields of a collection that can be selected and sorted by. */
export type PlainField<Name extends CollectionName> = Exclude<keyof Documents[Name] & string, EncryptedField<Name>>

type Comparison<Value> =
  | Value
  | { readonly $eq?: Value; readonly $ne?: Value; readonly $in?: readonly Value[]; readonly $nin?: readonly Value[] }
  | { readonly $gt?: Value; readonly $gte?: Value; readonly $lt?: Value; readonly $lte?: Value }

export type PlainSelector<Name extends CollectionName> = {
  readonly [Field in PlainField<Name>]?: Comparison<Documents[Name][Field]>
}

/**
 * A live query on plain fields.
 * @throws RangeError when an encrypted field slips past the types
 */
export function find<Name extends CollectionName>(
  database: LocalDatabase,
  name: Name,
  selector: PlainSelector<Name> = {},
  sort?: readonly { readonly [Field in PlainField<Name>]?: 'asc' | 'desc' }[],
): Find<Documents[Name]> {
  const asked = [selector, ...(sort ?? [])].flatMap((part) => Object.keys(part))
  const secret = asked.find((field) => definitionOf(name).encrypted.includes(field))
  if (secret !== undefined) throw new RangeError(`${name}.${secret} is encrypted and cannot be asked for`)
  const query = { selector, ...(sort ? { sort } : {}) }
  return database[name].find(query as never) as unknown as Find<Documents[Name]>
}

/** What a query finds now, as plain documents. */
export const readAll = async <Doc>(query: Find<Doc>): Promise<readonly Doc[]> => (await query.exec()).map(plainOf)

/** A clinic day's appointments, all statuses, by doctor and start. `days` has one day as a rule, or a week's seven. */
export const appointmentsOfDays = (database: LocalDatabase, days: readonly string[]): Find<Appointment> =>
  find(database, 'appointments', { localDay: days.length === 1 && days[0] ? days[0] : { $in: days } })

/** Every status, from the first to the last day, both included. */
export const appointmentsBetween = (database: LocalDatabase, from: string, until: string): Find<Appointment> =>
  find(database, 'appointments', { localDay: { $gte: from, $lte: until } })

/** One doctor's visits of some days, every status. */
export const appointmentsOfDoctor = (
  database: LocalDatabase,
  doctorId: DoctorId,
  days: readonly string[],
): Find<Appointment> => find(database, 'appointments', { localDay: { $in: days }, doctorId })

export const appointmentsOfPatient = (database: LocalDatabase, patientId: PatientId): Find<Appointment> =>
  find(database, 'appointments', { patientId })

export const appointmentsOfPatients = (database: LocalDatabase, ids: readonly PatientId[]): Find<Appointment> =>
  find(database, 'appointments', { patientId: { $in: ids } })

/** Orders to see somebody again that nobody has taken back. */
export const openRecalls = (database: LocalDatabase): Find<WaitlistEntry> =>
  find(database, 'waitlist_entries', { status: 'waiting', kind: 'recall' })

/** Everything in one status, such as the unplaced worklist. */
export const appointmentsInStatus = (database: LocalDatabase, status: AppointmentStatus): Find<Appointment> =>
  find(database, 'appointments', { status })

export const allDoctors = (database: LocalDatabase): Find<Doctor> => find(database, 'doctors')
export const allPatients = (database: LocalDatabase): Find<Patient> => find(database, 'patients')
export const patientsById = (database: LocalDatabase, ids: readonly PatientId[]): Find<Patient> =>
  find(database, 'patients', { id: { $in: ids } })
export const allAppointmentTypes = (database: LocalDatabase) => find(database, 'appointment_types')
export const allRooms = (database: LocalDatabase): Find<Room> => find(database, 'rooms')
export const allTemplates = (database: LocalDatabase): Find<ScheduleTemplate> => find(database, 'schedule_templates')
/** Dated exceptions from the first to the last day, both included. */
export const schedulesBetween = (database: LocalDatabase, from: string, until: string): Find<Schedule> =>
  find(database, 'schedules', { date: { $gte: from, $lte: until } })
/** One doctor's dated exceptions from a day on. */
export const schedulesOfDoctor = (database: LocalDatabase, doctorId: DoctorId, from: string): Find<Schedule> =>
  find(database, 'schedules', { date: { $gte: from }, doctorId })
export const templatesOfDoctor = (database: LocalDatabase, doctorId: DoctorId): Find<ScheduleTemplate> =>
  find(database, 'schedule_templates', { doctorId })
/** Who waits for a time, or was offered one and has not answered. */
export const openWaitlist = (database: LocalDatabase): Find<WaitlistEntry> =>
  find(database, 'waitlist_entries', { status: { $in: ['waiting', 'offered'] } })
/** What may stand on a day: notes whose first day is not too far back. Which of them do, `standsOn` says. */
export const dayNotesFor = (database: LocalDatabase, day: LocalDay): Find<DayNote> =>
  find(database, 'day_notes', { date: { $gte: earliestDayFor(day), $lte: day } })
export const allNotices = (database: LocalDatabase): Find<Notice> => find(database, 'notifications')
/** Times that devices keep and nobody has used; whether one is over its start says. */
export const openAllotments = (database: LocalDatabase): Find<Allotment> =>
  find(database, 'allotments', { status: 'open' })
export const allRejectedChanges = (database: LocalDatabase): Find<RejectedChange> => find(database, 'rejected_changes')
