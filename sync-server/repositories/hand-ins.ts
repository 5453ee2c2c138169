/** `device_hand_ins` and `handed_in_changes`: who may still hand in after a revocation, and what was handed in. */
import type { ClinicId, DeviceId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'
import type { SessionId } from './sessions.ts'

export type HandedInRow = Tables['handed_in_changes']

/** Lets sessions that have ended with their device hand in once each. */
export async function allowHandIn(
  tx: Tx,
  device: { readonly clinicId: ClinicId; readonly deviceId: DeviceId },
  sessionIds: readonly SessionId[],
  now: Instant,
): Promise<void> {
  if (sessionIds.length === 0) return
  const sessions = await tx.selectFrom('sessions').select(['id', 'user_id']).where('id', 'in', sessionIds).execute()
  const rows = sessions.map(({ id, user_id }) => ({
    session_id: id,
    clinic_id: device.clinicId,
    device_id: device.deviceId,
    user_id,
    ticket_hash: null,
    expires_at: null,
    handed_in_at: null,
    change_count: 0,
    created_at: now,
  }))
  await tx.insertInto('device_hand_ins').values(rows).execute()
}

export type RevokedSession = {
  readonly sessionId: SessionId
  readonly userId: UserId
  readonly transport: 'token' | 'cookie'
  /** False where the device was to wipe at once. */
  readonly mayHandIn: boolean
  readonly handedInAt: Instant | null
  readonly changeCount: number | null
}

/** The session of a token, when it has ended because its device's access was taken away. */
export async function findRevokedSession(tx: Tx, tokenHash: string): Promise<RevokedSession | undefined> {
  const row = await tx
    .selectFrom('sessions')
    .innerJoin('devices', (join) =>
      join.onRef('devices.id', '=', 'sessions.device_id').onRef('devices.revoked_at', '=', 'sessions.ended_at'),
    )
    .leftJoin('device_hand_ins as hand', 'hand.session_id', 'sessions.id')
    .select([
      'sessions.id as sessionId',
      'sessions.user_id as userId',
      'sessions.transport',
      'hand.session_id as handId',
      'hand.handed_in_at as handedInAt',
      'hand.change_count as changeCount',
    ])
    .where('sessions.token_hash', '=', tokenHash)
    .executeTakeFirst()
  if (!row) return undefined
  const { handId, ...session } = row
  return { ...session, mayHandIn: handId !== null }
}

/** Gives out a ticket; one given out before no longer works. */
export async function putHandInTicket(tx: Tx, id: SessionId, ticketHash: string, expiresAt: Instant): Promise<void> {
  await tx
    .updateTable('device_hand_ins')
    .set({ ticket_hash: ticketHash, expires_at: expiresAt })
    .where('session_id', '=', id)
    .where('handed_in_at', 'is', null)
    .execute()
}

/** What a ticket is bound to; undefined when it was used, has expired or never was. */
export async function findHandIn(
  tx: Tx,
  ticketHash: string,
  now: Instant,
): Promise<Tables['device_hand_ins'] | undefined> {
  return tx
    .selectFrom('device_hand_ins')
    .selectAll()
    .where('ticket_hash', '=', ticketHash)
    .where('handed_in_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

/** Uses a ticket up: of any number of callers with the same one exactly one gets true. */
export async function redeemHandIn(tx: Tx, ticketHash: string, count: number, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('device_hand_ins')
    .set({ handed_in_at: now, change_count: count, ticket_hash: null })
    .where('ticket_hash', '=', ticketHash)
    .where('handed_in_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const ROWS_AT_ONCE = 25

export async function insertHandedIn(tx: Tx, rows: readonly HandedInRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await tx
      .insertInto('handed_in_changes')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .execute()
  }
}

const MOST_LISTED = 500

export type ListedHandIn = HandedInRow & { readonly deviceName: string; readonly authorName: string }

/** What was handed in to a clinic: what is not dealt with first, then the latest. */
export async function listHandedIn(tx: Tx, clinicId: ClinicId): Promise<ListedHandIn[]> {
  return tx
    .selectFrom('handed_in_changes as change')
    .innerJoin('devices', 'devices.id', 'change.device_id')
    .innerJoin('users', 'users.id', 'change.user_id')
    .selectAll('change')
    .select(['devices.name as deviceName', 'users.name as authorName'])
    .where('change.clinic_id', '=', clinicId)
    .orderBy((row) => row.case().when('change.done_at', 'is', null).then(0).else(1).end())
    .orderBy('change.at', 'desc')
    .orderBy('change.id')
    .limit(MOST_LISTED)
    .execute()
}

/** @returns false when the clinic has no such change */
export async function markHandedIn(
  tx: Tx,
  clinicId: ClinicId,
  id: Id<'HandedInChange'>,
  done: { readonly at: Instant; readonly byName: string } | null,
): Promise<boolean> {
  const row = await tx
    .selectFrom('handed_in_changes')
    .select('id')
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
  if (!row) return false
  await tx
    .updateTable('handed_in_changes')
    .set({ done_at: done?.at ?? null, done_by_name: done?.byName ?? '' })
    .where('id', '=', id)
    .execute()
  return true
}

/** Forgets what was dealt with before an instant. What nobody has dealt with stays: it is the last copy. @returns true when there may be more */
export async function deleteSettledHandIns(
  tx: Tx,
  clinicId: ClinicId,
  before: Instant,
  limit: number,
): Promise<boolean> {
  const rows = await tx
    .selectFrom('handed_in_changes')
    .select('id')
    .where('clinic_id', '=', clinicId)
    .where('done_at', '<', before)
    .limit(limit)
    .execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) await tx.deleteFrom('handed_in_changes').where('id', 'in', ids).execute()
  return ids.length === limit
}
