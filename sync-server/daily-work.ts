/** What is done once a day, made of the server's parts. */
import type { Logger } from 'pino'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import { createSealKey, sealDaily } from './operations/audit-seal.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { createHousekeeping, type Housekeeping } from './operations/housekeeping.ts'
import { retentionTasks } from './operations/retention.ts'

type Parts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly log: Pick<Logger, 'info' | 'error'>
  readonly secretKey: string
}

export function createDailyWork({ secretKey, ...parts }: Parts): Housekeeping {
  const sealKey = createSealKey(secretKey)
  const tasks = [sealDaily({ ...parts, sealKey }), ...retentionTasks({ ...parts, sealKey })]
  return createHousekeeping({ ...parts, tasks })
}
