/**
 * What carries events from the outbox to the services. In this process by default, RabbitMQ where AMQP_URL is set: the broker is
 * the fast path, the tables are the truth.
 */
import type { EventEnvelope } from '#domain/events/envelope.ts'
import type { ConsumerName } from '#domain/events/subscriptions.ts'
import type { Tx } from '#server/database/database.ts'

/** A service as the bus sees it. */
export type Consumer = {
  readonly name: ConsumerName
  /** Acts on one event, in the transaction that notes it as done; runs again when that is rolled back. */
  handle(tx: Tx, event: EventEnvelope): Promise<void>
  /** Something was committed: whoever sends or computes may look. */
  handled?(): void
}

export type QueueState = {
  readonly consumer: string
  /** Messages that no service has in hand. */
  readonly waiting: number
}

export type BusState = { readonly isUp: boolean; readonly queues: readonly QueueState[] }

export type EventBus = {
  readonly kind: 'in-process' | 'rabbitmq'
  /** Begins to hand events to the services of this process. */
  start(consumers: readonly Consumer[]): Promise<void>
  /** Hands events over. @returns the ids of those that are safe with the bus; the others are to be published again. */
  publish(events: readonly EventEnvelope[]): Promise<ReadonlySet<string>>
  /** Hands a message to one service once more. @throws when it could not be handed over */
  redeliver(consumer: ConsumerName, body: string): Promise<void>
  /** Tells the other instances something that may get lost. */
  tellOthers(notice: string): void
  onNotice(listener: (notice: string) => void): void
  state(): Promise<BusState>
  /** Takes no more messages and resolves when those in hand are settled. */
  close(): Promise<void>
}

/** How long a message rests after each failed try; after the last it is put aside. */
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 10_000, 60_000, 600_000]

export type BusLog = {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}
