import type { LookupAddress } from 'node:dns'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hours, minutes } from '#domain/time/instant.ts'
import { WEBHOOK_SEAL } from '#server/for-other-systems.ts'
import { createSeal } from '#server/operations/seal.ts'
import { claimTries } from '#server/operations/webhooks/deliver-webhooks.ts'
import { createAddressRule } from '#server/webhooks/address-rule.ts'
import { createWebhookRelay, type WebhookRelay, type WebhookRelayDeps } from '#server/webhooks/webhook-relay.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, SECRET_KEY, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { aWebhookReceiver, type WebhookReceiver } from '#tests/support/webhook-receiver.ts'

const PATH = '/api/v1/webhooks'

describe.each(engines)('webhooks on %s', (engine) => {
  let server: ServerUnderTest
  let receiver: WebhookReceiver
  let relay: WebhookRelay
  let webhook: { id: string; revision: number }
  let secret = ''
  let slot = 0
  /** The relay's clock is the real one, which the verifying library reads too, moved on by this. */
  let shift = 0

  beforeAll(async () => {
    server = await aServer(engine, { webhooks: { allow: ['127.0.0.1'], isSending: false } })
  })
  afterAll(() => server.stop())
  const relayDeps = (): WebhookRelayDeps => ({
    database: server.database,
    newId: server.server.newId,
    seal: createSeal(SECRET_KEY, WEBHOOK_SEAL),
    now: () => Date.now() + shift,
    random: () => 0.5,
    addressRule: createAddressRule(['127.0.0.1']),
    log: { warn: () => undefined, error: () => undefined },
  })
  /** What has happened becomes deliveries before they are sent. */
  const aRelay = (more: Partial<WebhookRelayDeps> = {}): WebhookRelay => {
    const made = createWebhookRelay({ ...relayDeps(), ...more })
    return {
      ...made,
      drain: async () => {
        await server.server.events.relay.drain()
        await made.drain()
      },
    }
  }
  beforeEach(async () => {
    shift = 0
    receiver = await aWebhookReceiver()
    relay = aRelay()
    const body = { url: `${receiver.url}/hook`, eventTypes: ['AppointmentBooked', 'AppointmentCancelled'] }
    const answer = await server.request('POST', PATH, { as: 'admin', body })
    expect([answer.status, answer.body.secret]).toEqual([201, expect.stringMatching(/^whsec_/)])
    ;({ webhook, secret } = answer.body)
  })
  afterEach(async () => {
    await relay.close()
    await receiver.close()
    await server.request('DELETE', `${PATH}/${webhook.id}`, { as: 'admin' })
  })

  const book = async () => {
    slot += 1
    const body = {
      doctorId: testId('Doctor', 2),
      patientId: testId('Patient', 2 + (slot % 18)),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK + minutes(15) * slot,
      note: 'Zyx-Marker',
    }
    const answer = await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })
    expect(answer.status).toBe(201)
    return answer.body.appointment as { id: string; revision: number }
  }
  const deliveries = async () =>
    (await server.request('GET', `${PATH}/${webhook.id}/deliveries`, { as: 'admin' })).body.deliveries
  const isSigned = ({ headers, body }: { headers: object; body: string }, by = secret) => {
    const given = headers as Record<string, string>
    const at = new Date(Number(given['webhook-timestamp']) * 1000)
    return given['webhook-signature']?.split(' ').includes(new Webhook(by).sign(given['webhook-id'] ?? '', at, body))
  }

  test('an event arrives signed, with ids and no health data, and is verified by the specification’s own library', async () => {
    const { id } = await book()
    await relay.drain()
    expect(receiver.received).toHaveLength(1)
    const [one] = receiver.received
    const said = new Webhook(secret).verify(one?.body ?? '', one?.headers as Record<string, string>)
    expect(said).toMatchObject({ type: 'AppointmentBooked', version: 1, data: { appointmentId: id, revision: 1 } })
    expect(one?.body).not.toMatch(/Zyx|Patient Number|Dr /)
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 1, lastStatus: 200, lastError: '' }])
    await relay.drain()
    expect(receiver.received).toHaveLength(1)
  })

  test('a receiver that fails is tried again later, with the same id and body, until it takes it', async () => {
    receiver.answer = (response) => void response.writeHead(500).end()
    await book()
    await relay.drain()
    expect(await deliveries()).toMatchObject([
      { status: 'waiting', attempts: 1, lastStatus: 500, lastError: 'refused' },
    ])
    await relay.drain()
    expect(receiver.received).toHaveLength(1)
    receiver.answer = (response) => void response.writeHead(204).end()
    shift = minutes(1)
    await relay.drain()
    expect(receiver.received).toHaveLength(2)
    const [first, second] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second?.body).toBe(first?.body)
    expect(receiver.received.every((each) => isSigned(each))).toBe(true)
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 2 }])
  })

  test('what never arrives is given up, shown, and can be sent again as the same message', async () => {
    receiver.answer = (response) => void response.writeHead(503).end()
    await book()
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await relay.drain()
      shift += hours(10)
    }
    const [failed] = await deliveries()
    expect(failed).toMatchObject({ status: 'failed', attempts: 12, lastStatus: 503, nextAttemptAt: null })
    receiver.answer = (response) => void response.writeHead(200).end()
    const path = `${PATH}/${webhook.id}/deliveries/${failed.id}/resend`
    expect((await server.request('POST', path, { as: 'admin' })).body.delivery.status).toBe('waiting')
    await relay.drain()
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(failed.eventId)
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 1 }])
  })

  test('a receiver that hangs is left after the time-out, and holds up nobody else', async () => {
    await relay.close()
    relay = aRelay({ timeoutMs: 300 })
    const other = await aWebhookReceiver()
    const body = { url: other.url, eventTypes: ['AppointmentBooked'] }
    const second = (await server.request('POST', PATH, { as: 'admin', body })).body.webhook
    receiver.answer = () => undefined
    for (const _ of [1, 2, 3]) await book()
    await relay.drain()
    expect(other.received).toHaveLength(3)
    expect((await deliveries()).map(({ lastError }: { lastError: string }) => lastError)).toEqual(
      Array(3).fill('timeout'),
    )
    await server.request('DELETE', `${PATH}/${second.id}`, { as: 'admin' })
    await other.close()
  })

  test('a redirect is not followed, and an endless answer is not read', async () => {
    receiver.answer = (response) => void response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end()
    await book()
    await relay.drain()
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook'])
    expect(await deliveries()).toMatchObject([{ status: 'waiting', lastStatus: 302 }])
    receiver.answer = (response) => {
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', pour)
      }
      pour()
    }
    shift = minutes(1)
    await relay.drain()
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }])
  })

  test('a sender that dies between claim and mark leaves the delivery to the next, under the same id', async () => {
    await book()
    const claimed = async () => (await claimTries(relayDeps(), 10, [])).map(({ row }) => row.event_id)
    await relay.close()
    // Passed on by a relay that may not send, then claimed by one that never comes back.
    relay = aRelay({ addressRule: () => 'refused' })
    await relay.drain()
    shift = minutes(1)
    const lost = await claimed()
    expect(lost).toHaveLength(1)
    expect(await claimed()).toEqual([])
    await relay.close()
    relay = aRelay()
    await relay.drain()
    expect(receiver.received).toEqual([])
    shift += minutes(3)
    await relay.drain()
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(lost)
  })

  test('two relays at once send each event once', async () => {
    const second = aRelay()
    for (const _ of [1, 2, 3, 4]) await book()
    await Promise.all([relay.drain(), second.drain()])
    await second.close()
    expect(receiver.received).toHaveLength(4)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(4)
  })

  test('a name that leads into the own network is refused when the connection is made, whatever it said before', async () => {
    const body = { url: 'https://rebinding.example/', eventTypes: ['AppointmentBooked'] }
    const made = (await server.request('POST', PATH, { as: 'admin', body })).body.webhook
    const answers: LookupAddress[][] = [
      [{ address: '169.254.169.254', family: 4 }],
      [
        { address: '93.184.216.34', family: 4 },
        { address: '::ffff:10.0.0.1', family: 6 },
      ],
    ]
    let asked = 0
    const lookup = ((_: string, __: object, done: (error: null, found: LookupAddress[]) => void) => {
      done(null, answers[asked] ?? [])
      asked += 1
    }) as never
    await relay.close()
    relay = aRelay({ lookup })
    await book()
    await relay.drain()
    shift = minutes(1)
    await relay.drain()
    const list = await server.request('GET', `${PATH}/${made.id}/deliveries`, { as: 'admin' })
    expect(list.body.deliveries).toMatchObject([{ lastError: 'address-refused', lastStatus: null, attempts: 2 }])
    expect(asked).toBe(2)
    await server.request('DELETE', `${PATH}/${made.id}`, { as: 'admin' })
  })

  test('after a rotation both secrets sign for a day, then the new one alone', async () => {
    const rotated = await server.request('POST', `${PATH}/${webhook.id}/rotate-secret`, { as: 'admin' })
    const old = secret
    secret = rotated.body.secret
    // The server's own clock set the end of the overlap.
    shift = server.clock.now - Date.now()
    await book()
    await relay.drain()
    expect([isSigned(receiver.received[0] as never, old), isSigned(receiver.received[0] as never)]).toEqual([
      true,
      true,
    ])
    shift += hours(25)
    await book()
    await relay.drain()
    expect([isSigned(receiver.received[1] as never, old), isSigned(receiver.received[1] as never)]).toEqual([
      false,
      true,
    ])
  })

  test('a receiver that says it is gone is switched off; switched on again it gets what comes then', async () => {
    receiver.answer = (response) => void response.writeHead(410).end()
    await book()
    await relay.drain()
    const gone = await server.request('GET', `${PATH}/${webhook.id}`, { as: 'admin' })
    expect(gone.body.webhook).toMatchObject({ isActive: false, disabledReason: 'gone' })
    await book()
    await relay.drain()
    expect(receiver.received).toHaveLength(1)
    receiver.answer = (response) => void response.writeHead(200).end()
    const headers = { 'if-match': gone.headers.get('etag') ?? '' }
    const on = await server.request('PATCH', `${PATH}/${webhook.id}`, {
      as: 'admin',
      headers,
      body: { isActive: true },
    })
    expect(on.body.webhook).toMatchObject({ isActive: true, disabledReason: '' })
    await book()
    await relay.drain()
    expect(receiver.received).toHaveLength(2)
  })

  test('imported history is never sent', async () => {
    const row = { clinic_id: server.clinic.clinicId, type: 'AppointmentBooked', version: 1, payload: '{}' }
    const event = {
      ...row,
      id: testId('Event', 1),
      is_historic: 1,
      created_at: server.clock.now,
      sent_at: null,
      claimed_until: 0,
    }
    await server.database.write((tx) => tx.insertInto('outbox').values(event).execute())
    await relay.drain()
    expect(await deliveries()).toEqual([])
    const left = await server.database.read((tx) =>
      tx.selectFrom('outbox').select('id').where('sent_at', 'is', null).execute(),
    )
    expect(left).toEqual([])
  })

  test.each([
    ['http://example.com/', 422],
    ['https://user:word@example.com/', 422],
    ['https://localhost/', 422],
    ['https://10.0.0.1/', 422],
    ['https://[::ffff:127.0.0.2]/', 422],
    ['https://0x7f000002/', 422],
    ['ftp://example.com/', 400],
  ])('the address %s is not taken', async (url, status) => {
    const body = { url, eventTypes: ['AppointmentBooked'] }
    expect((await server.request('POST', PATH, { as: 'admin', body })).status).toBe(status)
  })

  test('the secret is told once and lies sealed', async () => {
    const listed = await server.request('GET', PATH, { as: 'admin' })
    expect(JSON.stringify(listed.body)).not.toContain(secret)
    const rows = await server.database.read((tx) => tx.selectFrom('webhooks').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length))
    const stale = { 'if-match': '"99"' }
    const late = await server.request('PATCH', `${PATH}/${webhook.id}`, {
      as: 'admin',
      headers: stale,
      body: { isActive: false },
    })
    expect([late.status, late.body.code]).toEqual([412, 'stale-revision'])
  })
})
