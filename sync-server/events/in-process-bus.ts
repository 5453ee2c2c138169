/**
 * The bus of a server without RabbitMQ: events go straight to the services of this process. What a service cannot act on waits in
 * a table, later each time, and is put aside after the last try; nothing waits behind it.
 */

import type { EventEnvelope } from '#domain/events/envelope.ts'
import { parseEvent, textOfEvent } from '#domain/events/envelope.ts'
import { type ConsumerName, wants } from '#domain/events/subscriptions.ts'
import { minutes, seconds } from '#domain/time/instant.ts'
import type { NewId } from '#server/operations/new-id.ts'
import {
  changeParked,
  claimDueMessages,
  countParked,
  deleteParked,
  insertParked,
  type ParkedRow,
} from '#server/repositories/parked-messages.ts'
import { type ConsumeDeps, consumeEvents } from './consume-events.ts'
import { type BusLog, type Consumer, type EventBus, RETRY_DELAYS_MS } from './event-bus.ts'
import { reasonOf, rowOf } from './put-aside.ts'

export type InProcessBusDeps = ConsumeDeps & {
  readonly newId: NewId
  readonly log: BusLog
  readonly retryDelaysMs?: readonly number[]
}

const AT_ONCE = 50
const LOOK_EVERY_MS = seconds(1)
/** Longer than a service may take over one message. */
const LEASE_MS = minutes(2)

export function createInProcessBus(deps: InProcessBusDeps): EventBus {
  let consumers: readonly Consumer[] = []
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let isClosed = false
  const look = (): void => {
    if (isClosed || looking) return
    looking = retryDue(deps, consumers)
      .catch((error: unknown) => deps.log.error({ err: error }, 'waiting messages could not be read'))
      .finally(() => {
        looking = undefined
      })
  }
  return {
    kind: 'in-process',
    start: async (given) => {
      consumers = given
      timer = setInterval(look, LOOK_EVERY_MS).unref()
    },
    publish: async (events) => {
      for (const consumer of consumers) {
        const own = events.filter(({ type }) => wants(consumer.name, type))
        for (let at = 0; at < own.length; at += AT_ONCE) await deliver(deps, consumer, own.slice(at, at + AT_ONCE))
      }
      return new Set(events.map(({ id }) => id))
    },
    redeliver: async (name, body) => {
      const consumer = consumers.find((each) => each.name === name)
      if (!consumer) throw new Error('No service of this process takes the message')
      const answer = parseEvent(body)
      if (answer.ok) await deliver(deps, consumer, [answer.event])
      else await putAside(deps, name, body, answer.fault)
    },
    // There are no others that could be told: without a broker each instance hears of its own commits.
    tellOthers: () => undefined,
    onNotice: () => undefined,
    state: async () => {
      const counts = await deps.database.read(countParked)
      const waiting = counts.filter(({ status }) => status === 'waiting')
      const of = (name: ConsumerName) => waiting.find(({ consumer }) => consumer === name)?.count ?? 0
      return { isUp: true, queues: consumers.map(({ name }) => ({ consumer: name, waiting: of(name) })) }
    },
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await looking
    },
  }
}

async function deliver(deps: InProcessBusDeps, consumer: Consumer, events: readonly EventEnvelope[]): Promise<void> {
  for (const { event, error } of await consumeEvents(deps, consumer, events)) {
    deps.log.warn({ err: error, consumer: consumer.name, type: event.type }, 'a service could not act on an event')
    await keepForLater(deps, consumer.name, event, reasonOf(error))
  }
}

const keepForLater = (deps: InProcessBusDeps, consumer: ConsumerName, event: EventEnvelope, reason: string) => {
  const now = deps.now()
  const [delay] = deps.retryDelaysMs ?? RETRY_DELAYS_MS
  const row = rowOf({
    id: deps.newId(),
    consumer,
    body: textOfEvent(event),
    reason,
    attempts: 1,
    now,
    nextAt: delay === undefined ? null : now + delay,
  })
  return deps.database.write((tx) => insertParked(tx, row))
}

const putAside = (deps: InProcessBusDeps, consumer: ConsumerName, body: string, reason: string) =>
  deps.database.write((tx) =>
    insertParked(tx, rowOf({ id: deps.newId(), consumer, body, reason, attempts: 1, now: deps.now(), nextAt: null })),
  )

async function retryDue(deps: InProcessBusDeps, consumers: readonly Consumer[]): Promise<void> {
  if (consumers.length === 0) return
  const now = deps.now()
  const claim = { consumers: consumers.map(({ name }) => name), now, leaseEndsAt: now + LEASE_MS, limit: AT_ONCE }
  for (const row of await deps.database.write((tx) => claimDueMessages(tx, claim))) {
    const consumer = consumers.find(({ name }) => name === row.consumer)
    if (consumer) await retryOne(deps, consumer, row)
  }
}

async function retryOne(deps: InProcessBusDeps, consumer: Consumer, row: ParkedRow): Promise<void> {
  const answer = parseEvent(row.body)
  const [failure] = answer.ok ? await consumeEvents(deps, consumer, [answer.event]) : []
  if (answer.ok && !failure) return void (await deps.database.write((tx) => deleteParked(tx, row.id)))
  const reason = answer.ok ? reasonOf(failure?.error) : answer.fault
  const delay = answer.ok ? (deps.retryDelaysMs ?? RETRY_DELAYS_MS)[row.attempts] : undefined
  const now = deps.now()
  deps.log.warn({ consumer: row.consumer, attempts: row.attempts + 1, reason }, 'a message failed again')
  await deps.database.write((tx) =>
    changeParked(tx, row.id, {
      attempts: row.attempts + 1,
      reason,
      status: delay === undefined ? 'parked' : 'waiting',
      next_at: now + (delay ?? 0),
      updated_at: now,
    }),
  )
}
