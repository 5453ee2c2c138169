/**
 * Who the local data belongs to and when the server last confirmed them, kept inside the local database so that a cold start
 * without the server knows name, clinic and permissions. The server judges every change anew, whatever stands here.
 */
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { Instant } from '#domain/time/instant.ts'
import { hours } from '#domain/time/instant.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'

export type Profile = { readonly user: SignedInUser; readonly confirmedAt: Instant }

const NOTE = 'profile'
/** How long local data opens without the server (DESIGN, section 8). */
export const LEASE_MS = hours(7 * 24)

export async function readProfile(database: LocalDatabase): Promise<Profile | null> {
  const note = await database.getLocal<Profile>(NOTE)
  return note ? { user: note.get('user'), confirmedAt: note.get('confirmedAt') } : null
}

export async function writeProfile(database: LocalDatabase, profile: Profile): Promise<void> {
  await database.upsertLocal<Profile>(NOTE, profile)
}

/** False once the server has not confirmed the person for longer than the lease; a clock set back does not extend it. */
export const isLeaseAlive = ({ confirmedAt }: Profile, now: Instant): boolean => Math.abs(now - confirmedAt) <= LEASE_MS
