/** `GET /api/v1/monitor`: how the system is now, and what somebody should look at. */
import { can } from '#domain/access/can.ts'
import { monitorAnswerSchema } from '#domain/api/monitor-api.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { EventBus } from '#server/events/event-bus.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { alertsOf, systemState } from '#server/operations/system-state.ts'

type Deps = {
  readonly database: Database
  readonly now: () => Instant
  readonly bus: EventBus
  readonly socketCount: () => number
}

export function registerMonitorRoutes(app: App, deps: Deps): void {
  const schema = {
    tags: ['activity'],
    summary: 'How the system is: what waits, what was put aside, who is at work, and what to look at',
    response: { 200: monitorAnswerSchema },
  }
  app.get('/api/v1/monitor', { config: { permission: 'view-activity' }, schema }, async (request) => {
    const subject = await getSession(request).subject()
    if (!can(subject, 'view-activity', { clinicId: subject.clinicId })) throw new ApiError('not-allowed')
    const found = await systemState(deps, deps.bus)
    const { reports, parked, notifications, services, bus, ...rest } = found
    const state = {
      ...rest,
      reports: [...reports],
      parked: [...parked],
      notifications: [...notifications],
      services: [...services],
      bus: { ...bus, queues: [...bus.queues] },
      sockets: deps.socketCount(),
    }
    return { state, alerts: [...alertsOf(found, deps.now())], at: deps.now() }
  })
}
