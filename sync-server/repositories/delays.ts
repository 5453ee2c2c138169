/** `doctor_delays` and `delay_notices`: how late doctors run, and who was to be told which figure. */
import type { AppointmentId, ClinicId, DoctorId, Id, UserId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type Delay = {
  readonly clinicId: ClinicId
  readonly doctorId: DoctorId
  readonly day: LocalDay
  readonly minutes: number
  readonly setBy: UserId
  readonly setAt: Instant
}
export type DelayNotice = Tables['delay_notices']

type Place = Pick<Delay, 'clinicId' | 'doctorId' | 'day'>

/** Writes what stands for the doctor's day from now on. */
export async function saveDelay(tx: Tx, { clinicId, doctorId, day, ...said }: Delay): Promise<void> {
  await tx
    .deleteFrom('doctor_delays')
    .where('clinic_id', '=', clinicId)
    .where('local_day', '=', day)
    .where('doctor_id', '=', doctorId)
    .execute()
  const row = { clinic_id: clinicId, doctor_id: doctorId, local_day: day }
  await tx
    .insertInto('doctor_delays')
    .values({ ...row, minutes: said.minutes, set_by: said.setBy, set_at: said.setAt })
    .execute()
}

export async function findDelay(tx: Tx, { clinicId, doctorId, day }: Place): Promise<Delay | undefined> {
  const row = await tx
    .selectFrom('doctor_delays')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('local_day', '=', day)
    .where('doctor_id', '=', doctorId)
    .executeTakeFirst()
  return row && toDelay(row)
}

/** Of every doctor of the clinic who has said something for the day. */
export async function listDelays(tx: Tx, clinicId: ClinicId, day: LocalDay): Promise<Delay[]> {
  const rows = await tx
    .selectFrom('doctor_delays')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('local_day', '=', day)
    .orderBy('doctor_id')
    .execute()
  return rows.map(toDelay)
}

/** What was to be told on the day, whatever the figure. */
export const listDelayNotices = (tx: Tx, clinicId: ClinicId, day: LocalDay): Promise<DelayNotice[]> =>
  tx
    .selectFrom('delay_notices')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('local_day', '=', day)
    .orderBy('id')
    .execute()

export async function insertDelayNotices(tx: Tx, rows: readonly DelayNotice[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('delay_notices').values(rows).execute()
}

export const listNoticesOfBatch = (tx: Tx, clinicId: ClinicId, id: Id<'DelayBatch'>): Promise<DelayNotice[]> =>
  tx.selectFrom('delay_notices').selectAll().where('batch_id', '=', id).where('clinic_id', '=', clinicId).execute()

export const findDelayNotice = (tx: Tx, id: Id<'DelayNotice'>): Promise<DelayNotice | undefined> =>
  tx.selectFrom('delay_notices').selectAll().where('id', '=', id).executeTakeFirst()

/** Whether the same visit was to be told another figure later. */
export async function hasLaterNotice(
  tx: Tx,
  { appointment_id, created_at, id }: Pick<DelayNotice, 'appointment_id' | 'created_at' | 'id'>,
): Promise<boolean> {
  const row = await tx
    .selectFrom('delay_notices')
    .select('id')
    .where('appointment_id', '=', appointment_id)
    .where('created_at', '>=', created_at)
    .where('id', '>', id)
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteNoticesOfBatch(tx: Tx, clinicId: ClinicId, id: Id<'DelayBatch'>): Promise<void> {
  await tx.deleteFrom('delay_notices').where('batch_id', '=', id).where('clinic_id', '=', clinicId).execute()
}

/** They say nothing about any other day than their own. */
export async function deleteDelaysBefore(tx: Tx, clinicId: ClinicId, day: LocalDay): Promise<void> {
  for (const table of ['doctor_delays', 'delay_notices'] as const) {
    await tx.deleteFrom(table).where('clinic_id', '=', clinicId).where('local_day', '<', day).execute()
  }
}

/** By the ids of visits. */
export const toldOf = (notices: readonly DelayNotice[], { doctorId, minutes }: Delay): AppointmentId[] =>
  notices.filter((row) => row.doctor_id === doctorId && row.minutes === minutes).map((row) => row.appointment_id)

const toDelay = (row: Tables['doctor_delays']): Delay => ({
  clinicId: row.clinic_id,
  doctorId: row.doctor_id,
  day: row.local_day,
  minutes: row.minutes,
  setBy: row.set_by,
  setAt: row.set_at,
})
