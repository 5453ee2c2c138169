import type { ClinicId, DeviceId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'

export type SessionId = Id<'Session'>
export type Transport = 'token' | 'cookie'

export type SessionRecord = {
  readonly id: SessionId
  readonly clinicId: ClinicId
  readonly userId: UserId
  readonly deviceId: DeviceId | null
  readonly transport: Transport
  readonly deviceName: string
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  readonly expiresAt: Instant
}

/** Sessions that count: not ended, not expired, of an account that is active, and active in the session's clinic. */
const liveSessions = (tx: Tx, now: Instant) =>
  tx
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .innerJoin('clinic_users as member', (join) =>
      join
        .onRef('member.user_id', '=', 'sessions.user_id')
        .onRef('member.clinic_id', '=', 'sessions.clinic_id')
        .on('member.is_active', '=', 1),
    )
    .select([
      'sessions.id',
      'sessions.clinic_id as clinicId',
      'sessions.user_id as userId',
      'sessions.device_id as deviceId',
      'sessions.transport',
      'sessions.device_name as deviceName',
      'sessions.created_at as createdAt',
      'sessions.last_seen_at as lastSeenAt',
      'sessions.expires_at as expiresAt',
    ])
    .where('users.is_active', '=', 1)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', now)

export async function findSessionByTokenHash(
  tx: Tx,
  tokenHash: string,
  now: Instant,
): Promise<SessionRecord | undefined> {
  return liveSessions(tx, now).where('sessions.token_hash', '=', tokenHash).executeTakeFirst()
}

export async function findSessionById(tx: Tx, id: SessionId, now: Instant): Promise<SessionRecord | undefined> {
  return liveSessions(tx, now).where('sessions.id', '=', id).executeTakeFirst()
}

/** A person's sessions in one clinic, the latest first. */
export async function listLiveSessions(
  tx: Tx,
  clinicId: ClinicId,
  userId: UserId,
  now: Instant,
): Promise<SessionRecord[]> {
  return liveSessions(tx, now)
    .where('sessions.user_id', '=', userId)
    .where('sessions.clinic_id', '=', clinicId)
    .orderBy('sessions.created_at', 'desc')
    .limit(100)
    .execute()
}

type NewSession = Omit<SessionRecord, 'lastSeenAt'> & { readonly tokenHash: string }

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx
    .insertInto('sessions')
    .values({
      id: session.id,
      clinic_id: session.clinicId,
      user_id: session.userId,
      device_id: session.deviceId,
      token_hash: session.tokenHash,
      transport: session.transport,
      device_name: session.deviceName,
      created_at: session.createdAt,
      last_seen_at: session.createdAt,
      expires_at: session.expiresAt,
      ended_at: null,
    })
    .execute()
}

export async function touchSession(tx: Tx, id: SessionId, now: Instant): Promise<void> {
  await tx.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', id).execute()
}

/** @returns false when the person has no such session, or it had ended before. */
export async function endSessionRow(tx: Tx, id: SessionId, userId: UserId, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

type WhichSessions = {
  /** Those of one clinic; of every clinic without it. */
  readonly clinicId?: ClinicId
  /** This one goes on. */
  readonly except?: SessionId
}

/** Ends a person's sessions and answers which. */
export async function endSessionsOfUser(
  tx: Tx,
  userId: UserId,
  now: Instant,
  { clinicId, except }: WhichSessions = {},
): Promise<SessionId[]> {
  let query = tx.selectFrom('sessions').select('id').where('user_id', '=', userId).where('ended_at', 'is', null)
  if (clinicId !== undefined) query = query.where('clinic_id', '=', clinicId)
  if (except !== undefined) query = query.where('id', '!=', except)
  const ids = (await query.execute()).map(({ id }) => id)
  if (ids.length > 0) await tx.updateTable('sessions').set({ ended_at: now }).where('id', 'in', ids).execute()
  return ids
}

/** Ends the sessions of a device, whoever they belong to, and answers which. */
export async function endSessionsOfDevice(tx: Tx, deviceId: DeviceId, now: Instant): Promise<SessionId[]> {
  const open = tx.selectFrom('sessions').select('id').where('device_id', '=', deviceId).where('ended_at', 'is', null)
  const ids = (await open.execute()).map(({ id }) => id)
  if (ids.length > 0) await tx.updateTable('sessions').set({ ended_at: now }).where('id', 'in', ids).execute()
  return ids
}

const IDS_AT_ONCE = 500

/** Those of the given sessions that still count. */
export async function findLiveSessionIds(tx: Tx, ids: readonly SessionId[], now: Instant): Promise<SessionId[]> {
  const live: SessionId[] = []
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const rows = await liveSessions(tx, now)
      .where('sessions.id', 'in', ids.slice(start, start + IDS_AT_ONCE))
      .execute()
    live.push(...rows.map(({ id }) => id))
  }
  return live
}

/** True for a device that somebody who has signed in before signs in on for the first time. */
export async function isNewDeviceOf(tx: Tx, userId: UserId, deviceId: DeviceId): Promise<boolean> {
  const rows = await tx
    .selectFrom('sessions')
    .select('device_id')
    .distinct()
    .where('user_id', '=', userId)
    .limit(MOST_DEVICES)
    .execute()
  return rows.length > 0 && rows.every(({ device_id }) => device_id !== deviceId)
}

const MOST_DEVICES = 200
