/**
 * Exchanges and queues on RabbitMQ 3.10 to 4.x: durable quorum queues and nothing those versions do not share. Declared anew at
 * every connection, always with the same arguments, by whichever process comes first.
 *
 * events (topic) → one queue per service. retry.N (fanout) → a queue whose messages fall back, after N milliseconds, to the queue
 * they name as routing key. parked: what no retry helps. notices (fanout) → one exclusive queue per instance.
 */
import type { Channel } from 'amqplib'
import { CONSUMERS, type ConsumerName, SUBSCRIPTIONS } from '#domain/events/subscriptions.ts'

export type Topology = {
  readonly events: string
  readonly notices: string
  readonly parked: string
  queueOf(consumer: ConsumerName): string
  retryOf(delayMs: number): string
}

/** @param prefix of every name: `appointments` for the product, one of its own for a test */
export const topologyOf = (prefix: string): Topology => ({
  events: `${prefix}.events`,
  notices: `${prefix}.notices`,
  parked: `${prefix}.parked`,
  queueOf: (consumer) => `${prefix}.${consumer}`,
  retryOf: (delayMs) => `${prefix}.retry.${delayMs}`,
})

const QUORUM = { 'x-queue-type': 'quorum' } as const
/** The default exchange: the routing key is a queue's name. */
const TO_QUEUE = ''

export async function declareTopology(
  channel: Channel,
  topology: Topology,
  retryDelaysMs: readonly number[],
): Promise<void> {
  await channel.assertExchange(topology.events, 'topic', { durable: true })
  await channel.assertExchange(topology.notices, 'fanout', { durable: true })
  await channel.assertQueue(topology.parked, { durable: true, arguments: QUORUM })
  for (const consumer of CONSUMERS) {
    const queue = topology.queueOf(consumer)
    // RabbitMQ 4 gives a message up that was handed out twenty times without an answer: then it is parked, not dropped.
    const givenUp = { 'x-dead-letter-exchange': TO_QUEUE, 'x-dead-letter-routing-key': topology.parked }
    await channel.assertQueue(queue, { durable: true, arguments: { ...QUORUM, ...givenUp } })
    for (const type of SUBSCRIPTIONS[consumer]) await channel.bindQueue(queue, topology.events, type)
  }
  for (const delay of new Set(retryDelaysMs)) {
    const retry = topology.retryOf(delay)
    await channel.assertExchange(retry, 'fanout', { durable: true })
    const back = { 'x-dead-letter-exchange': TO_QUEUE, 'x-message-ttl': delay }
    await channel.assertQueue(retry, { durable: true, arguments: { ...QUORUM, ...back } })
    await channel.bindQueue(retry, retry, '')
  }
}

/** Takes everything of a prefix away again; for tests. */
export async function deleteTopology(
  channel: Channel,
  topology: Topology,
  retryDelaysMs: readonly number[],
): Promise<void> {
  const retries = [...new Set(retryDelaysMs)].map(topology.retryOf)
  for (const queue of [topology.parked, ...CONSUMERS.map(topology.queueOf), ...retries])
    await channel.deleteQueue(queue)
  for (const exchange of [topology.events, topology.notices, ...retries]) await channel.deleteExchange(exchange)
}
