import type { Via } from '#domain/access/via.ts'
import type { Id } from '#domain/ids.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { findAccessTokenByHash, touchAccessToken } from '#server/repositories/access-tokens.ts'
import {
  findSessionById,
  findSessionByTokenHash,
  type SessionRecord,
  touchSession,
} from '#server/repositories/sessions.ts'
import type { SubjectLoader } from './load-subject.ts'
import { hashSecret } from './secrets.ts'
import type { Session } from './session.ts'

/** "Last seen" is told to people in minutes; writing it at every request would cost a commit each. */
const SEEN_EVERY_MS = minutes(5)
const LONGEST_TOKEN = 512
/** Told apart from session tokens at a glance, also by tools that look for secrets in code. */
export const ACCESS_TOKEN_PREFIX = 'hat_'

export type FindSessionDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly loadSubject: SubjectLoader
}

/** The session of a token, or null when there is none, it has ended, expired, or its account is switched off. */
export async function findSession(deps: FindSessionDeps, token: string): Promise<Session | null> {
  if (token.length === 0 || token.length > LONGEST_TOKEN) return null
  const tokenHash = hashSecret(token)
  if (token.startsWith(ACCESS_TOKEN_PREFIX)) return findAccessToken(deps, tokenHash)
  const record = await deps.database.read((tx) => findSessionByTokenHash(tx, tokenHash, deps.now()))
  return record ? toSession(deps, record) : null
}

/** The same for a session whose id is already proven, by a ticket for example. */
export async function findSessionOfId(deps: FindSessionDeps, id: Id<'Session'>): Promise<Session | null> {
  const record = await deps.database.read((tx) => findSessionById(tx, id, deps.now()))
  return record ? toSession(deps, record) : null
}

/** A record as what doorways work with; notes that the person was seen. */
export async function toSession(deps: FindSessionDeps, record: SessionRecord): Promise<Session> {
  const now = deps.now()
  if (now - record.lastSeenAt >= SEEN_EVERY_MS) await deps.database.write((tx) => touchSession(tx, record.id, now))
  const via: Via = { door: 'rest', sessionId: record.id, deviceId: record.deviceId }
  return {
    sessionId: record.id,
    userId: record.userId,
    clinicId: record.clinicId,
    deviceId: record.deviceId,
    transport: record.transport,
    expiresAt: record.expiresAt,
    via,
    subject: async () => ({ ...(await deps.loadSubject(record.clinicId, record.userId)), via }),
  }
}

/** A program that acts for a person: with those of the person's rights that the token names, and never more. */
async function findAccessToken(deps: FindSessionDeps, tokenHash: string): Promise<Session | null> {
  const now = deps.now()
  const record = await deps.database.read((tx) => findAccessTokenByHash(tx, tokenHash, now))
  if (!record) return null
  const { id, clinicId, userId, abilities, expiresAt, lastUsedAt } = record
  if (now - (lastUsedAt ?? 0) >= SEEN_EVERY_MS) await deps.database.write((tx) => touchAccessToken(tx, id, now))
  const via: Via = { door: 'token', sessionId: null, deviceId: null }
  return {
    // No session, but what its limits are counted by.
    sessionId: id as string as Id<'Session'>,
    userId,
    clinicId,
    deviceId: null,
    transport: 'access-token',
    expiresAt,
    via,
    subject: async () => {
      const subject = await deps.loadSubject(clinicId, userId)
      return { ...subject, grants: subject.grants.filter(({ permission }) => abilities.includes(permission)), via }
    },
  }
}
