/** A bus with its relay on a database of its own, and services that note what they did in the transaction of the inbox. */
import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { EVENT_VERSIONS } from '#domain/events/domain-events.ts'
import { textOfEvent } from '#domain/events/envelope.ts'
import { CONSUMERS, type ConsumerName } from '#domain/events/subscriptions.ts'
import type { ClinicId } from '#domain/ids.ts'
import { type Database, openDatabase } from '#server/database/database.ts'
import type { Engine } from '#server/database/dialect.ts'
import type { Consumer, EventBus } from '#server/events/event-bus.ts'
import { createInProcessBus } from '#server/events/in-process-bus.ts'
import { createOutboxRelay, type OutboxRelay } from '#server/events/outbox-relay.ts'
import { createRabbitBus } from '#server/events/rabbit-bus.ts'
import { deleteTopology, topologyOf } from '#server/events/rabbit-topology.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import { testId } from './builders.ts'
import { aDatabase } from './throw-away-database.ts'

export const AMQP_URL = process.env.AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'
export const RETRIES_MS = [100, 200]
export const CLINIC = testId<'Clinic'>('Clinic', 1) as ClinicId

export const BUSES = ['in-process', 'rabbitmq'] as const
export type BusKind = (typeof BUSES)[number]

export const newId = newIdSource(Date.now)
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

export type EventLine = {
  readonly database: Database
  readonly databaseUrl: string
  readonly bus: EventBus
  readonly relay: OutboxRelay
  /** Of the names at the broker. */
  readonly prefix: string
  /** Ids of events by service, in the order in which they were acted on. */
  readonly acted: Record<ConsumerName, string[]>
  /** Called before a service acts; throws what it is to throw. */
  onEvent: (consumer: ConsumerName, eventId: string) => void | Promise<void>
  /** Commits events that patients were booked, and answers their ids. */
  happen(count: number): Promise<string[]>
  /** Effects as they are stored, by service. */
  effects(consumer: ConsumerName): Promise<string[]>
  stop(): Promise<void>
}

export const aBooking = (id: string) => ({
  id,
  clinicId: CLINIC,
  type: 'AppointmentBooked' as const,
  version: EVENT_VERSIONS.AppointmentBooked,
  at: Date.now(),
  payload: {
    appointmentId: testId('Appointment', 1),
    doctorId: testId('Doctor', 1),
    patientId: testId('Patient', 1),
    revision: 1,
  },
})

export const textOfBooking = (id: string): string => textOfEvent(aBooking(id) as never)

/** A row of the outbox that says so. */
export const bookingRow = (id: string) => {
  const { clinicId, type, version, at, payload } = aBooking(id)
  const rest = { is_historic: 0, created_at: at, sent_at: null, claimed_until: 0 }
  return { id, clinic_id: clinicId, type, version, payload: JSON.stringify(payload), ...rest }
}

export async function anEventLine(engine: Engine, kind: BusKind, url = AMQP_URL): Promise<EventLine> {
  const throwAway = await aDatabase(engine)
  const database = openDatabase({ url: throwAway.url })
  const prefix = `test-${randomUUID().slice(0, 8)}`
  const deps = { database, now: Date.now, newId, log: silent, retryDelaysMs: RETRIES_MS }
  const bus = kind === 'rabbitmq' ? createRabbitBus({ ...deps, url, prefix }) : createInProcessBus(deps)
  const relay = createOutboxRelay({ database, bus, now: Date.now, log: silent })
  const acted = Object.fromEntries(CONSUMERS.map((name) => [name, []])) as unknown as EventLine['acted']
  const line: EventLine = {
    database,
    databaseUrl: throwAway.url,
    bus,
    relay,
    prefix,
    acted,
    onEvent: () => undefined,
    happen: async (count) => {
      const ids = Array.from({ length: count }, () => newId() as string)
      await database.write((tx) => insertEvents(tx, ids.map(bookingRow)))
      relay.kick()
      return ids
    },
    effects: (consumer) =>
      database.read(async (tx) =>
        (await tx.selectFrom('inbox').select('event_id').where('consumer', '=', consumer).execute()).map(
          ({ event_id }) => event_id,
        ),
      ),
    stop: async () => {
      await relay.close()
      await bus.close()
      if (kind === 'rabbitmq') await forgetTopology(prefix)
      await database.close()
      await throwAway.drop()
    },
  }
  const consumers = CONSUMERS.map(
    (name): Consumer => ({
      name,
      handle: async (_, { id }) => {
        await line.onEvent(name, id)
        acted[name].push(id)
      },
    }),
  )
  await bus.start(consumers)
  return line
}

/** Takes a test's queues away. */
export async function forgetTopology(prefix: string): Promise<void> {
  const model = await connect(AMQP_URL)
  await deleteTopology(await model.createChannel(), topologyOf(prefix), RETRIES_MS)
  await model.close()
}
