/** Events reach every service that wants them, once in effect; what no service can act on is put aside and stops nothing else. */
import { connect } from 'amqplib'
import { afterEach, describe, expect, test } from 'vitest'
import type { ConsumerName } from '#domain/events/subscriptions.ts'
import { topologyOf } from '#server/events/rabbit-topology.ts'
import { sweepEvents } from '#server/events/sweep.ts'
import {
  AMQP_URL,
  anEventLine,
  BUSES,
  bookingRow,
  type EventLine,
  newId,
  silent,
  textOfBooking,
} from '#tests/support/event-line.ts'
import { eventually } from '#tests/support/eventually.ts'
import { startFaultProxy } from '#tests/support/fault-proxy.ts'
import { testRandom } from '#tests/support/seeded.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const worlds = engines.flatMap((engine) => BUSES.map((kind) => ({ engine, kind })))

describe.each(worlds)('events over the $kind bus on $engine', ({ engine, kind }) => {
  let line: EventLine
  afterEach(() => line.stop())

  const parked = () =>
    line.database.read((tx) => tx.selectFrom('parked_messages').selectAll().orderBy('created_at').execute())
  const isDone = (ids: readonly string[], consumer: ConsumerName = 'webhooks') =>
    eventually('every event is done', async () => {
      const effects = new Set(await line.effects(consumer))
      return ids.filter((id) => !effects.has(id)).length === 0
    })

  test('each event reaches every service that wants it, and no other', async () => {
    line = await anEventLine(engine, kind)
    const ids = await line.happen(300)
    await isDone(ids)
    await isDone(ids, 'notifications')
    await eventually('all is marked as sent', async () => {
      const open = await line.database.read((tx) =>
        tx.selectFrom('outbox').select('id').where('sent_at', 'is', null).execute(),
      )
      return open.length === 0
    })
    expect(new Set(line.acted.webhooks).size).toBe(300)
    expect(line.acted.reports).toEqual([])
  })

  test('an event that comes again has no second effect', async () => {
    line = await anEventLine(engine, kind)
    const [id = ''] = await line.happen(1)
    await isDone([id])
    for (let round = 0; round < 3; round += 1) await line.bus.redeliver('webhooks', textOfBooking(id))
    const [later = ''] = await line.happen(1)
    await isDone([later])
    expect(line.acted.webhooks.filter((each) => each === id)).toEqual([id])
  })

  test('a service that throws is asked again, later; the events around it flow', async () => {
    line = await anEventLine(engine, kind)
    const failures = new Map<string, number>()
    const ids = Array.from({ length: 20 }, () => newId() as string)
    const [poor = ''] = ids
    line.onEvent = (consumer, id) => {
      if (consumer !== 'webhooks' || id !== poor || (failures.get(id) ?? 0) >= 2) return
      failures.set(id, (failures.get(id) ?? 0) + 1)
      throw new RangeError('Zyx-Marker: not yet')
    }
    await line.database.write((tx) => tx.insertInto('outbox').values(ids.map(bookingRow)).execute())
    line.relay.kick()
    await isDone(ids.slice(1))
    await isDone([poor])
    // Its line among those that are tried again goes after it was acted on, in a write of its own.
    await eventually('nothing is left aside', async () => (await parked()).length === 0)
  })

  test('a message that fails each time is put aside after the last try, with a code and no words of the error', async () => {
    line = await anEventLine(engine, kind)
    const [poison = '', ...others] = Array.from({ length: 10 }, () => newId() as string)
    line.onEvent = (consumer, id) => {
      if (consumer === 'notifications' && id === poison) throw new RangeError('Zyx-Marker')
    }
    await line.database.write((tx) =>
      tx
        .insertInto('outbox')
        .values([poison, ...others].map(bookingRow))
        .execute(),
    )
    line.relay.kick()
    await isDone(others, 'notifications')
    await eventually('it is put aside', async () => (await parked()).some(({ status }) => status === 'parked'))
    const [row] = await parked()
    expect(row).toMatchObject({
      consumer: 'notifications',
      event_id: poison,
      reason: 'RangeError',
      type: 'AppointmentBooked',
    })
    expect(JSON.stringify(row)).not.toContain('Zyx')
    // The other services have acted on it.
    await isDone([poison])
  })

  test('what is no event is put aside at once', async () => {
    line = await anEventLine(engine, kind)
    const bodies: Record<string, string> = {
      'no-json': '{"id": ',
      'no-event': '{"hello":"world"}',
      'unknown-version': textOfBooking(newId()).replace('"version":1', '"version":7'),
      'unknown-type': textOfBooking(newId()).replace('AppointmentBooked', 'AppointmentVanished'),
      'wrong-shape': textOfBooking(newId()).replace('"revision":1', '"revision":"one"'),
      'too-large': `"${'x'.repeat(1024 * 1024)}"`,
    }
    await eventually('the bus is there', async () => (await line.bus.state()).isUp)
    for (const body of Object.values(bodies)) await line.bus.redeliver('webhooks', body)
    const ids = await line.happen(5)
    await isDone(ids)
    await eventually('all of them are put aside', async () => (await parked()).length === 6)
    expect((await parked()).map(({ reason }) => reason).sort()).toEqual(Object.keys(bodies).sort())
  })

  test('an event that the bus has lost is found by the sweeper', async () => {
    line = await anEventLine(engine, kind)
    const lost = newId() as string
    const row = { ...bookingRow(lost), sent_at: Date.now() - 60_000 }
    await line.database.write((tx) => tx.insertInto('outbox').values(row).execute())
    const deps = { database: line.database, bus: line.bus, now: Date.now, log: silent }
    await eventually('the bus takes it', () =>
      sweepEvents(deps, 1_000).then(
        () => true,
        () => false,
      ),
    )
    await isDone([lost])
    await isDone([lost], 'notifications')
    await isDone([lost], 'reminders')
    // Reports want nothing of it, and what is done is left alone.
    expect(await sweepEvents(deps, 1_000)).toBe(0)
  })
})

