/** What is done once a day, made of the server's parts. */
import type { Logger } from 'pino'
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import { createSealKey, sealDaily } from './operations/audit-seal.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { createHousekeeping, type Housekeeping } from './operations/housekeeping.ts'
import type { NewId } from './operations/new-id.ts'
import { planReminderDays } from './operations/notifications/plan-reminders.ts'
import { retentionTasks } from './operations/retention.ts'

type Parts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly newId: NewId
  readonly log: Pick<Logger, 'info' | 'error'>
  readonly secretKey: string
}

export function createDailyWork({ secretKey, ...parts }: Parts): Housekeeping {
  const sealKey = createSealKey(secretKey)
  const planReminders = {
    name: 'plan-reminders',
    run: async (clinicId: ClinicId) => void (await planReminderDays(parts, clinicId)),
  }
  const tasks = [sealDaily({ ...parts, sealKey }), ...retentionTasks({ ...parts, sealKey }), planReminders]
  return createHousekeeping({ ...parts, tasks })
}
