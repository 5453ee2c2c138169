/** Where people are signed in, and on which machines: looked at and ended by those who administer the clinic. */
import { can, type Subject } from '#domain/access/can.ts'
import { coversGrants } from '#domain/access/covers.ts'
import type { SessionRow } from '#domain/api/auth-schemas.ts'
import type { ClinicDevice } from '#domain/api/user-schemas.ts'
import type { DeviceId, Id, UserId } from '#domain/ids.ts'
import { endAllotments } from '#server/operations/end-allotments.ts'
import type { Session } from '#server/operations/session.ts'
import { loadSubjectRow } from '#server/repositories/access.ts'
import { findClinicUser } from '#server/repositories/clinic-users.ts'
import {
  findDeviceUser,
  listDevices as listDeviceRows,
  noteUnsent,
  revokeDeviceRow,
} from '#server/repositories/devices.ts'
import { allowHandIn } from '#server/repositories/hand-ins.ts'
import { endSessionsOfDevice, endSessionsOfUser, listLiveSessions } from '#server/repositories/sessions.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'
import { type AdminRefusal, administer } from './administer.ts'

type Ended = { readonly ok: true; readonly ended: readonly Id<'Session'>[] }

/** Ends every session of the person but the one that asks. */
export async function endOtherSessions(
  deps: AccountDeps,
  { userId, clinicId, sessionId, via }: Session,
): Promise<void> {
  const ended = await deps.database.write((tx) => endSessionsOfUser(tx, userId, deps.now(), { except: sessionId }))
  deps.onSessionsEnded(ended)
  await deps.audit({ clinicId, userId, via, action: 'other-sessions-ended', detail: { count: ended.length } })
}

/** Where somebody else of the clinic is signed in to it. */
export async function listSessionsOf(
  { database, now }: Pick<AccountDeps, 'database' | 'now'>,
  subject: Subject,
  userId: UserId,
): Promise<{ readonly ok: true; readonly sessions: SessionRow[] } | Refused<'not-allowed' | 'not-found'>> {
  const { clinicId } = subject
  if (!can(subject, 'manage-users', { clinicId })) return refuse('not-allowed')
  return database.read(async (tx) => {
    if (!(await findClinicUser(tx, clinicId, userId))) return refuse('not-found')
    const records = await listLiveSessions(tx, clinicId, userId, now())
    const sessions = records.map(({ id, deviceName, createdAt, lastSeenAt, expiresAt }) => ({
      id,
      deviceName,
      createdAt,
      lastSeenAt,
      expiresAt,
      isCurrent: false,
    }))
    return { ok: true, sessions }
  })
}

/** Signs somebody of the clinic out of it everywhere. */
export async function endSessionsOf(
  deps: AccountDeps,
  subject: Subject,
  userId: UserId,
): Promise<{ readonly ok: true } | AdminRefusal> {
  const answer = await administer<Ended>(deps, subject, 'manage-users', async (ctx, actor) => {
    const { tx, clinicId, now } = ctx
    if (!(await findClinicUser(tx, clinicId, userId))) return refuse('not-found')
    if (!coversGrants(actor.grants, (await loadSubjectRow(tx, clinicId, userId)).grants)) return refuse('not-allowed')
    const ended = await endSessionsOfUser(tx, userId, now, { clinicId })
    ctx.addAudit({ userId: actor.userId, action: 'sessions-ended', collection: 'users', documentIds: [userId] })
    return { ok: true, ended }
  })
  if (answer.ok) deps.onSessionsEnded(answer.ended)
  return answer.ok ? { ok: true } : answer
}

/** The clinic's machines, those seen last first. */
export async function listDevices(
  { database }: Pick<AccountDeps, 'database'>,
  subject: Subject,
): Promise<{ readonly ok: true; readonly devices: ClinicDevice[] } | Refused<'not-allowed'>> {
  const { clinicId } = subject
  if (!can(subject, 'manage-devices', { clinicId })) return refuse('not-allowed')
  return { ok: true, devices: await database.read((tx) => listDeviceRows(tx, clinicId)) }
}

/**
 * Takes a machine's access away: its sessions end, nobody signs in on it again, and what it kept is free for others.
 * @param isWipedNow its unsent changes go with it; else each session may hand them in once
 */
export async function revokeDevice(
  deps: AccountDeps,
  subject: Subject,
  deviceId: DeviceId,
  isWipedNow: boolean,
): Promise<{ readonly ok: true } | AdminRefusal> {
  const answer = await administer<Ended>(deps, subject, 'manage-devices', async (ctx, actor) => {
    const isRevoked = await revokeDeviceRow(ctx.tx, ctx.clinicId, deviceId, ctx.now)
    if (!isRevoked) return refuse('not-found')
    const ended = await endSessionsOfDevice(ctx.tx, deviceId, ctx.now)
    if (!isWipedNow) await allowHandIn(ctx.tx, { clinicId: ctx.clinicId, deviceId }, ended, ctx.now)
    await endAllotments(ctx, { deviceId }, 'taken-back')
    const userId = await findDeviceUser(ctx.tx, ctx.clinicId, deviceId)
    if (userId !== undefined) ctx.addEvent({ type: 'DeviceRevoked', payload: { deviceId, userId } })
    ctx.addAudit({
      userId: actor.userId,
      action: 'device-revoked',
      collection: 'devices',
      documentIds: [deviceId],
      detail: { wipeNow: isWipedNow },
    })
    return { ok: true, ended }
  })
  if (answer.ok) deps.onDeviceRevoked(answer.ended)
  return answer.ok ? { ok: true } : answer
}

/** Remembers how much a device has not sent yet, for the list of devices. */
export async function reportUnsent(
  { database, now }: Pick<AccountDeps, 'database' | 'now'>,
  { deviceId }: Session,
  unsentCount: number,
): Promise<{ readonly ok: true } | Refused<'not-found'>> {
  if (deviceId === null) return refuse('not-found')
  await database.write((tx) => noteUnsent(tx, deviceId, unsentCount, now()))
  return { ok: true }
}
