import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Database } from '#server/database/database.ts'
import { listRoleNames, loadSubjectRow } from '#server/repositories/access.ts'
import { getClinic, getPolicies } from '#server/repositories/clinic-rows.ts'
import { findUser } from '#server/repositories/users.ts'

type Deps = { readonly database: Database }

/** Who is signed in, where, and what they may do. Throws when the account is gone: a session of it would not have been found. */
export function describeUser({ database }: Deps, clinicId: ClinicId, userId: UserId): Promise<SignedInUser> {
  return database.read(async (tx) => {
    const user = await findUser(tx, userId)
    if (!user) throw new Error('A session without an account')
    const clinic = await getClinic(tx, clinicId)
    const { phone, changeCutoffMinutes, waitingLimitMinutes } = await getPolicies(tx, clinicId)
    const subject = await loadSubjectRow(tx, clinicId, userId)
    return {
      id: user.id,
      name: user.name,
      email: user.email,
      clinic: {
        id: clinic.id,
        name: clinic.name,
        zone: clinic.zone,
        phone,
        changeCutoffMinutes,
        waitingLimitMinutes,
      },
      doctorId: subject.doctorId,
      patientIds: [...subject.patientIds],
      roles: await listRoleNames(tx, clinicId, userId),
      grants: [...subject.grants],
    }
  })
}
