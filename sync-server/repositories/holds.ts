/** Times kept free for somebody for a short while. Few rows: what has run out is deleted with the next hold. */
import type {
  AppointmentTypeId,
  ClinicId,
  DoctorId,
  EquipmentId,
  HoldId,
  PatientId,
  RoomId,
  UserId,
  WaitlistEntryId,
} from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { HOUR_MS, type Instant } from '#domain/time/instant.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

/** No hold is longer, which a constraint keeps. */
const LONGEST_MS = 24 * HOUR_MS

export type Hold = Interval & {
  readonly id: HoldId
  readonly clinicId: ClinicId
  readonly doctorId: DoctorId
  readonly patientId: PatientId | null
  readonly typeId: AppointmentTypeId
  readonly roomId: RoomId | null
  readonly equipmentIds: readonly EquipmentId[]
  /** Who may redeem it. */
  readonly userId: UserId
  /** The entry it was offered to. */
  readonly waitlistEntryId: WaitlistEntryId | null
  /** Over at this instant of the server's clock. */
  readonly expiresAt: Instant
  readonly createdAt: Instant
}

export async function insertHold(tx: Tx, hold: Hold): Promise<void> {
  await tx
    .insertInto('holds')
    .values({
      id: hold.id,
      clinic_id: hold.clinicId,
      doctor_id: hold.doctorId,
      patient_id: hold.patientId,
      type_id: hold.typeId,
      room_id: hold.roomId,
      equipment_ids: JSON.stringify(hold.equipmentIds),
      start_at: hold.start,
      end_at: hold.end,
      user_id: hold.userId,
      waitlist_entry_id: hold.waitlistEntryId,
      expires_at: hold.expiresAt,
      created_at: hold.createdAt,
    })
    .execute()
}

/** The hold of that id in the clinic, run out or not; undefined when there is none (any more). */
export async function findHold(tx: Tx, clinicId: ClinicId, id: HoldId): Promise<Hold | undefined> {
  const query = tx.selectFrom('holds').selectAll().where('clinic_id', '=', clinicId).where('id', '=', id)
  const row = await lockRow(tx, query).executeTakeFirst()
  return row && toHold(row)
}

/** The clinic's holds that live at `now`, whoever made them, locked until the transaction ends. */
export async function lockLiveHolds(tx: Tx, clinicId: ClinicId, now: Instant): Promise<Hold[]> {
  const query = tx.selectFrom('holds').selectAll().where('clinic_id', '=', clinicId).where('expires_at', '>', now)
  return (await lockRow(tx, query).execute()).map(toHold)
}

/** The same without locks: what offers leave out. */
export async function listLiveHolds(
  tx: Tx,
  clinicId: ClinicId,
  { start, end }: Interval,
  now: Instant,
): Promise<Hold[]> {
  const rows = await tx
    .selectFrom('holds')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('start_at', '<', end)
    .where('start_at', '>', start - LONGEST_MS)
    .where('end_at', '>', start)
    .where('expires_at', '>', now)
    .execute()
  return rows.map(toHold)
}

/** Returns whether there was one. */
export async function deleteHold(tx: Tx, clinicId: ClinicId, id: HoldId): Promise<boolean> {
  const result = await tx.deleteFrom('holds').where('clinic_id', '=', clinicId).where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows === 1n
}

/** Gives every time free that a person keeps for a booking of their own; offers stand. Returns whose times they were. */
export async function deleteHoldsOfUser(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<DoctorId[]> {
  const query = tx
    .selectFrom('holds')
    .select(['id', 'doctor_id'])
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .where('waitlist_entry_id', 'is', null)
  const rows = await lockRow(tx, query).execute()
  for (const { id } of rows) await deleteHold(tx, clinicId, id)
  return rows.map((row) => row.doctor_id)
}

/** Deletes what has run out by `now`. Returns how many. */
export async function deleteExpiredHolds(tx: Tx, clinicId: ClinicId, now: Instant): Promise<number> {
  const result = await tx
    .deleteFrom('holds')
    .where('clinic_id', '=', clinicId)
    .where('expires_at', '<=', now)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

const toHold = (row: Tables['holds']): Hold => ({
  id: row.id,
  clinicId: row.clinic_id,
  doctorId: row.doctor_id,
  patientId: row.patient_id,
  typeId: row.type_id,
  roomId: row.room_id,
  equipmentIds: JSON.parse(row.equipment_ids) as EquipmentId[],
  start: row.start_at,
  end: row.end_at,
  userId: row.user_id,
  waitlistEntryId: row.waitlist_entry_id,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
})
