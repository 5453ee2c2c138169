import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'

/** What a log-in is looked up by: trimmed, composed the same way, lower case. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase()

export type LogInRow = {
  readonly id: UserId
  readonly passwordHash: string | null
  readonly isActive: boolean
  /** The clinic the person works in or is treated by; null for someone without any. */
  readonly clinicId: ClinicId | null
}

/** The account of an e-mail address, with the first clinic it has rights in. One statement, whether there is such an account or not. */
export async function findLogIn(tx: Tx, email: string): Promise<LogInRow | undefined> {
  const row = await tx
    .selectFrom('users')
    .leftJoin('model_has_roles as held', (join) =>
      join.onRef('held.model_id', '=', 'users.id').on('held.model_type', '=', 'user'),
    )
    .select(['users.id', 'users.password_hash', 'users.is_active', 'held.clinic_id'])
    .where('users.email_normalised', '=', normaliseEmail(email))
    .orderBy('held.clinic_id')
    .limit(1)
    .executeTakeFirst()
  return row && { id: row.id, passwordHash: row.password_hash, isActive: row.is_active === 1, clinicId: row.clinic_id }
}

export type UserRow = { readonly id: UserId; readonly name: string; readonly email: string; readonly isActive: boolean }

export async function findUser(tx: Tx, id: UserId): Promise<UserRow | undefined> {
  const row = await tx
    .selectFrom('users')
    .select(['id', 'name', 'email', 'is_active'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { id: row.id, name: row.name, email: row.email, isActive: row.is_active === 1 }
}

export async function hasUsers(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}

type NewUser = {
  readonly id: UserId
  readonly name: string
  readonly email: string
  readonly passwordHash: string | null
}

export async function insertUser(tx: Tx, user: NewUser, now: Instant): Promise<void> {
  await tx
    .insertInto('users')
    .values({
      id: user.id,
      name: user.name,
      email: user.email.trim(),
      email_normalised: normaliseEmail(user.email),
      password_hash: user.passwordHash,
      is_active: 1,
      access_version: 1,
      created_at: now,
      updated_at: now,
    })
    .execute()
}

export async function updatePasswordHash(tx: Tx, id: UserId, passwordHash: string, now: Instant): Promise<void> {
  await tx.updateTable('users').set({ password_hash: passwordHash, updated_at: now }).where('id', '=', id).execute()
}
