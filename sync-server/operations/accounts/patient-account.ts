/** What the ways by which patients come to an account share. */
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { giveRole } from '#server/repositories/access.ts'
import { insertClinicUser } from '#server/repositories/clinic-users.ts'
import { findUserByEmail, insertUser } from '#server/repositories/users.ts'

export type NewPatientUser = { readonly name: string; readonly email: string; readonly passwordHash: string }

/** Makes an account that belongs to the clinic as a patient. @returns null when the address has an account by now */
export async function createPatientUser(ctx: WriteContext, user: NewPatientUser): Promise<UserId | null> {
  const { tx, clinicId, now } = ctx
  if (await findUserByEmail(tx, user.email)) return null
  const id = ctx.newId<'User'>()
  await insertUser(tx, { id, ...user }, now)
  await makePatientOf(ctx, clinicId, id)
  return id
}

/** Gives somebody the rights of a patient in a clinic, if they lack them. */
export async function makePatientOf({ tx, now }: WriteContext, clinicId: ClinicId, userId: UserId): Promise<void> {
  await insertClinicUser(tx, clinicId, userId, now)
  await giveRole(tx, clinicId, userId, 'patient')
}
