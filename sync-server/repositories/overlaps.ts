/** The alarm behind the lock: visits that hold the same time beyond what there is of it, which must not exist. */
import { sql } from 'kysely'
import { peakDuring, sessionOf } from '#domain/appointment/occupancy.ts'
import type { AllotmentId, AppointmentId, AppointmentTypeId, ClinicId, DoctorId, RoomId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'

export type Overlap = {
  readonly kind: 'doctor' | 'patient' | 'room' | 'equipment' | 'group'
  readonly first: AppointmentId
  readonly second: AppointmentId
}

/**
 * Every pair of a clinic's visits that share a doctor or a patient, a room or equipment beyond its capacity, or a group that
 * has more patients than places. Visits of one session take doctor, room and equipment once. A visit that was overbooked on
 * purpose counts for its patient alone. The later of a pair begins within the earlier, so one range scan per visit finds them.
 */
export async function listOverlaps(tx: Tx, clinicId: ClinicId): Promise<Overlap[]> {
  return [
    ...(await doctorPairs(tx, clinicId)),
    ...(await patientPairs(tx, clinicId)),
    ...(await beyondCapacity(tx, clinicId, 'room')),
    ...(await beyondCapacity(tx, clinicId, 'equipment')),
    ...(await fullGroups(tx, clinicId)),
  ]
}

type Pair = { readonly first: AppointmentId; readonly second: AppointmentId }
const as = (kind: Overlap['kind'], pairs: readonly Pair[]): Overlap[] => pairs.map((pair) => ({ kind, ...pair }))

const LATER = sql`b.holds_time = 1 and b.start_at >= a.start_at and b.start_at < a.end_at
  and (b.start_at > a.start_at or b.id > a.id)`

async function doctorPairs(tx: Tx, clinicId: ClinicId): Promise<Overlap[]> {
  const { rows } = await sql<Pair>`
    select a.id as first, b.id as second
    from appointments a
      join appointments b on b.clinic_id = a.clinic_id and b.doctor_id = a.doctor_id and ${LATER}
      join appointment_types t on t.id = a.type_id
    where a.clinic_id = ${clinicId} and a.holds_time = 1 and a.overbook_reason = '' and b.overbook_reason = ''
      and not (t.capacity > 1 and b.type_id = a.type_id and b.start_at = a.start_at and b.end_at = a.end_at
        and coalesce(b.room_id, '') = coalesce(a.room_id, ''))`.execute(tx)
  return as('doctor', rows)
}

export type LeaseClash = { readonly lease: AllotmentId; readonly with: 'allotment' | 'visit'; readonly other: string }

/**
 * Every lease that keeps a time which another lease keeps too, or a visit has that was not put beside it on purpose. Who has let
 * theirs run out keeps nothing.
 */
export async function listLeaseClashes(tx: Tx, clinicId: ClinicId, now: Instant): Promise<LeaseClash[]> {
  const live = sql`a.clinic_id = ${clinicId} and a.status = 'open' and a.start_at > ${now}`
  const twice = await sql<{ lease: AllotmentId; other: string }>`
    select a.id as lease, b.id as other
    from allotments a join allotments b on b.clinic_id = a.clinic_id and b.doctor_id = a.doctor_id and b.status = 'open'
      and b.start_at >= a.start_at and b.start_at < a.end_at and (b.start_at > a.start_at or b.id > a.id)
    where ${live}`.execute(tx)
  const booked = await sql<{ lease: AllotmentId; other: string }>`
    select a.id as lease, v.id as other
    from allotments a join appointments v on v.clinic_id = a.clinic_id and v.doctor_id = a.doctor_id and v.holds_time = 1
      and v.start_at > a.start_at - 86400000 and v.start_at < a.end_at and v.end_at > a.start_at
    where ${live} and v.overbook_reason = ''`.execute(tx)
  return [
    ...twice.rows.map((row) => ({ ...row, with: 'allotment' as const })),
    ...booked.rows.map((row) => ({ ...row, with: 'visit' as const })),
  ]
}

async function patientPairs(tx: Tx, clinicId: ClinicId): Promise<Overlap[]> {
  const { rows } = await sql<Pair>`
    select a.id as first, b.id as second
    from appointments a
      join appointments b on b.clinic_id = a.clinic_id and b.patient_id = a.patient_id and ${LATER}
    where a.clinic_id = ${clinicId} and a.holds_time = 1`.execute(tx)
  return as('patient', rows)
}

type Use = {
  readonly later: AppointmentId
  readonly capacity: number
  readonly start: number
  readonly id: AppointmentId
  readonly doctorId: DoctorId
  readonly typeId: AppointmentTypeId
  readonly roomId: RoomId | null
  readonly end: number
  readonly beganAt: number
  readonly seats: number
}

/** For each visit, the visits that are in its resource when it begins, itself included: the number can only be too high then. */
async function beyondCapacity(tx: Tx, clinicId: ClinicId, kind: 'room' | 'equipment'): Promise<Overlap[]> {
  const { rows } = await sql<Use & { resource: string }>`
    select r.appointment_id as later, r.resource_id as resource, r.start_at as start, c.capacity as capacity,
      b.id as id, b.doctor_id as doctorId, b.type_id as typeId, b.room_id as roomId, b.start_at as beganAt, b.end_at as end,
      t.capacity as seats
    from appointment_resources r
      join ${sql.table(kind === 'room' ? 'rooms' : 'equipment')} c on c.id = r.resource_id
      join appointment_resources o on o.clinic_id = r.clinic_id and o.kind = r.kind and o.resource_id = r.resource_id
        and o.holds_time = 1 and o.start_at <= r.start_at and o.start_at > r.start_at - 86400000 and o.end_at > r.start_at
      join appointments a on a.id = r.appointment_id
      join appointments b on b.id = o.appointment_id
      join appointment_types t on t.id = b.type_id
    where r.clinic_id = ${clinicId} and r.kind = ${kind} and r.holds_time = 1
      and a.overbook_reason = '' and b.overbook_reason = ''`.execute(tx)
  const byVisit = Map.groupBy(rows, ({ later, resource }) => `${resource}/${later}`)
  return [...byVisit.values()].flatMap((uses) => {
    const [{ later, capacity, start } = {} as Use] = uses
    const occupants = uses.map((use) => ({
      start: use.beganAt,
      end: use.end,
      session: sessionOf({ ...use, start: use.beganAt }, use.seats),
    }))
    if (peakDuring(occupants, { start, end: start + 1 }) <= capacity) return []
    const other = uses.find(({ id }) => id !== later)
    return as(kind, [{ first: later, second: other?.id ?? later }])
  })
}

async function fullGroups(tx: Tx, clinicId: ClinicId): Promise<Overlap[]> {
  const { rows } = await sql<Pair>`
    select min(a.id) as first, max(a.id) as second
    from appointment_types t join appointments a on a.type_id = t.id and a.clinic_id = t.clinic_id
    where t.clinic_id = ${clinicId} and t.capacity > 1 and a.holds_time = 1 and a.overbook_reason = ''
    group by a.doctor_id, a.type_id, a.start_at, a.end_at, a.room_id, t.capacity
    having count(*) > t.capacity`.execute(tx)
  return as('group', rows)
}
