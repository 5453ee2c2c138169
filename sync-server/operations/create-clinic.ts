import { SHIPPED_ROLE_GRANTS, SHIPPED_ROLES, type ShippedRole } from '#domain/access/roles.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import { settledAt } from '#domain/sync/window.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { giveRole, insertRole } from '#server/repositories/access.ts'
import { type ClinicRow, insertClinic } from '#server/repositories/clinic-rows.ts'
import { insertClinicUser } from '#server/repositories/clinic-users.ts'
import { insertRule } from '#server/repositories/reminders.ts'
import { putWindow } from '#server/repositories/replication-windows.ts'
import { insertUser } from '#server/repositories/users.ts'

type Deps = { readonly now: () => Instant; readonly newId: <Kind extends string>() => Id<Kind> }

/** A clinic with its change counter, its window of replicated days, its own copy of the shipped roles, and a day's notice of visits. */
export async function createClinic({ now, newId }: Deps, tx: Tx, clinic: ClinicRow): Promise<void> {
  await insertClinic(tx, clinic, newId(), now())
  await putWindow(tx, clinic.id, settledAt(localDayOf(now(), clinic.zone)))
  for (const name of SHIPPED_ROLES) {
    await insertRole(tx, { id: newId(), clinicId: clinic.id, name }, SHIPPED_ROLE_GRANTS[name])
  }
  for (const rule of FIRST_RULES) {
    await insertRule(tx, { id: newId<'ReminderRule'>(), clinic_id: clinic.id, updated_at: now(), ...rule })
  }
}

const A_DAY = {
  lead_minutes: 24 * 60,
  type_ids: '[]',
  window_from: '08:00',
  window_until: '20:00',
  // Whoever has just booked for tomorrow need not be told of it at once.
  minimum_notice_minutes: 24 * 60,
  is_active: 1,
  revision: 1,
} as const
/** Where a clinic starts: by e-mail and by text, each reaches those who have the one or the other. */
const FIRST_RULES = [
  { name: 'E-mail the day before', channel: 'email', ...A_DAY },
  { name: 'SMS the day before', channel: 'sms', ...A_DAY },
] as const

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
