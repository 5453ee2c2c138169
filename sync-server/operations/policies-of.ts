import type { ClinicPolicies } from '#domain/clinic/policies.ts'
import { getPolicies } from '#server/repositories/clinic-rows.ts'
import type { WriteContext } from './write-context.ts'

/** The clinic's policies, read once per transaction. */
export const policiesOf = ({ tx, clinicId, readOnce }: WriteContext): Promise<ClinicPolicies> =>
  readOnce('policies', () => getPolicies(tx, clinicId))
