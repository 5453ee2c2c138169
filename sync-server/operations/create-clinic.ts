import { SHIPPED_ROLE_GRANTS, SHIPPED_ROLES, type ShippedRole } from '#domain/access/roles.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import { settledAt } from '#domain/sync/window.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { giveRole, insertRole } from '#server/repositories/access.ts'
import { type ClinicRow, insertClinic } from '#server/repositories/clinic-rows.ts'
import { insertClinicUser } from '#server/repositories/clinic-users.ts'
import { putWindow } from '#server/repositories/replication-windows.ts'
import { insertUser } from '#server/repositories/users.ts'

type Deps = { readonly now: () => Instant; readonly newId: <Kind extends string>() => Id<Kind> }

/** A clinic with its change counter, its window of replicated days and its own copy of the shipped roles. */
export async function createClinic({ now, newId }: Deps, tx: Tx, clinic: ClinicRow): Promise<void> {
  await insertClinic(tx, clinic, newId(), now())
  await putWindow(tx, clinic.id, settledAt(localDayOf(now(), clinic.zone)))
  for (const name of SHIPPED_ROLES) {
    await insertRole(tx, { id: newId(), clinicId: clinic.id, name }, SHIPPED_ROLE_GRANTS[name])
  }
}

export type NewAccount = {
  readonly name: string
  readonly email: string
  readonly passwordHash: string
  readonly clinicId: ClinicId
  readonly role: ShippedRole
}

/**
 * An account with one role in a clinic.
 * @throws the database's duplicate error when the e-mail address has an account
 */
export async function createAccount({ now, newId }: Deps, tx: Tx, account: NewAccount): Promise<UserId> {
  const id = newId<'User'>()
  await insertUser(tx, { id, name: account.name, email: account.email, passwordHash: account.passwordHash }, now())
  await insertClinicUser(tx, account.clinicId, id, now())
  await giveRole(tx, account.clinicId, id, account.role)
  return id
}
