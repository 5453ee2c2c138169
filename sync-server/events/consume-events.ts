/** One effect per event: the inbox row and what the service does are one transaction. */
import type { EventEnvelope } from '#domain/events/envelope.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { CommitUnknown, DatabaseUnavailable, kindOfDatabaseError } from '#server/database/errors.ts'
import { findConsumed, noteConsumed } from '#server/repositories/inbox.ts'
import type { Consumer } from './event-bus.ts'

export type ConsumeDeps = { readonly database: Database; readonly now: () => Instant }

/** An event whose service has thrown. */
export type FailedEvent = { readonly event: EventEnvelope; readonly error: unknown }

/**
 * Lets a service act on events, all of them in one transaction where nothing goes wrong, otherwise one by one.
 * @returns the events whose service has thrown; all others are done, now or before
 * @throws DatabaseUnavailable when the database stayed away: nothing is known to be done
 */
export async function consumeEvents(
  deps: ConsumeDeps,
  consumer: Consumer,
  events: readonly EventEnvelope[],
): Promise<readonly FailedEvent[]> {
  if (events.length === 0) return []
  const failed = await consumeTogether(deps, consumer, events)
  consumer.handled?.()
  return failed
}

async function consumeTogether(
  deps: ConsumeDeps,
  consumer: Consumer,
  events: readonly EventEnvelope[],
): Promise<readonly FailedEvent[]> {
  try {
    await consumeAll(deps, consumer, events)
    return []
  } catch (error) {
    if (isAboutDatabase(error)) throw error
    const [only] = events
    if (events.length === 1 && only && !isRepetition(error)) return [{ event: only, error }]
  }
  const failed: FailedEvent[] = []
  for (const event of events) failed.push(...(await consumeAlone(deps, consumer, event)))
  return failed
}

async function consumeAlone(deps: ConsumeDeps, consumer: Consumer, event: EventEnvelope): Promise<FailedEvent[]> {
  try {
    await consumeAll(deps, consumer, [event])
    return []
  } catch (error) {
    if (isAboutDatabase(error)) throw error
    // Another process has noted it between the look and the note: it is done.
    if (isRepetition(error) && (await isConsumed(deps, consumer, event))) return []
    return [{ event, error }]
  }
}

const consumeAll = ({ database, now }: ConsumeDeps, consumer: Consumer, events: readonly EventEnvelope[]) =>
  database.write(async (tx) => {
    const distinct = [...new Map(events.map((event) => [event.id, event])).values()]
    const done = await findConsumed(
      tx,
      consumer.name,
      distinct.map(({ id }) => id),
    )
    const news = distinct.filter(({ id }) => !done.has(id))
    await noteConsumed(
      tx,
      consumer.name,
      news.map(({ id }) => id),
      now(),
    )
    for (const event of news) await consumer.handle(tx, event)
  })

const isConsumed = ({ database }: ConsumeDeps, consumer: Consumer, { id }: EventEnvelope): Promise<boolean> =>
  database.read(async (tx) => (await findConsumed(tx, consumer.name, [id])).has(id))

const isRepetition = (error: unknown): boolean => kindOfDatabaseError(error) === 'duplicate'

/** Trouble of the database is no fault of the message. */
const isAboutDatabase = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable ||
  error instanceof CommitUnknown ||
  kindOfDatabaseError(error) === 'disk-full' ||
  kindOfDatabaseError(error) === 'connection-lost'
