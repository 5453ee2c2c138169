/** What already takes time of doctors, rooms and equipment, as searches for free times read it: few columns, many rows, no locks. */
import { sql } from 'kysely'
import type { AppointmentId, AppointmentTypeId, ClinicId, DoctorId, RoomId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { HOUR_MS, type Instant } from '#domain/time/instant.ts'
import { indexHint, type Tx } from '#server/database/dialect.ts'
import { toDocument } from './document-rows.ts'
import type { ResourceKind } from './resources.ts'

/** No appointment is longer, which a constraint keeps: how far back one that reaches into a stretch can begin. */
const LONGEST_MS = 24 * HOUR_MS

export type TakenTime = Interval & {
  readonly id: AppointmentId
  readonly doctorId: DoctorId
  readonly typeId: AppointmentTypeId
  readonly roomId: RoomId | null
}

const TAKEN = [
  'appointments.id',
  'appointments.doctor_id as doctorId',
  'appointments.type_id as typeId',
  'appointments.room_id as roomId',
  'appointments.start_at as start',
  'appointments.end_at as end',
] as const

/** The appointments of some doctors that hold time and touch the stretch, in no order. */
export async function listTakenTime(
  tx: Tx,
  clinicId: ClinicId,
  doctorIds: readonly DoctorId[],
  { start, end }: Interval,
): Promise<TakenTime[]> {
  if (doctorIds.length === 0) return []
  // Named, because in a large table the planner takes an index that reads every visit of the clinic.
  const { rows } = await sql<TakenTime>`
    select id, doctor_id as doctorId, type_id as typeId, room_id as roomId, start_at as start, end_at as end
    from appointments ${indexHint(tx, 'appointments_time_of_doctor')}
    where clinic_id = ${clinicId} and doctor_id in (${sql.join(doctorIds)}) and holds_time = 1
    and start_at < ${end} and start_at > ${start - LONGEST_MS} and end_at > ${start}`.execute(tx)
  return rows
}

/** The appointments that use some rooms, or some equipment, in the stretch; one row for each thing used. */
export async function listResourceUse(
  tx: Tx,
  clinicId: ClinicId,
  kind: ResourceKind,
  resourceIds: readonly string[],
  { start, end }: Interval,
): Promise<(TakenTime & { readonly resourceId: string })[]> {
  if (resourceIds.length === 0) return []
  return tx
    .selectFrom('appointment_resources')
    .innerJoin('appointments', 'appointments.id', 'appointment_resources.appointment_id')
    .select(TAKEN)
    .select('appointment_resources.resource_id as resourceId')
    .where('appointment_resources.clinic_id', '=', clinicId)
    .where('appointment_resources.kind', '=', kind)
    .where('appointment_resources.resource_id', 'in', resourceIds)
    .where('appointment_resources.holds_time', '=', 1)
    .where('appointment_resources.start_at', '<', end)
    .where('appointment_resources.start_at', '>', start - LONGEST_MS)
    .where('appointment_resources.end_at', '>', start)
    .execute()
}

/** The appointments that hold time and end after an instant, in order of time: of one doctor, on some local days, after a place. */
export async function listComingVisits(
  tx: Tx,
  clinicId: ClinicId,
  now: Instant,
  {
    doctorId,
    from,
    until,
    after,
    limit,
  }: {
    readonly doctorId?: DoctorId | undefined
    readonly from?: LocalDay | undefined
    readonly until?: LocalDay | undefined
    readonly after?: { readonly start: Instant; readonly id: string } | null
    readonly limit?: number
  },
): Promise<WireDocument<'appointments'>[]> {
  let query = tx
    .selectFrom('appointments')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('holds_time', '=', 1)
    .where('start_at', '>', now - LONGEST_MS)
    .where('end_at', '>', now)
  if (doctorId) query = query.where('doctor_id', '=', doctorId)
  if (from) query = query.where('local_day', '>=', from)
  if (until) query = query.where('local_day', '<=', until)
  if (after) {
    const { start, id } = after
    query = query.where(({ or, and, eb }) =>
      or([eb('start_at', '>', start), and([eb('start_at', '=', start), eb('id', '>', id as AppointmentId)])]),
    )
  }
  if (limit !== undefined) query = query.limit(limit)
  const rows = await query.orderBy('start_at').orderBy('id').execute()
  return rows.map((row) => toDocument('appointments', row))
}
