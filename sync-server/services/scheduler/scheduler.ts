/** Does what is due by the clock: reminders above all. Several may run side by side; each row is one's alone. */
import type { ClinicId } from '#domain/ids.ts'
import { seconds } from '#domain/time/instant.ts'
import type { Consumer } from '#server/events/event-bus.ts'
import type { NotificationDeps } from '#server/operations/notifications/notification-deps.ts'
import { planReminderDays, planReminders } from '#server/operations/notifications/plan-reminders.ts'
import { raiseReminders } from '#server/operations/notifications/raise-reminders.ts'
import { createServiceLoop, type ServiceLoop, type ServiceLoopDeps } from '#server/operations/service-loop.ts'

export type SchedulerDeps = Pick<NotificationDeps, 'newId'> &
  ServiceLoopDeps & {
    /** There are new messages to be sent. */
    readonly onRaised: () => void
    /** What else is due by the clock: offers that nobody answered, reports by schedule. Each may run at any instance. */
    readonly chores: readonly (() => Promise<unknown>)[]
  }

export type Scheduler = Omit<ServiceLoop, 'look'> & {
  readonly consumer: Consumer
  /** Resolves when all that is due now is done. */
  drain(): Promise<void>
}

const LOOK_EVERY_MS = seconds(5)

export function createScheduler(deps: SchedulerDeps): Scheduler {
  // Planned by the loop: it may be long, and the daily look repeats it where this process does not come to it.
  const changed = new Set<ClinicId>()
  const { look, ...loop } = createServiceLoop(deps, {
    service: 'scheduler',
    everyMs: LOOK_EVERY_MS,
    run: async (isOver) => {
      for (const clinicId of changed) {
        await planReminderDays(deps, clinicId)
        changed.delete(clinicId)
      }
      let raised = 0
      for (let more = true; more && !isOver(); ) {
        const count = await raiseReminders(deps)
        raised += count
        more = count > 0
      }
      if (raised > 0) deps.onRaised()
      await doChores(deps)
      return { raised }
    },
  })
  return {
    ...loop,
    drain: look,
    consumer: {
      name: 'reminders',
      handle: async (tx, event) => {
        if (event.type === 'ReminderRulesChanged') changed.add(event.clinicId)
        else await planReminders(deps, tx, event)
      },
      handled: loop.kick,
    },
  }
}

/** One that fails stops no other, and comes up again at the next look. */
async function doChores({ chores, log }: SchedulerDeps): Promise<void> {
  for (const chore of chores) {
    await chore().catch((error: unknown) => log.error({ err: error }, 'a chore of the scheduler has failed'))
  }
}
