/** Times that devices keep for bookings to come; see schedule/allotment.ts. */
import type { AllotmentId, ClinicId, DeviceId, DoctorId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { HOUR_MS, type Instant } from '#domain/time/instant.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'
import { toDocument } from './document-rows.ts'

type Allotment = WireDocument<'allotments'>

/** None is longer, which a constraint keeps. */
const LONGEST_MS = 24 * HOUR_MS

const open = (tx: Tx, clinicId: ClinicId) =>
  tx.selectFrom('allotments').selectAll().where('clinic_id', '=', clinicId).where('status', '=', 'open')

/** All that take time from others at `now`, locked until the transaction ends. */
export async function lockLiveAllotments(tx: Tx, clinicId: ClinicId, now: Instant): Promise<Allotment[]> {
  const rows = await lockRow(tx, open(tx, clinicId).where('start_at', '>', now)).execute()
  return rows.map((row) => toDocument('allotments', row))
}

/** The same without locks, in a stretch: what offers leave out. */
export async function listLiveAllotments(
  tx: Tx,
  clinicId: ClinicId,
  { start, end }: Interval,
  now: Instant,
): Promise<Allotment[]> {
  const rows = await open(tx, clinicId)
    .where('start_at', '>', Math.max(now, start - LONGEST_MS))
    .where('start_at', '<', end)
    .where('end_at', '>', start)
    .execute()
  return rows.map((row) => toDocument('allotments', row))
}

/** What nobody has used of a doctor's that touches a stretch, also where it is over, locked. */
export async function lockOpenAllotmentsOf(
  tx: Tx,
  clinicId: ClinicId,
  doctorId: DoctorId,
  { start, end }: Interval,
): Promise<Allotment[]> {
  const query = open(tx, clinicId)
    .where('doctor_id', '=', doctorId)
    .where('start_at', '>', start - LONGEST_MS)
    .where('start_at', '<', end)
    .where('end_at', '>', start)
  return (await lockRow(tx, query).execute()).map((row) => toDocument('allotments', row))
}

/** What is kept on some days, and what was kept until its start for nobody, locked. */
export async function lockOpenAllotmentsOn(
  tx: Tx,
  clinicId: ClinicId,
  days: readonly LocalDay[],
): Promise<Allotment[]> {
  const query = open(tx, clinicId).where('date', 'in', days)
  return (await lockRow(tx, query).execute()).map((row) => toDocument('allotments', row))
}

export type WhichAllotments = { readonly ids: readonly AllotmentId[] } | { readonly deviceId: DeviceId }

/** Those of some ids, or of a device, that are open, locked. */
export async function lockOpenAllotments(tx: Tx, clinicId: ClinicId, which: WhichAllotments): Promise<Allotment[]> {
  const query =
    'ids' in which
      ? open(tx, clinicId).where('id', 'in', which.ids)
      : open(tx, clinicId).where('device_id', '=', which.deviceId)
  return (await lockRow(tx, query).execute()).map((row) => toDocument('allotments', row))
}

/** When a device was heard of last, in whatever session. */
export async function findLastContact(tx: Tx, clinicId: ClinicId, deviceId: DeviceId): Promise<Instant | null> {
  const device = await tx
    .selectFrom('devices')
    .select('last_seen_at')
    .where('id', '=', deviceId)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
  const session = await tx
    .selectFrom('sessions')
    .select(({ fn }) => fn.max('last_seen_at').as('at'))
    .where('device_id', '=', deviceId)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
  const times = [device?.last_seen_at, session?.at].filter((at) => at !== undefined && at !== null)
  return times.length === 0 ? null : Math.max(...times.map(Number))
}
