/** The log-ins of the demo clinic. Their one password is never a known default: it is made at the first start, or given. */
import type { ShippedRole } from '#domain/access/roles.ts'
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { findLogIn, updatePasswordHash } from '#server/repositories/users.ts'
import { createAccount } from './create-clinic.ts'
import type { Passwords } from './passwords.ts'

export type DemoLogin = { readonly role: ShippedRole; readonly email: string; readonly name: string }

export const DEMO_LOGINS = [
  { role: 'admin', email: 'admin@demo.test', name: 'Alex Admin' },
  { role: 'receptionist', email: 'reception@demo.test', name: 'Robin Reception' },
  { role: 'doctor', email: 'doctor@demo.test', name: 'Demo doctor' },
  { role: 'patient', email: 'patient@demo.test', name: 'Demo patient' },
] as const satisfies readonly DemoLogin[]

export type DemoUserIds = { readonly [Role in ShippedRole]: UserId }

type Deps = { readonly now: () => Instant; readonly newId: <Kind extends string>() => Id<Kind> }

/** Makes the four accounts. Doctor and patient carry the names of the rows they are linked to. */
export async function createDemoAccounts(
  deps: Deps,
  tx: Tx,
  {
    clinicId,
    passwordHash,
    names,
  }: {
    readonly clinicId: ClinicId
    readonly passwordHash: string
    readonly names: Partial<Record<ShippedRole, string>>
  },
): Promise<DemoUserIds> {
  const ids: Partial<Record<ShippedRole, UserId>> = {}
  for (const { role, email, name } of DEMO_LOGINS) {
    ids[role] = await createAccount(deps, tx, { name: names[role] ?? name, email, passwordHash, clinicId, role })
  }
  return ids as DemoUserIds
}

/** True when somebody could log in by one of the addresses that everybody knows. */
export const hasDemoAccounts = (database: Database): Promise<boolean> =>
  database.read(async (tx) => {
    for (const { email } of DEMO_LOGINS) if ((await findLogIn(tx, email))?.isActive) return true
    return false
  })

type PasswordDeps = { readonly database: Database; readonly now: () => Instant; readonly passwords: Passwords }

/** Makes the given password the demo accounts' own, where it is not yet, so that what the start prints is true. */
export async function keepDemoPassword({ database, now, passwords }: PasswordDeps, password: string): Promise<void> {
  const rows = await database.read(async (tx) => {
    const found = []
    for (const { email } of DEMO_LOGINS) found.push(await findLogIn(tx, email))
    return found.filter((row) => row !== undefined)
  })
  const [first] = rows
  if (!first || (await passwords.isRight(password, first.passwordHash))) return
  const hash = await passwords.hash(password)
  await database.write(async (tx) => {
    for (const { id } of rows) await updatePasswordHash(tx, id, hash, now())
  })
}