describe('a broker that is away', () => {
  test('events stay in the outbox, commits go on, and all of it flows when the broker is back', async () => {
    const { port } = new URL(AMQP_URL)
    const proxy = await startFaultProxy({ port: Number(port) || 5672 }, testRandom())
    proxy.setOffline(true)
    const url = AMQP_URL.replace(/@[^/]*/, `@127.0.0.1:${proxy.port}`)
    const line = await anEventLine('sqlite', 'rabbitmq', url)
    const early = await line.happen(50)
    await line.relay.drain()
    expect(await line.bus.state()).toMatchObject({ isUp: false })
    proxy.setOffline(false)
    const done = (ids: readonly string[]) =>
      eventually('all flows', async () => {
        line.relay.kick()
        const effects = new Set(await line.effects('webhooks'))
        return ids.every((id) => effects.has(id))
      })
    await done(early)
    proxy.play('reset')
    const late = await line.happen(50)
    await done(late)
    expect(new Set(line.acted.webhooks).size).toBe(100)
    await line.stop()
    await proxy.close()
  })

  test('nothing that travels names anybody: ids, codes and times only', async () => {
    const line = await anEventLine('sqlite', 'rabbitmq')
    const model = await connect(AMQP_URL)
    const channel = await model.createChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    const bodies: string[] = []
    await eventually('the exchange is there', async () => (await line.bus.state()).isUp)
    await channel.bindQueue(queue, topologyOf(line.prefix).events, '#')
    await channel.consume(queue, (message) => void bodies.push(message?.content.toString() ?? ''), { noAck: true })
    await line.happen(3)
    await eventually('they came', () => bodies.length === 3)
    for (const body of bodies)
      expect(Object.keys(JSON.parse(body)).sort()).toEqual(['at', 'clinicId', 'id', 'payload', 'type', 'version'])
    await model.close()
    await line.stop()
  })
})
