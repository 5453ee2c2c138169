/** How the system is: what waits, what was put aside, who is at work. For the activity monitor and for metrics alike; counts only. */
import type { AlertCode } from '#domain/api/monitor-api.ts'
import { type Instant, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { BusState, EventBus } from '#server/events/event-bus.ts'
import { countNotifications } from '#server/repositories/notifications.ts'
import { type Backlog, countUnsent } from '#server/repositories/outbox.ts'
import { countParked } from '#server/repositories/parked-messages.ts'
import { countReminders, type ReminderBacklog } from '#server/repositories/reminders.ts'
import { countReports } from '#server/repositories/reports.ts'
import { listServiceRuns } from '#server/repositories/service-runs.ts'

export type CountOf = { readonly status: string; readonly count: number }

export type SystemState = {
  readonly outbox: Backlog
  readonly bus: BusState & { readonly kind: EventBus['kind'] }
  readonly parked: readonly (CountOf & { readonly consumer: string })[]
  readonly notifications: readonly (CountOf & { readonly type: string })[]
  readonly reminders: ReminderBacklog
  readonly reports: readonly CountOf[]
  readonly services: readonly {
    readonly service: string
    readonly startedAt: Instant
    readonly lastRunAt: Instant
    /** It has not been heard of for long. */
    readonly isSilent: boolean
  }[]
}

/** A loop leaves a trace every ten seconds; twelve of them missing are no accident. */
const SILENT_AFTER_MS = seconds(120)

export async function systemState(
  { database, now }: { readonly database: Database; readonly now: () => Instant },
  bus: EventBus,
): Promise<SystemState> {
  const at = now()
  const counts = await database.read(async (tx) => ({
    outbox: await countUnsent(tx),
    parked: await countParked(tx),
    notifications: await countNotifications(tx),
    reminders: await countReminders(tx, at),
    reports: await countReports(tx),
    runs: await listServiceRuns(tx),
  }))
  const { runs, ...rest } = counts
  return {
    ...rest,
    bus: { kind: bus.kind, ...(await bus.state()) },
    services: runs.map(({ service, started_at, last_run_at }) => ({
      service,
      startedAt: started_at,
      lastRunAt: last_run_at,
      isSilent: at - last_run_at > SILENT_AFTER_MS,
    })),
  }
}

/** What somebody should look at, in words of a code; empty while all is well. */
export type Alert = { readonly code: AlertCode; readonly count: number }

/** So late a reminder or an event may be before it is news. */
const LATE_AFTER_MS = seconds(120)

export function alertsOf(state: SystemState, now: Instant): readonly Alert[] {
  const parked = sum(state.parked.filter(({ status }) => status === 'parked'))
  const lost = sum(state.notifications.filter(({ status }) => status === 'parked'))
  const schedulers = state.services.filter(({ service }) => service === 'scheduler')
  const isLate = (since: Instant | null) => since !== null && now - since > LATE_AFTER_MS
  const alerts: readonly (Alert | false)[] = [
    parked > 0 && { code: 'messages-parked', count: parked },
    lost > 0 && { code: 'messages-failed', count: lost },
    schedulers.length === 0 && { code: 'scheduler-missing', count: 1 },
    schedulers.length > 0 &&
      schedulers.every(({ isSilent }) => isSilent) && { code: 'scheduler-silent', count: schedulers.length },
    isLate(state.reminders.oldestDueAt) && { code: 'reminders-late', count: state.reminders.due },
    isLate(state.outbox.oldestAt) && { code: 'events-waiting', count: state.outbox.count },
    !state.bus.isUp && { code: 'broker-down', count: 1 },
  ]
  return alerts.filter((alert) => alert !== false)
}

const sum = (counts: readonly CountOf[]): number => counts.reduce((total, { count }) => total + count, 0)
