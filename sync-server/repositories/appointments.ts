/** What bookings need to know of the appointments already there. The generic reads and writes are in documents.ts. */
import { sql } from 'kysely'
import type { AppointmentId, AppointmentTypeId, ClinicId, DoctorId, PatientId, RoomId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { HOUR_MS, type Instant } from '#domain/time/instant.ts'
import { indexHint, lockedPart, type Tx } from '#server/database/dialect.ts'
import { toDocument } from './document-rows.ts'

/** No appointment is longer, which a constraint keeps: how far back a visit that reaches into a stretch can begin. */
const LONGEST_MS = 24 * HOUR_MS

/** A visit that holds time, with what a refusal may say about it. */
export type HeldTime = Interval & {
  readonly id: AppointmentId
  readonly doctorId: DoctorId
  readonly patientId: PatientId
  readonly typeId: AppointmentTypeId
  readonly roomId: RoomId | null
  readonly origin: string
  readonly createdByName: string
  readonly createdAt: Instant
  readonly overbookReason: string
}

export const HELD = [
  'appointments.id',
  'appointments.doctor_id as doctorId',
  'appointments.patient_id as patientId',
  'appointments.type_id as typeId',
  'appointments.room_id as roomId',
  'appointments.start_at as start',
  'appointments.end_at as end',
  'appointments.origin',
  'appointments.created_by_name as createdByName',
  'appointments.created_at as createdAt',
  'appointments.overbook_reason as overbookReason',
] as const

const HELD_COLUMNS = sql.raw(`id, doctor_id as doctorId, patient_id as patientId, type_id as typeId, room_id as roomId,
  start_at as start, end_at as end, origin, created_by_name as createdByName, created_at as createdAt,
  overbook_reason as overbookReason`)

const LOOK_INDEX = { doctor: 'appointments_time_of_doctor', patient: 'appointments_of_patient' } as const

/** A question for the visits of one doctor, or one patient, that touch a stretch. */
export type Look = { readonly whose: 'doctor' | 'patient'; readonly id: string; readonly stretch: Interval }

/**
 * The visits that hold time and answer each look, in order of time, locked until the transaction ends. One statement, with its
 * indexes named: weighing the others costs the planner as much as a look itself. The lower bound keeps each part a range scan
 * of the index on doctor (or patient), held time and start.
 */
export async function lockHeldTime(
  tx: Tx,
  clinicId: ClinicId,
  looks: readonly Look[],
): Promise<readonly (readonly HeldTime[])[]> {
  const parts = looks.map(({ whose, id, stretch: { start, end } }, index) =>
    lockedPart(
      tx,
      sql`select ${sql.raw(String(index))} as look, ${HELD_COLUMNS} from appointments
      ${indexHint(tx, LOOK_INDEX[whose])}
      where clinic_id = ${clinicId} and ${sql.raw(`${whose}_id`)} = ${id} and holds_time = 1
      and start_at < ${end} and start_at > ${start - LONGEST_MS} and end_at > ${start}`,
    ),
  )
  const { rows } = await sql<HeldTime & { readonly look: number }>`${sql.join(parts, sql` union all `)}`.execute(tx)
  const found: HeldTime[][] = looks.map(() => [])
  for (const { look, ...held } of rows) found[look]?.push(held)
  for (const each of found) each.sort((a, b) => a.start - b.start)
  return found
}

/** The same for several doctors at once, without locks: what slots are offered from. */
export async function listHeldTime(
  tx: Tx,
  clinicId: ClinicId,
  doctorIds: readonly DoctorId[],
  { start, end }: Interval,
): Promise<HeldTime[]> {
  if (doctorIds.length === 0) return []
  return tx
    .selectFrom('appointments')
    .select(HELD)
    .where('clinic_id', '=', clinicId)
    .where('doctor_id', 'in', doctorIds)
    .where('holds_time', '=', 1)
    .where('start_at', '<', end)
    .where('start_at', '>', start - LONGEST_MS)
    .where('end_at', '>', start)
    .execute()
}

/** What one patient has at other doctors, without locks. */
export async function listHeldTimeOfPatient(
  tx: Tx,
  clinicId: ClinicId,
  patientId: PatientId,
  { start, end }: Interval,
): Promise<HeldTime[]> {
  return tx
    .selectFrom('appointments')
    .select(HELD)
    .where('clinic_id', '=', clinicId)
    .where('patient_id', '=', patientId)
    .where('holds_time', '=', 1)
    .where('start_at', '<', end)
    .where('start_at', '>', start - LONGEST_MS)
    .where('end_at', '>', start)
    .execute()
}

/** Statuses in which doctor and patient have met or are to meet. */
const VISIT_STATUSES = ['pending', 'confirmed', 'arrived', 'fulfilled', 'noshow'] as const

/** The doctors with a visit of this patient that ends after `since`, the future included. */
export async function listDoctorsWithVisit(
  tx: Tx,
  clinicId: ClinicId,
  patientId: PatientId,
  since: Instant,
): Promise<DoctorId[]> {
  const rows = await visitsOf(tx, clinicId, patientId, since).select('doctor_id').distinct().execute()
  return rows.map(({ doctor_id }) => doctor_id)
}

/** True when patient and doctor have a visit that ends after `since`, the future included. */
export async function hasVisitWith(
  tx: Tx,
  clinicId: ClinicId,
  pair: { readonly patientId: PatientId; readonly doctorId: DoctorId },
  since: Instant,
): Promise<boolean> {
  const row = await visitsOf(tx, clinicId, pair.patientId, since)
    .select('id')
    .where('doctor_id', '=', pair.doctorId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const visitsOf = (tx: Tx, clinicId: ClinicId, patientId: PatientId, since: Instant) =>
  tx
    .selectFrom('appointments')
    .where('clinic_id', '=', clinicId)
    .where('patient_id', '=', patientId)
    .where('is_deleted', '=', 0)
    .where('status', 'in', VISIT_STATUSES)
    .where('end_at', '>', since)

/** Every appointment of a patient, deleted ones included. */
export async function listAppointmentsOfPatient(
  tx: Tx,
  clinicId: ClinicId,
  patientId: PatientId,
): Promise<WireDocument<'appointments'>[]> {
  const rows = await tx
    .selectFrom('appointments')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('patient_id', '=', patientId)
    .execute()
  return rows.map((row) => toDocument('appointments', row))
}

/** How many visits a patient has ahead that still stand, by type. */
export async function countUpcoming(
  tx: Tx,
  clinicId: ClinicId,
  patientId: PatientId,
  now: Instant,
): Promise<ReadonlyMap<AppointmentTypeId, number>> {
  const rows = await tx
    .selectFrom('appointments')
    .select(({ fn }) => ['type_id', fn.countAll<number | string>().as('count')])
    .where('clinic_id', '=', clinicId)
    .where('patient_id', '=', patientId)
    .where('holds_time', '=', 1)
    .where('start_at', '>', now)
    .groupBy('type_id')
    .execute()
  return new Map(rows.map(({ type_id, count }) => [type_id, Number(count)]))
}
