/** Who waits, and the offers of a held time: one row per entry asked, several of one hold where the quickest gets it. */
import type { OfferStatus } from '#domain/api/waitlist-api.ts'
import type {
  AppointmentTypeId,
  ClinicId,
  DoctorId,
  HoldId,
  PatientId,
  UserId,
  WaitlistEntryId,
  WaitlistOfferId,
} from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'
import { toDocument } from './document-rows.ts'

export type Offer = Interval & {
  readonly id: WaitlistOfferId
  readonly clinicId: ClinicId
  readonly entryId: WaitlistEntryId
  readonly patientId: PatientId
  readonly holdId: HoldId
  readonly doctorId: DoctorId
  readonly typeId: AppointmentTypeId
  readonly status: OfferStatus
  /** Who offered it; the booking is made with their rights. */
  readonly createdBy: UserId
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** The entries that wait for a type and whose days include one, by status alone otherwise. */
export async function listWaiting(
  tx: Tx,
  clinicId: ClinicId,
  typeId: AppointmentTypeId,
  day: LocalDay,
): Promise<WireDocument<'waitlist_entries'>[]> {
  const rows = await tx
    .selectFrom('waitlist_entries')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('status', '=', 'waiting')
    .where('type_id', '=', typeId)
    .where('from_day', '<=', day)
    .where('is_deleted', '=', 0)
    .execute()
  return rows.map((row) => toDocument('waitlist_entries', row))
}

export async function insertOffers(tx: Tx, offers: readonly Offer[]): Promise<void> {
  await tx.insertInto('waitlist_offers').values(offers.map(toRow)).execute()
}

const offerQuery = (tx: Tx, clinicId: ClinicId, id: WaitlistOfferId) =>
  tx.selectFrom('waitlist_offers').selectAll().where('clinic_id', '=', clinicId).where('id', '=', id)

/** The offer of that id in the clinic. */
export async function findOffer(tx: Tx, clinicId: ClinicId, id: WaitlistOfferId): Promise<Offer | undefined> {
  const row = await offerQuery(tx, clinicId, id).executeTakeFirst()
  return row && toOffer(row)
}

/** The same, locked until the transaction ends. */
export async function lockOffer(tx: Tx, clinicId: ClinicId, id: WaitlistOfferId): Promise<Offer | undefined> {
  const row = await lockRow(tx, offerQuery(tx, clinicId, id)).executeTakeFirst()
  return row && toOffer(row)
}

/** The open offers of a clinic: all, those of one hold, or those of one entry. */
export async function listOpenOffers(
  tx: Tx,
  clinicId: ClinicId,
  { holdId, entryId }: { readonly holdId?: HoldId; readonly entryId?: WaitlistEntryId } = {},
): Promise<Offer[]> {
  let query = tx
    .selectFrom('waitlist_offers')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('status', '=', 'open')
    .orderBy('start_at')
  if (holdId !== undefined) query = query.where('hold_id', '=', holdId)
  if (entryId !== undefined) query = query.where('entry_id', '=', entryId)
  return (await query.execute()).map(toOffer)
}

/** The clinics with an offer that has run out by `now` and still counts as open. */
export async function listClinicsWithExpiredOffers(tx: Tx, now: Instant): Promise<ClinicId[]> {
  const rows = await tx
    .selectFrom('waitlist_offers')
    .select('clinic_id')
    .distinct()
    .where('status', '=', 'open')
    .where('expires_at', '<=', now)
    .execute()
  return rows.map(({ clinic_id }) => clinic_id)
}

export async function setOfferStatus(tx: Tx, id: WaitlistOfferId, status: OfferStatus, now: Instant): Promise<void> {
  await tx.updateTable('waitlist_offers').set({ status, answered_at: now }).where('id', '=', id).execute()
}

const toRow = (offer: Offer): Tables['waitlist_offers'] => ({
  id: offer.id,
  clinic_id: offer.clinicId,
  entry_id: offer.entryId,
  patient_id: offer.patientId,
  hold_id: offer.holdId,
  doctor_id: offer.doctorId,
  type_id: offer.typeId,
  start_at: offer.start,
  end_at: offer.end,
  status: offer.status,
  created_by: offer.createdBy,
  created_at: offer.createdAt,
  expires_at: offer.expiresAt,
  answered_at: null,
})

const toOffer = (row: Tables['waitlist_offers']): Offer => ({
  id: row.id,
  clinicId: row.clinic_id,
  entryId: row.entry_id,
  patientId: row.patient_id,
  holdId: row.hold_id,
  doctorId: row.doctor_id,
  typeId: row.type_id,
  start: row.start_at,
  end: row.end_at,
  status: row.status,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})
