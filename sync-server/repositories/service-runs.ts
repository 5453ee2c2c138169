/** `service_runs`: when each loop of each instance last ran, so that a dead one is seen by its silence. */
import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { type Tx, upsert } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type ServiceRun = Tables['service_runs']

export const noteServiceRun = (tx: Tx, run: ServiceRun): Promise<void> =>
  upsert(tx, 'service_runs', [run], { key: ['service', 'instance_id'], set: ['last_run_at', 'detail'] })

export const listServiceRuns = (tx: Tx): Promise<ServiceRun[]> =>
  tx.selectFrom('service_runs').selectAll().orderBy('service').orderBy('last_run_at', 'desc').execute()

/** An instance that ended in order is not missed. */
export async function endServiceRuns(tx: Tx, instanceId: Id<'Instance'>): Promise<void> {
  await tx.deleteFrom('service_runs').where('instance_id', '=', instanceId).execute()
}

/** Forgets instances that nobody has heard of for long. */
export async function forgetServiceRuns(tx: Tx, before: Instant): Promise<void> {
  await tx.deleteFrom('service_runs').where('last_run_at', '<', before).execute()
}
