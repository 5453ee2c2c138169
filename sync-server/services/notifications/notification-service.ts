/** Tells people: plans messages as events come, and sends what is due. */
import { seconds } from '#domain/time/instant.ts'
import type { Consumer } from '#server/events/event-bus.ts'
import type { NotificationDeps } from '#server/operations/notifications/notification-deps.ts'
import { planNotifications } from '#server/operations/notifications/plan-notifications.ts'
import { sendDueNotifications } from '#server/operations/notifications/send-notifications.ts'
import { createServiceLoop, type ServiceLoop, type ServiceLoopDeps } from '#server/operations/service-loop.ts'

export type NotificationService = Omit<ServiceLoop, 'look'> & {
  readonly consumer: Consumer
  /** Resolves when all that is due now was tried once. */
  drain(): Promise<void>
}

const LOOK_EVERY_MS = seconds(1)

export function createNotificationService(deps: NotificationDeps & ServiceLoopDeps): NotificationService {
  const { look, ...loop } = createServiceLoop(deps, {
    service: 'notifications',
    everyMs: LOOK_EVERY_MS,
    run: async (isOver) => {
      while (!isOver() && (await sendDueNotifications(deps)));
      return {}
    },
  })
  return {
    ...loop,
    drain: look,
    consumer: {
      name: 'notifications',
      handle: (tx, event) => planNotifications(deps, tx, event),
      handled: loop.kick,
    },
  }
}
