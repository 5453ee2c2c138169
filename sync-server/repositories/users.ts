import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'

/** What a log-in is looked up by: trimmed, composed the same way, lower case. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase()

export type LogInRow = {
  readonly id: UserId
  readonly name: string
  readonly email: string
  readonly passwordHash: string | null
  readonly isActive: boolean
  /** Where the person may sign in, by name. */
  readonly clinics: readonly { readonly id: ClinicId; readonly name: string }[]
}

/** The account of an e-mail address and its clinics. One statement, whether there is such an account or not. */
export async function findLogIn(tx: Tx, email: string): Promise<LogInRow | undefined> {
  const rows = await tx
    .selectFrom('users')
    .leftJoin('clinic_users as member', (join) =>
      join.onRef('member.user_id', '=', 'users.id').on('member.is_active', '=', 1),
    )
    .leftJoin('clinics', 'clinics.id', 'member.clinic_id')
    .select([
      'users.id',
      'users.name',
      'users.email',
      'users.password_hash',
      'users.is_active',
      'clinics.id as clinicId',
      'clinics.name as clinicName',
    ])
    .where('users.email_normalised', '=', normaliseEmail(email))
    .orderBy('clinics.name')
    .orderBy('clinics.id')
    .execute()
  const [first] = rows
  if (!first) return undefined
  const clinics = rows.flatMap(({ clinicId, clinicName }) =>
    clinicId === null ? [] : [{ id: clinicId, name: clinicName ?? '' }],
  )
  const { id, name, email: address, password_hash: passwordHash, is_active } = first
  return { id, name, email: address, passwordHash, isActive: is_active === 1, clinics }
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

/** The account of an address, in any case and with blanks around it. */
export async function findUserByEmail(tx: Tx, email: string): Promise<UserRow | undefined> {
  const row = await tx
    .selectFrom('users')
    .select(['id', 'name', 'email', 'is_active'])
    .where('email_normalised', '=', normaliseEmail(email))
    .executeTakeFirst()
  return row && { id: row.id, name: row.name, email: row.email, isActive: row.is_active === 1 }
}

/** null for somebody who has not set a password yet, or is nobody. */
export async function findPasswordHash(tx: Tx, id: UserId): Promise<string | null> {
  const row = await tx.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirst()
  return row?.password_hash ?? null
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

/** @throws the driver's duplicate-key error when the address has another account. */
export async function updateEmail(tx: Tx, id: UserId, email: string, now: Instant): Promise<void> {
  await tx
    .updateTable('users')
    .set({ email: email.trim(), email_normalised: normaliseEmail(email), updated_at: now })
    .where('id', '=', id)
    .execute()
}
