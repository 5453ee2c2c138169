import { can, type Subject } from '#domain/access/can.ts'
import type { ClinicUser, ListUsersQuery } from '#domain/api/user-schemas.ts'
import { isId, type UserId } from '#domain/ids.ts'
import { findUserOfClinic, listClinicUsers } from '#server/repositories/user-admin.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'

const PAGE = 50

type Page = { readonly ok: true; readonly users: ClinicUser[]; readonly nextCursor: string | null }

/** The clinic's people by name, a page at a time. The cursor names the last one shown, so that a page survives changes. */
export async function listUsers(
  { database }: Pick<AccountDeps, 'database'>,
  subject: Subject,
  { search, roleId, limit = PAGE, cursor }: ListUsersQuery,
): Promise<Page | Refused<'not-allowed' | 'invalid-field'>> {
  if (!can(subject, 'manage-users', { clinicId: subject.clinicId })) return refuse('not-allowed')
  const after = cursor === undefined ? undefined : parseCursor(cursor)
  if (after === null) return refuse('invalid-field', 'cursor')
  const page = { search, roleId, after, limit: limit + 1 }
  const found = await database.read((tx) => listClinicUsers(tx, subject.clinicId, page))
  const users = found.slice(0, limit)
  const last = users.at(-1)
  return { ok: true, users, nextCursor: found.length > limit && last ? toCursor(last) : null }
}

const toCursor = ({ name, id }: ClinicUser): string => Buffer.from(JSON.stringify([name, id])).toString('base64url')

function parseCursor(cursor: string): { readonly name: string; readonly id: UserId } | null {
  try {
    const [name, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown]
    return typeof name === 'string' && typeof id === 'string' && isId(id) ? { name, id: id as UserId } : null
  } catch {
    return null
  }
}

/** Somebody of the clinic; a stranger to it is no different from nobody. */
export async function getUser(
  { database }: Pick<AccountDeps, 'database'>,
  subject: Subject,
  id: UserId,
): Promise<{ readonly ok: true; readonly user: ClinicUser } | Refused<'not-allowed' | 'not-found'>> {
  const { clinicId } = subject
  if (!can(subject, 'manage-users', { clinicId })) return refuse('not-allowed')
  const user = await database.read((tx) => findUserOfClinic(tx, clinicId, id))
  return user ? { ok: true, user } : refuse('not-found')
}
