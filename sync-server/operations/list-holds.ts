import { can, type Subject } from '#domain/access/can.ts'
import type { HoldListQuery, HoldView, ListedHold } from '#domain/api/hold-api.ts'
import { WINDOW_DAYS } from '#domain/sync/window.ts'
import { addDays, daysBetween, isLocalDay, startOfDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { listStaffNames } from '#server/repositories/clinic-users.ts'
import { type Hold, listLiveHolds } from '#server/repositories/holds.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

export type HoldsAnswer =
  | { readonly ok: true; readonly holds: readonly ListedHold[] }
  | {
      readonly ok: false
      readonly reason: 'invalid-field' | 'end-before-start' | 'range-too-long'
      readonly field: 'from' | 'to'
    }

/** As far as a desk's board reaches. */
const MOST_DAYS = WINDOW_DAYS.past + WINDOW_DAYS.ahead + 1

/**
 * The times that are kept free at the moment, in order of start: those of the doctors whose visits the subject may see, and
 * their own. Patients named in it are on the audit log before it returns; a list without them leaves no row there.
 */
export async function listHolds(
  { database, now, audit }: Deps,
  subject: Subject,
  { from, to, doctorId, withPatients = true }: HoldListQuery,
): Promise<HoldsAnswer> {
  if (!isLocalDay(from)) return { ok: false, reason: 'invalid-field', field: 'from' }
  // The calendar ends with the year 9999, and so does what has a day after it.
  if (!isLocalDay(to) || !isLocalDay(addDays(to, 1))) return { ok: false, reason: 'invalid-field', field: 'to' }
  if (to < from) return { ok: false, reason: 'end-before-start', field: 'to' }
  if (daysBetween(from, to) >= MOST_DAYS) return { ok: false, reason: 'range-too-long', field: 'to' }
  const { clinicId } = subject
  const { seen, names } = await database.read(async (tx) => {
    const { zone } = await getClinic(tx, clinicId)
    const stretch = { start: startOfDay(from, zone), end: startOfDay(addDays(to, 1), zone) }
    const live = await listLiveHolds(tx, clinicId, stretch, now())
    const seen = live.filter((hold) => (doctorId === undefined || hold.doctorId === doctorId) && isSeen(subject, hold))
    const holders = [...new Set(seen.map(({ userId }) => userId))]
    return { seen, names: await listStaffNames(tx, clinicId, holders) }
  })
  const holds = seen
    .map((hold) => ({ ...viewHold(subject, hold), heldBy: names.get(hold.userId) ?? '' }))
    .map((hold) => (withPatients ? hold : { ...hold, patientId: null }))
    .sort((a, b) => a.start - b.start)
  const documentIds = holds.flatMap(({ patientId }) => patientId ?? [])
  if (documentIds.length > 0) {
    await audit({ ...byWhom(subject), action: 'read', collection: 'patients', documentIds })
  }
  return { ok: true, holds }
}

const isSeen = (subject: Subject, hold: Hold): boolean =>
  hold.userId === subject.userId || can(subject, 'view-appointments', hold)

export function viewHold(subject: Subject, hold: Hold): HoldView {
  const { id, doctorId, typeId, roomId, start, end, expiresAt } = hold
  const patientId = isSeen(subject, hold) ? hold.patientId : null
  const isOwn = hold.userId === subject.userId
  return {
    id,
    doctorId,
    typeId,
    roomId,
    patientId,
    start,
    end,
    expiresAt,
    isOwn,
    isOffer: hold.waitlistEntryId !== null,
  }
}
