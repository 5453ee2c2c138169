/** From the parking queue into the table that people see: the queue holds what the database could not take at that moment. */
import type { ChannelModel, ConsumeMessage } from 'amqplib'
import { CONSUMERS, type ConsumerName } from '#domain/events/subscriptions.ts'
import { pause } from '#server/database/database.ts'
import type { NewId } from '#server/operations/new-id.ts'
import { insertParked } from '#server/repositories/parked-messages.ts'
import { rowOf } from './put-aside.ts'
import { ATTEMPTS_HEADER, CONSUMER_HEADER, type RabbitConsumerDeps, REASON_HEADER } from './rabbit-consumer.ts'
import type { Topology } from './rabbit-topology.ts'

type Deps = RabbitConsumerDeps & { readonly newId: NewId }

const PAUSE_MS = 1_000

/** @returns how to stop */
export async function collectParked(deps: Deps, model: ChannelModel): Promise<() => Promise<void>> {
  const channel = await model.createChannel()
  channel.on('error', (error) => deps.log.warn({ err: error }, 'a channel was closed'))
  await channel.prefetch(1)
  let working: Promise<void> = Promise.resolve()
  const { consumerTag } = await channel.consume(deps.topology.parked, (message) => {
    if (!message) return
    working = keep(deps, message).then(
      () => channel.ack(message),
      async (error: unknown) => {
        deps.log.warn({ err: error }, 'a message could not be put aside yet')
        await pause(PAUSE_MS)
        channel.nack(message, false, true)
      },
    )
    working = working.catch(() => undefined)
  })
  return async () => {
    await channel.cancel(consumerTag).catch(() => undefined)
    await working
  }
}

async function keep({ database, now, newId, topology, log }: Deps, message: ConsumeMessage): Promise<void> {
  const headers: Readonly<Record<string, unknown>> = message.properties.headers ?? {}
  const consumer = consumerOf(headers, topology)
  const reason = String(headers[REASON_HEADER] ?? 'given-up').slice(0, 40)
  const attempts = Number(headers[ATTEMPTS_HEADER] ?? 0) || 0
  const body = message.content.toString('utf8')
  log.error({ consumer, reason, attempts }, 'a message was put aside')
  const row = rowOf({ id: newId(), consumer, body, reason, attempts, now: now(), nextAt: null })
  await database.write((tx) => insertParked(tx, row))
}

/** By our own header, or where the broker gave it up, by the queue it was in first. */
function consumerOf(headers: Readonly<Record<string, unknown>>, { queueOf }: Topology): ConsumerName {
  const given = headers[CONSUMER_HEADER]
  const queue = headers['x-first-death-queue']
  const found = CONSUMERS.find((name) => name === given || queueOf(name) === queue)
  return found ?? CONSUMERS[0]
}
