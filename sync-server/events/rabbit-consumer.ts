/**
 * One service at its queue. Messages are taken in batches, each batch one transaction; a message is acknowledged when its effect
 * is committed, or when a queue for later or the parking queue has it safely.
 */
import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import { type EventEnvelope, MOST_EVENT_BYTES, parseEvent } from '#domain/events/envelope.ts'
import { pause } from '#server/database/database.ts'
import { type ConsumeDeps, consumeEvents } from './consume-events.ts'
import type { BusLog, Consumer } from './event-bus.ts'
import { reasonOf } from './put-aside.ts'
import { publishSafely } from './rabbit-publisher.ts'
import type { Topology } from './rabbit-topology.ts'

export type RabbitConsumerDeps = ConsumeDeps & {
  readonly topology: Topology
  readonly retryDelaysMs: readonly number[]
  readonly log: BusLog
}

/** Messages in hand at once, and the most that one transaction acts on. */
const PREFETCH = 100
const PAUSE_MS = 1_000

/** How often a message has failed so far. */
export const ATTEMPTS_HEADER = 'x-attempts'
export const REASON_HEADER = 'x-reason'
export const CONSUMER_HEADER = 'x-consumer'

type Failure = { readonly message: ConsumeMessage; readonly reason: string; readonly isFinal: boolean }

/** Begins to consume on a channel of its own. @returns how to stop: resolves when what is in hand is settled */
export async function startRabbitConsumer(
  deps: RabbitConsumerDeps,
  model: ChannelModel,
  consumer: Consumer,
): Promise<() => Promise<void>> {
  const channel = await model.createConfirmChannel()
  let isClosed = false
  channel.on('error', (error) => deps.log.warn({ err: error, consumer: consumer.name }, 'a channel was closed'))
  channel.on('close', () => {
    isClosed = true
  })
  await channel.prefetch(PREFETCH)
  const waiting: ConsumeMessage[] = []
  let working: Promise<void> | undefined
  const work = async (): Promise<void> => {
    while (waiting.length > 0 && !isClosed) await settle(deps, channel, consumer, waiting.splice(0, PREFETCH))
    waiting.length = 0
  }
  const { consumerTag } = await channel.consume(deps.topology.queueOf(consumer.name), (message) => {
    if (!message) return
    waiting.push(message)
    working ??= new Promise(setImmediate).then(work).finally(() => {
      working = undefined
    })
  })
  return async () => {
    if (!isClosed) await channel.cancel(consumerTag).catch(() => undefined)
    await working
  }
}

/** Acts on a batch and answers the broker for every message of it. Never throws: what is not answered comes again. */
async function settle(
  deps: RabbitConsumerDeps,
  channel: ConfirmChannel,
  consumer: Consumer,
  messages: readonly ConsumeMessage[],
): Promise<void> {
  try {
    const failures = await act(deps, consumer, messages)
    const kept = failures.length === 0 ? new Set() : await sendOn(deps, channel, consumer, failures)
    const failed = new Set(failures.map(({ message }) => message))
    for (const message of messages) if (!failed.has(message) || kept.has(message)) channel.ack(message)
    for (const { message } of failures) if (!kept.has(message)) channel.nack(message, false, true)
  } catch (error) {
    deps.log.warn({ err: error, consumer: consumer.name }, 'messages wait until the database answers')
    await pause(PAUSE_MS)
    await waitElsewhere(deps, channel, consumer, messages)
  }
}

async function act(
  deps: RabbitConsumerDeps,
  consumer: Consumer,
  messages: readonly ConsumeMessage[],
): Promise<readonly Failure[]> {
  const failures: Failure[] = []
  const events = new Map<EventEnvelope, ConsumeMessage>()
  for (const message of messages) {
    const isLarge = message.content.length > MOST_EVENT_BYTES
    const answer = isLarge ? ({ ok: false, fault: 'too-large' } as const) : parseEvent(message.content.toString('utf8'))
    if (answer.ok) events.set(answer.event, message)
    else failures.push({ message, reason: answer.fault, isFinal: true })
  }
  for (const { event, error } of await consumeEvents(deps, consumer, [...events.keys()])) {
    deps.log.warn({ err: error, consumer: consumer.name, type: event.type }, 'a service could not act on an event')
    const message = events.get(event)
    if (message) failures.push({ message, reason: reasonOf(error), isFinal: false })
  }
  return failures
}

const attemptsOf = ({ properties }: ConsumeMessage): number => Number(properties.headers?.[ATTEMPTS_HEADER] ?? 0) || 0

/** Sends failed messages to the queue of their delay, or to the parking queue. @returns those that arrived there */
async function sendOn(
  { topology, retryDelaysMs }: RabbitConsumerDeps,
  channel: ConfirmChannel,
  consumer: Consumer,
  failures: readonly Failure[],
): Promise<ReadonlySet<ConsumeMessage>> {
  const letters = failures.map(({ message, reason, isFinal }, index) => {
    const attempts = attemptsOf(message)
    const delay = isFinal ? undefined : retryDelaysMs[attempts]
    return {
      id: `${index}`,
      exchange: delay === undefined ? '' : topology.retryOf(delay),
      routingKey: delay === undefined ? topology.parked : topology.queueOf(consumer.name),
      body: message.content.toString('utf8'),
      headers: { [ATTEMPTS_HEADER]: attempts + 1, [REASON_HEADER]: reason, [CONSUMER_HEADER]: consumer.name },
    }
  })
  const arrived = await publishSafely(channel, letters)
  return new Set(failures.flatMap(({ message }, index) => (arrived.has(`${index}`) ? [message] : [])))
}

/** The database is away: messages wait in a queue for later, and that counts as no try of theirs. */
async function waitElsewhere(
  { topology, retryDelaysMs }: RabbitConsumerDeps,
  channel: ConfirmChannel,
  consumer: Consumer,
  messages: readonly ConsumeMessage[],
): Promise<void> {
  try {
    const letters = messages.map((message, index) => ({
      id: `${index}`,
      exchange: topology.retryOf(retryDelaysMs[0] ?? PAUSE_MS),
      routingKey: topology.queueOf(consumer.name),
      body: message.content.toString('utf8'),
      headers: { [ATTEMPTS_HEADER]: attemptsOf(message) },
    }))
    const arrived = await publishSafely(channel, letters)
    for (const [index, message] of messages.entries()) {
      if (arrived.has(`${index}`)) channel.ack(message)
      else channel.nack(message, false, true)
    }
  } catch {
    // The channel is gone too: the broker hands all of them out again.
  }
}
