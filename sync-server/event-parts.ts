/** The way of events through this process: outbox, relay, bus, the services that react, and the look for what got lost. */
import type { Logger } from 'pino'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { Consumer, EventBus } from './events/event-bus.ts'
import { createInProcessBus } from './events/in-process-bus.ts'
import { createOutboxRelay, type OutboxRelay } from './events/outbox-relay.ts'
import { createRabbitBus } from './events/rabbit-bus.ts'
import { sweepEvents } from './events/sweep.ts'
import type { NewId } from './operations/new-id.ts'

export type Broker = {
  readonly url: string
  /** Of the names at the broker, where not the product's. */
  readonly prefix?: string
}

export type EventParts = {
  readonly database: Database
  readonly now: () => Instant
  readonly newId: NewId
  readonly log: Logger
  /** RabbitMQ; null keeps events in this process. */
  readonly amqp: Broker | null
}

export type Events = {
  readonly bus: EventBus
  readonly relay: OutboxRelay
  /** Hands events to these services from now on, and passes on what commits leave. */
  start(consumers: readonly Consumer[]): Promise<void>
  close(): Promise<void>
}

const SWEEP_EVERY_MS = minutes(1)

export function createEvents({ amqp, ...parts }: EventParts): Events {
  const bus = amqp === null ? createInProcessBus(parts) : createRabbitBus({ ...parts, ...amqp })
  const relay = createOutboxRelay({ ...parts, bus })
  let sweeping: Promise<unknown> | undefined
  let timer: NodeJS.Timeout | undefined
  const sweep = () => {
    sweeping ??= sweepEvents({ ...parts, bus })
      .catch((error: unknown) => parts.log.warn({ err: error }, 'lost events could not be looked for'))
      .finally(() => {
        sweeping = undefined
      })
  }
  return {
    bus,
    relay,
    start: async (consumers) => {
      await bus.start(consumers)
      timer = setInterval(sweep, SWEEP_EVERY_MS).unref()
      relay.kick()
    },
    close: async () => {
      clearInterval(timer)
      await relay.close()
      await sweeping
      await bus.close()
    },
  }
}
