/**
 * Events per second from the outbox over RabbitMQ to a service that notes each in its inbox, beside the rate at which the same broker
 * confirms the same messages. Shown without a budget: what is in between are four durable writes of the database.
 */
import { connect } from 'amqplib'
import { sql } from 'kysely'
import { textOfEvent } from '#domain/events/envelope.ts'
import { pause } from '#server/database/database.ts'
import { publishSafely } from '#server/events/rabbit-publisher.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import { testId } from '#tests/support/builders.ts'
import { AMQP_URL, anEventLine, CLINIC, type EventLine, newId } from '#tests/support/event-line.ts'
import type { Bench } from './bench-row.ts'

const EVENTS = 5_000
const WARM_UP = 500
/** As many as the relay publishes at once. */
const WINDOW = 200

export const events: Bench = async (engine) => {
  const line = await anEventLine(engine, 'rabbitmq')
  try {
    while (!(await line.bus.state()).isUp) await pause(50)
    await through(line, WARM_UP)
    const ours = await through(line, EVENTS)
    const floor = await confirmed(EVENTS)
    return [
      {
        name: 'events',
        work: `${EVENTS} events, outbox → RabbitMQ → inbox`,
        engine,
        ours,
        unit: '/s',
        against: [{ name: 'confirmed publishes', value: floor }],
        ratio: ours / floor,
        budget: null,
        ok: true,
      },
    ]
  } finally {
    await line.stop()
  }
}

/** Of a type that one service wants. */
const anEvent = (id: string) => ({
  id,
  clinicId: CLINIC,
  type: 'PatientChanged' as const,
  version: 1,
  at: Date.now(),
  payload: { patientId: testId('Patient', 1), revision: 1 },
})

async function through({ database, relay }: EventLine, count: number): Promise<number> {
  const rows = Array.from({ length: count }, () => anEvent(newId())).map(
    ({ id, clinicId, type, version, at, payload }) => ({
      id,
      clinic_id: clinicId,
      type,
      version,
      payload: JSON.stringify(payload),
      is_historic: 0,
      created_at: at,
      sent_at: null,
      claimed_until: 0,
    }),
  )
  for (let at = 0; at < count; at += 500) {
    await database.write((tx) => insertEvents(tx, rows.slice(at, at + 500)))
  }
  const done = () =>
    database.read(async (tx) => {
      const { rows: found } = await sql<{ count: number }>`select count(*) as count from inbox`.execute(tx)
      return Number(found[0]?.count)
    })
  const before = await done()
  const begin = performance.now()
  relay.kick()
  while ((await done()) < before + count) await pause(20)
  return (count / (performance.now() - begin)) * 1_000
}

/** Publishes to a durable quorum queue, as many under way as the relay has. */
async function confirmed(count: number): Promise<number> {
  const model = await connect(AMQP_URL)
  const channel = await model.createConfirmChannel()
  const queue = `bench-${newId()}`
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  const letters = Array.from({ length: count }, () => {
    const event = anEvent(newId())
    return { id: event.id, exchange: '', routingKey: queue, body: textOfEvent(event as never) }
  })
  const begin = performance.now()
  for (let at = 0; at < count; at += WINDOW) await publishSafely(channel, letters.slice(at, at + WINDOW))
  const rate = (count / (performance.now() - begin)) * 1_000
  await channel.deleteQueue(queue)
  await model.close()
  return rate
}
