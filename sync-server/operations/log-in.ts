import type { Via } from '#domain/access/via.ts'
import type { ClinicId, DeviceId, Id, UserId } from '#domain/ids.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import { isDeviceRevoked, seeDevice } from '#server/repositories/devices.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import { insertSession, isNewDeviceOf, type SessionRecord, type Transport } from '#server/repositories/sessions.ts'
import { findLogIn, type LogInRow, normaliseEmail, updatePasswordHash } from '#server/repositories/users.ts'
import type { NoteAccess } from './access-audit.ts'
import { challengeFor } from './accounts/challenge.ts'
import type { Attempts } from './attempt-limits.ts'
import { type Passwords, TooManyPasswordChecks } from './passwords.ts'
import type { Seal } from './seal.ts'
import { hashSecret, newSecret } from './secrets.ts'

/** A session ends a working day after the log-in, used or not (OWASP ASVS 5.0, 7.3.2). */
export const SESSION_MS = hours(12)

export type LogInDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: <Kind extends string>() => Id<Kind>
  readonly passwords: Passwords
  readonly throttle: Attempts
  readonly audit: NoteAccess
  /** Of what a challenge carries. */
  readonly tokenSeal: Seal
}

export type LogInAttempt = {
  readonly email: string
  readonly password: string
  /** Which of the person's clinics; needed by those who have several. */
  readonly clinicId: ClinicId | undefined
  readonly transport: Transport
  readonly device: { readonly id: DeviceId; readonly name: string } | undefined
  /** The client's network address. */
  readonly address: string
}

export type LogInAnswer =
  | { readonly ok: true; readonly token: string; readonly session: SessionRecord }
  | { readonly ok: false; readonly reason: 'wrong-credentials' | 'busy' | 'device-revoked' }
  | { readonly ok: false; readonly reason: 'too-many-attempts'; readonly retryAfterSeconds: number }
  | { readonly ok: false; readonly reason: 'choose-clinic'; readonly clinics: LogInRow['clinics'] }
  | {
      readonly ok: false
      readonly reason: 'second-factor-required'
      readonly challenge: string
      /** The clinic asks for a factor that the person does not have yet. */
      readonly isEnrolment: boolean
    }

/**
 * Opens a session. An unknown address, a wrong password, an account that is switched off and one without a clinic get the same
 * answer after the same work.
 */
export async function logIn(deps: LogInDeps, attempt: LogInAttempt): Promise<LogInAnswer> {
  const account = normaliseEmail(attempt.email)
  const retryAfterSeconds = await deps.throttle.begin(attempt.address, account, deps.now())
  if (retryAfterSeconds > 0) return { ok: false, reason: 'too-many-attempts', retryAfterSeconds }

  const row = await deps.database.read((tx) => findLogIn(tx, account))
  const isRight = await checkPassword(deps.passwords, attempt.password, row)
  if (isRight === 'busy') return { ok: false, reason: 'busy' }
  if (!isRight || !row?.isActive || row.clinics.length === 0) {
    noteRefusal(deps, row)
    return { ok: false, reason: 'wrong-credentials' }
  }
  await deps.throttle.succeed(attempt.address, account, deps.now())
  const clinic = chooseClinic(row, attempt.clinicId)
  if (!clinic) return { ok: false, reason: 'choose-clinic', clinics: row.clinics }
  if (await isRevoked(deps, attempt)) return { ok: false, reason: 'device-revoked' }
  const who = { userId: row.id, clinicId: clinic.id }
  if (row.passwordHash && deps.passwords.isOutdated(row.passwordHash)) await rehash(deps, row.id, attempt.password)
  const { transport, device = null } = attempt
  const asked = await challengeFor(deps, { ...who, transport, device })
  if (asked) return { ok: false, reason: 'second-factor-required', ...asked }
  return { ok: true, ...(await openSession(deps, { transport, device }, who)) }
}

/** The clinic that was asked for, or the only one there is. */
function chooseClinic({ clinics }: LogInRow, wanted: ClinicId | undefined): LogInRow['clinics'][number] | undefined {
  if (wanted === undefined && clinics.length === 1) return clinics[0]
  return clinics.find(({ id }) => id === wanted)
}

async function isRevoked({ database }: LogInDeps, { device }: LogInAttempt): Promise<boolean> {
  return device !== undefined && database.read((tx) => isDeviceRevoked(tx, device.id))
}

async function checkPassword(passwords: Passwords, password: string, row: LogInRow | undefined) {
  try {
    return await passwords.isRight(password, row?.passwordHash ?? null)
  } catch (error) {
    if (error instanceof TooManyPasswordChecks) return 'busy'
    throw error
  }
}

/** Written after the answer, so that its time does not tell whether the account exists. */
function noteRefusal({ audit }: LogInDeps, row: LogInRow | undefined): void {
  const clinicId = row?.clinics[0]?.id
  if (!row || !clinicId) return
  setImmediate(() => {
    audit({ clinicId, userId: row.id, action: 'log-in-refused' }).catch(() => undefined)
  })
}

type Place = {
  readonly transport: Transport
  readonly device: { readonly id: DeviceId; readonly name: string } | null
}

/** Opens a session for somebody who has proved everything that is asked for. */
export async function openSession(
  deps: Pick<LogInDeps, 'database' | 'now' | 'newId' | 'audit'>,
  { transport, device }: Place,
  who: Pick<SessionRecord, 'userId' | 'clinicId'>,
): Promise<{ readonly token: string; readonly session: SessionRecord }> {
  const token = newSecret()
  const now = deps.now()
  const id = deps.newId<'Session'>()
  const session = await deps.database.write(async (tx: Tx) => {
    const isNews = device !== null && (await isNewDeviceOf(tx, who.userId, device.id))
    const isKnown = device !== null && (await seeDevice(tx, { ...device, ...who }, now))
    const record: SessionRecord = {
      id,
      ...who,
      deviceId: isKnown ? device.id : null,
      transport,
      deviceName: device?.name ?? '',
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + SESSION_MS,
    }
    await insertSession(tx, { ...record, tokenHash: hashSecret(token) })
    if (isNews) {
      const told = { type: 'SignedInFromNewDevice', payload: { sessionId: id, userId: who.userId } } as const
      await insertEvents(tx, [outboxRow({ newId: deps.newId, clinicId: who.clinicId, now }, told)])
    }
    return record
  })
  const via: Via = { door: 'rest', sessionId: id, deviceId: session.deviceId }
  await deps.audit({ ...who, via, action: 'logged-in' })
  return { token, session }
}

async function rehash({ database, passwords, now }: LogInDeps, userId: UserId, password: string): Promise<void> {
  const passwordHash = await passwords.hash(password)
  await database.write((tx) => updatePasswordHash(tx, userId, passwordHash, now()))
}
