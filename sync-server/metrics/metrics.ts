/** What Prometheus reads: counts and ages, labelled by service, status and channel; never by anything that names somebody. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Instant } from '#domain/time/instant.ts'
import type { SystemState } from '#server/operations/system-state.ts'

export type MetricsDeps = {
  readonly role: string
  readonly now: () => Instant
  readonly state: () => Promise<SystemState>
  /** Open sync sockets of this process. */
  readonly socketCount: () => number
  /** Devices that held something else than they should, by collection; absent where no device comes to this process. */
  readonly differedReplicas?: ReadonlyMap<string, number>
}

export type Metrics = { readonly contentType: string; text(): Promise<string> }

export function createMetrics({ role, now, state, socketCount, differedReplicas = new Map() }: MetricsDeps): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry })
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `appointments_${name}`, help, labelNames: [...labelNames], registers: [registry] })
  const outbox = gauge('outbox_waiting', 'Events that the bus does not have yet')
  const oldest = gauge('outbox_oldest_seconds', 'Age of the oldest of them')
  const isUp = gauge('bus_up', 'Whether the bus answers')
  const queue = gauge('queue_messages', 'Messages that wait at the bus', ['consumer'])
  const parked = gauge('parked_messages', 'Messages that no service could act on', ['consumer', 'status'])
  const notifications = gauge('notifications', 'Messages to people', ['type', 'status'])
  const due = gauge('reminders_due', 'Reminders whose time has come and that nobody has sent')
  const lateness = gauge('reminders_late_seconds', 'How late the oldest of them is')
  const waiting = gauge('reminders_waiting', 'Reminders still to come')
  const reports = gauge('reports', 'Reports', ['status'])
  const heard = gauge('service_last_run_seconds', 'Since when a service was not heard of, the latest instance', [
    'service',
  ])
  const differed = gauge(
    'sync_replicas_differed',
    'Replicas that held something else than they should, since the start',
    ['collection'],
  )
  const sockets = gauge('sync_sockets', 'Open sync sockets of this process')

  const fill = (found: SystemState, at: Instant): void => {
    const age = (since: Instant | null) => (since === null ? 0 : Math.max(at - since, 0) / 1000)
    for (const each of [queue, parked, notifications, reports, heard]) each.reset()
    outbox.set(found.outbox.count)
    oldest.set(age(found.outbox.oldestAt))
    isUp.set(found.bus.isUp ? 1 : 0)
    for (const { consumer, waiting: count } of found.bus.queues) queue.set({ consumer }, count)
    for (const { consumer, status, count } of found.parked) parked.set({ consumer, status }, count)
    for (const { type, status, count } of found.notifications) notifications.set({ type, status }, count)
    due.set(found.reminders.due)
    lateness.set(age(found.reminders.oldestDueAt))
    waiting.set(found.reminders.waiting)
    for (const { status, count } of found.reports) reports.set({ status }, count)
    // The newest comes first.
    for (const { service, lastRunAt } of found.services.toReversed()) heard.set({ service }, age(lastRunAt))
  }
  return {
    contentType: registry.contentType,
    text: async () => {
      sockets.set(socketCount())
      for (const [collection, count] of differedReplicas) differed.set({ collection }, count)
      fill(await state(), now())
      return registry.metrics()
    },
  }
}
