/** The alarm behind the lock: pairs of visits that hold the same time, which must not exist. */
import { sql } from 'kysely'
import type { AppointmentId, ClinicId } from '#domain/ids.ts'
import type { Tx } from '#server/database/dialect.ts'

export type Overlap = {
  readonly kind: 'doctor' | 'patient'
  readonly first: AppointmentId
  readonly second: AppointmentId
}

/**
 * Every pair of a clinic's visits that share time and a doctor, or time and a patient. The later of a pair begins within the
 * earlier, so one range scan per visit finds them all.
 */
export async function listOverlaps(tx: Tx, clinicId: ClinicId): Promise<Overlap[]> {
  return [...(await pairsBy(tx, clinicId, 'doctor')), ...(await pairsBy(tx, clinicId, 'patient'))]
}

async function pairsBy(tx: Tx, clinicId: ClinicId, kind: Overlap['kind']): Promise<Overlap[]> {
  const column = sql.ref(`${kind}_id`)
  const { rows } = await sql<{ first: AppointmentId; second: AppointmentId }>`
    select a.id as first, b.id as second
    from appointments a join appointments b
      on b.clinic_id = a.clinic_id and b.${column} = a.${column} and b.holds_time = 1
      and b.start_at >= a.start_at and b.start_at < a.end_at and (b.start_at > a.start_at or b.id > a.id)
    where a.clinic_id = ${clinicId} and a.holds_time = 1`.execute(tx)
  return rows.map(({ first, second }) => ({ kind, first, second }))
}
