/** The rules of everything that goes out, at webhooks; reminders keep them in tests/server/notifications. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { WEBHOOK_SEAL } from '#server/for-other-systems.ts'
import { createSeal } from '#server/operations/seal.ts'
import { createAddressRule } from '#server/webhooks/address-rule.ts'
import { createWebhookRelay, type WebhookRelay } from '#server/webhooks/webhook-relay.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { classic } from '#tests/support/classic-bugs.ts'
import { aServer, SECRET_KEY, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { aWebhookReceiver, type WebhookReceiver } from '#tests/support/webhook-receiver.ts'

describe.each(engines)('the known bugs of messages, on %s', (engine) => {
  let server: ServerUnderTest
  let receiver: WebhookReceiver
  let relays: WebhookRelay[] = []
  let shift = 0
  let slot = 0
  beforeAll(async () => {
    server = await aServer(engine, { webhooks: { allow: ['127.0.0.1'], isSending: false } })
  })
  afterAll(() => server.stop())

  const aRelay = (): WebhookRelay => {
    const relay = createWebhookRelay({
      database: server.database,
      newId: server.server.newId,
      seal: createSeal(SECRET_KEY, WEBHOOK_SEAL),
      now: () => Date.now() + shift,
      random: () => 0.5,
      addressRule: createAddressRule(['127.0.0.1']),
      log: { warn: () => undefined, error: () => undefined },
    })
    relays.push(relay)
    return {
      ...relay,
      drain: async () => {
        await server.server.events.relay.drain()
        await relay.drain()
      },
    }
  }
  const subscribe = async (url: string) => {
    const body = { url, eventTypes: ['AppointmentBooked', 'AppointmentMoved', 'AppointmentCancelled'] }
    return (await server.request('POST', '/api/v1/webhooks', { as: 'admin', body })).body.webhook
  }
  beforeEach(async () => {
    shift = 0
    receiver = await aWebhookReceiver()
    await subscribe(`${receiver.url}/hook`)
  })
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.close()))
    relays = []
    await receiver.close()
    const { body } = await server.request('GET', '/api/v1/webhooks', { as: 'admin' })
    for (const { id } of body.webhooks) await server.request('DELETE', `/api/v1/webhooks/${id}`, { as: 'admin' })
  })

  const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
    (await server.request('POST', `/api/v1/appointments${path}`, { as: 'receptionist', body, headers })).body
  const book = async (headers: Record<string, string> = {}) => {
    slot += 1
    const body = {
      doctorId: testId('Doctor', 2),
      patientId: testId('Patient', 2 + (slot % 18)),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK + minutes(15) * slot,
    }
    return (await post('', body, headers)).appointment as { id: string; start: number }
  }
  const statusOf = async (id: string) =>
    (await server.request('GET', `/api/v1/appointments/${id}`, { as: 'receptionist' })).body.appointment.status
  const said = (from = receiver) =>
    from.received.map(({ body }) => JSON.parse(body)).map(({ type, data }) => [type, data.revision])

  test(classic('Reminder repeats', 'two senders at once, twice over, send a message once'), async () => {
    await book()
    const [one, other] = [aRelay(), aRelay()]
    for (let round = 0; round < 2; round += 1) await Promise.all([one.drain(), other.drain()])
    expect(receiver.received).toHaveLength(1)
  })

  test(classic('Reminder overwrites status', 'whether a message arrived says nothing about the visit'), async () => {
    receiver.answer = (response) => void response.writeHead(500).end()
    const { id } = await book()
    const before = await statusOf(id)
    await aRelay().drain()
    expect(receiver.received).toHaveLength(1)
    expect(await statusOf(id)).toBe(before)
  })

  test(classic('Reminder lost', 'one who cannot be reached stops nobody else, and is tried again'), async () => {
    const dead = await aWebhookReceiver()
    const { url } = dead
    await dead.close()
    await subscribe(url)
    const relay = aRelay()
    receiver.answer = (response) => void response.writeHead(503).end()
    for (const _ of [1, 2]) await book()
    await relay.drain()
    receiver.answer = (response) => void response.writeHead(200).end()
    shift = minutes(5)
    await relay.drain()
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2)
    expect(receiver.received.length).toBe(4)
  })

  test(
    classic('Reminder after cancel or move', 'each message says the state it is about, and ends with the last'),
    async () => {
      const { id, start } = await book()
      await post(`/${id}/move`, { start: start + minutes(240), revision: 1 })
      await post(`/${id}/cancel`, { reason: 'well again', revision: 2 })
      await aRelay().drain()
      expect(said().sort()).toEqual([
        ['AppointmentBooked', 1],
        ['AppointmentCancelled', 3],
        ['AppointmentMoved', 2],
      ])
      const { body } = await server.request('GET', `/api/v1/appointments/${id}`, { as: 'receptionist' })
      // Whoever acts on the first message reads the visit again, and finds that it is off.
      expect(body.appointment).toMatchObject({ status: 'cancelled', revision: 3 })
    },
  )

  test(
    classic('Event not on every path', 'a repeat, a refusal and a batch with a bad write tell it once or not at all'),
    async () => {
      const events = () =>
        server.database.read((tx) =>
          tx.selectFrom('outbox').select('type').where('type', '=', 'AppointmentBooked').execute(),
        )
      const before = (await events()).length
      const headers = { 'idempotency-key': 'the-one-booking' }
      slot += 1
      const body = {
        doctorId: testId('Doctor', 3),
        patientId: testId('Patient', 4),
        typeId: server.clinic.types.consultation.id,
        start: NINE_O_CLOCK,
      }
      await Promise.all([
        post('', body, headers),
        post('', body, headers),
        post('', { ...body, patientId: testId('Patient', 5) }),
        post('', { ...body, start: NINE_O_CLOCK + minutes(30), patientId: testId('Patient', 6) }),
      ])
      expect((await events()).length - before).toBe(2)
    },
  )
})
