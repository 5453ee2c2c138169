import type { Subject } from '#domain/access/can.ts'
import type { ClinicChange, ClinicView } from '#domain/api/clinic-api.ts'
import type { Database } from '#server/database/database.ts'
import type { SeenRevision } from '#server/operations/seen-revision.ts'
import { getClinicSettings, setClinicSettings } from '#server/repositories/clinic-rows.ts'
import { type ClinicDeps, changeOwn, type OwnAnswer } from './change-own.ts'

/** What the clinic has decided, the defaults where it has not. */
export const showClinic = ({ database }: { readonly database: Database }, { clinicId }: Subject): Promise<ClinicView> =>
  database.read((tx) => getClinicSettings(tx, clinicId))

/** Changes name and policies; a policy that is left out stays as it is. Each counts from the next decision on. */
export const changeClinic = (
  deps: ClinicDeps,
  subject: Subject,
  { name, policies }: ClinicChange,
  seen: SeenRevision,
): Promise<OwnAnswer<ClinicView>> =>
  changeOwn(
    deps,
    subject,
    {
      table: 'clinics',
      permission: 'manage-clinic',
      find: ({ tx, clinicId }) => getClinicSettings(tx, clinicId),
      update: ({ tx }, row) => setClinicSettings(tx, row),
    },
    {
      id: subject.clinicId,
      seen,
      apply: (row) => ({ ...row, name: name ?? row.name, policies: { ...row.policies, ...policies } }),
    },
  )
