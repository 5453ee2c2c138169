import { can, type Subject } from '#domain/access/can.ts'
import type { Alternative, WallTime } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { toInstant, type Zone } from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { findLocation, getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { isAboutTime } from './decide-booking.ts'
import { proposeFor, type Wanted } from './find-alternatives.ts'

type Deps = { readonly database: Database; readonly now: () => Instant }

/** What was asked for: a new appointment, or another time or doctor for the one of this id. */
export type Wish = {
  readonly id?: AppointmentId
  readonly doctorId?: DoctorId
  readonly patientId?: PatientId
  readonly typeId?: AppointmentTypeId
  readonly start?: Instant | WallTime
}

/**
 * Up to five times that the author of a booking or a move could have instead of the one refused, true at the moment of asking;
 * undefined where another time would not help. Free times name nobody: who holds the wanted one is no part of them.
 */
export async function proposeInstead(
  { database, now }: Deps,
  subject: Subject,
  rejection: Rejection,
  wish: Wish,
): Promise<readonly Alternative[] | undefined> {
  if (!isAboutTime(rejection)) return undefined
  return database.read(async (tx) => {
    const stored = wish.id && (await findDocument(tx, 'appointments', wish.id))
    if (stored && !can(subject, 'view-appointments', stored)) return undefined
    const appointment = await toWanted(tx, subject, { ...stored, ...wish }, stored || undefined)
    const permission = stored ? 'move-appointment' : 'book-appointment'
    return appointment && proposeFor(tx, { subject, appointment, permission, now: now() })
  })
}

async function toWanted(
  tx: Tx,
  { clinicId }: Subject,
  { doctorId, patientId, typeId, start }: Wish,
  stored: Appointment | undefined,
): Promise<Wanted | undefined> {
  if (!doctorId || !patientId || !typeId || start === undefined) return undefined
  const zone = await zoneOf(tx, clinicId, doctorId)
  const begin = typeof start === 'number' ? start : instantOf(start, zone)
  const type = await findDocument(tx, 'appointment_types', typeId)
  if (begin === undefined || !type) return undefined
  const length = stored ? stored.end - stored.start : minutes(type.durationMinutes)
  const { id = null, status = 'pending' } = stored ?? {}
  return { id, clinicId, doctorId, patientId, typeId, start: begin, end: begin + length, zone, status }
}

async function zoneOf(tx: Tx, clinicId: Subject['clinicId'], doctorId: DoctorId): Promise<Zone> {
  const doctor = await findDocument(tx, 'doctors', doctorId)
  const place = doctor?.locationId ? await findLocation(tx, doctor.locationId) : undefined
  return place?.zone ?? (await getClinic(tx, clinicId)).zone
}

function instantOf({ day, time, repeat = 'earlier' }: WallTime, zone: Zone): Instant | undefined {
  const answer = toInstant(day, time, zone)
  if (answer.ok) return answer.instant
  return answer.reason === 'repeated-hour' ? answer[repeat] : undefined
}
