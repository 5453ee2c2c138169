/** Everything about messages to people, made of the server's parts: the services that run here, and their routes. */
import type { Logger } from 'pino'
import type { Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import { endOffers } from './end-offers.ts'
import type { Consumer, EventBus } from './events/event-bus.ts'
import type { App } from './http/app.ts'
import type { Paging } from './http/paging.ts'
import type { NoteAccess } from './operations/access-audit.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import type { Mailer } from './operations/mailer.ts'
import type { NewId } from './operations/new-id.ts'
import { listNewNotifications } from './operations/notifications/own-notifications.ts'
import { runDueSchedules } from './operations/reports/report-schedules.ts'
import { registerBounceRoutes } from './routes/bounce-routes.ts'
import { GATEWAY_PATH, registerGatewayRoutes } from './routes/gateway-routes.ts'
import { registerMessageRoutes } from './routes/message-routes.ts'
import { registerMonitorRoutes } from './routes/monitor-routes.ts'
import { registerNotificationRoutes } from './routes/notification-routes.ts'
import { createNotificationService, type NotificationService } from './services/notifications/notification-service.ts'
import { createScheduler, type Scheduler } from './services/scheduler/scheduler.ts'
import { reportToken } from './sms/callback-rule.ts'
import { createDevelopmentSender } from './sms/development-sender.ts'
import type { SmsSender } from './sms/sms-sender.ts'
import { registerNotificationStream, type StreamDeps } from './sync/notification-stream.ts'

export type SmsGateway = {
  readonly sender: SmsSender
  /** Of the account at the gateway: what its calls are signed with. */
  readonly token: string
}

export type ServiceParts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly newId: NewId
  readonly log: Logger
  readonly bus: EventBus
  readonly mailer: Mailer
  readonly mailFrom: string
  readonly sms: SmsGateway | null
  readonly secretKey: string
  readonly linkTo: (path: string) => string
  /** Whether people's devices can be reached by the gateway: a server for this machine alone cannot. */
  readonly isPublic: boolean
}

/** What runs in this process. */
export type PeopleServices = {
  readonly notifications: NotificationService
  readonly scheduler: Scheduler
  /** Called with whose lists have something new. */
  onShown: (userIds: readonly string[]) => void
}

export function createPeopleServices(parts: ServiceParts): PeopleServices {
  const { sms, secretKey, now, linkTo, isPublic } = parts
  const instanceId = parts.newId<'Instance'>() as Id<'Instance'>
  const services: { onShown: PeopleServices['onShown'] } = { onShown: () => undefined }
  const statusCallback =
    isPublic && sms !== null
      ? (id: string) => linkTo(`${GATEWAY_PATH}/receipts/${reportToken(secretKey, id, now())}`)
      : undefined
  const notifications = createNotificationService({
    ...parts,
    instanceId,
    sms: sms?.sender ?? createDevelopmentSender(),
    random: Math.random,
    onShown: (userIds) => {
      services.onShown(userIds)
      parts.bus.tellOthers(JSON.stringify({ shownTo: userIds }))
    },
    ...(statusCallback && { statusCallback }),
  })
  const scheduler = createScheduler({
    ...parts,
    instanceId,
    onRaised: notifications.kick,
    chores: [() => endOffers(parts), () => runDueSchedules(parts, now())],
  })
  return Object.assign(services, { notifications, scheduler })
}

export type MessagingParts = Omit<ServiceParts, 'mailer' | 'mailFrom' | 'isPublic'> & {
  readonly audit: NoteAccess
  readonly paging: Paging
  readonly sockets: Omit<StreamDeps, 'latest' | 'log'>
  readonly socketCount: () => number
  /** Undefined where other processes tell people. */
  readonly services: PeopleServices | undefined
}

/** Routes and stream. @returns what hears of events in this process */
export async function registerMessaging(app: App, parts: MessagingParts): Promise<readonly Consumer[]> {
  const { services, sms, bus } = parts
  registerNotificationRoutes(app, parts)
  registerMonitorRoutes(app, parts)
  registerMessageRoutes(app, parts)
  await registerGatewayRoutes(app, {
    ...parts,
    token: sms?.token ?? '',
    onChanged: () => services?.notifications.kick(),
  })
  await registerBounceRoutes(app, { ...parts, onChanged: () => services?.notifications.kick() })
  const stream = registerNotificationStream(app, {
    ...parts.sockets,
    log: parts.log,
    latest: async (session, after) => listNewNotifications(parts, await session.subject(), after),
  })
  bus.onNotice((notice) => stream.tell(shownIn(notice)))
  if (!services) return []
  services.onShown = stream.tell
  app.addHook('onListen', async () => {
    services.notifications.start()
    services.scheduler.start()
  })
  return [services.notifications.consumer, services.scheduler.consumer]
}

/** Nothing where the notice is about something else. */
function shownIn(notice: string): readonly string[] {
  try {
    const { shownTo } = JSON.parse(notice) as { shownTo?: unknown }
    return Array.isArray(shownTo) ? shownTo.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

/** In the order in which they end; none where other processes tell people. */
export const servicesOf = (services: PeopleServices | undefined) =>
  services ? [services.scheduler, services.notifications] : []
