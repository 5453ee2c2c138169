import type { ClinicId } from '#domain/ids.ts'
import { getPolicies, listClinics } from '#server/repositories/clinic-rows.ts'
import type { AccountDeps } from './account-deps.ts'

/** The clinics that take registrations, by name. */
export function listOpenClinics({
  database,
}: Pick<AccountDeps, 'database'>): Promise<{ id: ClinicId; name: string }[]> {
  return database.read(async (tx) => {
    const open = []
    for (const { id, name } of await listClinics(tx)) {
      if ((await getPolicies(tx, id)).registration === 'open') open.push({ id, name })
    }
    return open
  })
}
