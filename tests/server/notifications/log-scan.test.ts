/** Messages are full of names, numbers and addresses: none of it may reach the log, metrics, the broker or an address. */
import { connect } from 'amqplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { topologyOf } from '#server/events/rabbit-topology.ts'
import { createMetrics } from '#server/metrics/metrics.ts'
import { systemState } from '#server/operations/system-state.ts'
import { findDocument, updateDocument } from '#server/repositories/documents.ts'
import { testId } from '#tests/support/builders.ts'
import { AMQP_URL, forgetTopology } from '#tests/support/event-line.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aTellingClinic, nineOn, type TellingClinic } from '#tests/support/telling-clinic.ts'

const MARKER = 'Zyxmarker'
const PHONE = '+48600777888'
const PREFIX = `test-scan-${process.pid}`
const PATIENT = testId('Patient', 2)

let told: TellingClinic
const brokered: string[] = []
let model: Awaited<ReturnType<typeof connect>>

beforeAll(async () => {
  told = await aTellingClinic('sqlite', { url: AMQP_URL, prefix: PREFIX })
  const { database, clock, server } = told.server
  await database.write(async (tx) => {
    const patient = await findDocument(tx, 'patients', PATIENT)
    if (!patient) return
    const marked = { ...patient, name: `${MARKER} Person`, email: `${MARKER}@example.org`, phone: PHONE, note: MARKER }
    await updateDocument(tx, 'patients', marked, clock.now)
  })
  await eventually('the broker is there', async () => (await server.events.bus.state()).isUp)
  model = await connect(AMQP_URL)
  const channel = await model.createChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true })
  const { events, notices } = topologyOf(PREFIX)
  await channel.bindQueue(queue, events, '#')
  await channel.bindQueue(queue, notices, '')
  await channel.consume(queue, (message) => void brokered.push(message?.content.toString() ?? ''), { noAck: true })
})
afterAll(async () => {
  await model.close()
  await told.stop()
  await forgetTopology(PREFIX)
})

test('a marked patient is written to, answers and is shown, and leaves no mark in log, metrics, broker or addresses', async () => {
  const start = nineOn(5)
  const visit = await told.book(0, { patientId: PATIENT, start, reason: MARKER, note: MARKER })
  told.mailServer.refuseWith(451)
  told.gateway.answer = () => ({ status: 500 })
  const settle = async (count: number) => {
    await told.server.server.events.relay.drain()
    await eventually('the messages are planned', async () => (await told.messages()).length >= count)
    await told.settle()
  }
  await settle(1)
  // Tries in vain are logged, and must not say whom they were for.
  await told.wait(minutes(4))
  told.mailServer.refuseWith(null)
  told.gateway.answer = () => 'take'
  await told.wait(minutes(20))
  await told.step(visit.id, 'cancel', { reason: MARKER, revision: visit.revision })
  await settle(3)
  await told.wait(minutes(40))
  expect(told.mails().length + told.gateway.sent.length).toBeGreaterThan(0)
  expect(JSON.stringify([told.mails(), told.gateway.sent])).toContain(MARKER)

  for (const path of ['/api/v1/messages', '/api/v1/monitor', '/api/v1/parked-messages', '/api/v1/message-replies']) {
    expect((await told.ask('GET', path, 'admin')).status).toBe(200)
  }
  const { database, clock, server, logLines } = told.server
  const state = () => systemState({ database, now: () => clock.now }, server.events.bus)
  const metrics = await createMetrics({ role: 'all', now: () => clock.now, socketCount: () => 0, state }).text()
  expect(metrics).toMatch(/appointments_notifications\{[^}]*type="email"[^}]*\} [1-9]/)
  await eventually('the broker has carried events', () => brokered.length > 2)
  const addresses = told.gateway.sent.map(({ statusCallback }) => statusCallback)
  const seen = { log: logLines.join(''), metrics, broker: brokered.join('\n'), addresses: addresses.join('\n') }
  for (const [where, text] of Object.entries(seen)) {
    for (const mark of [MARKER, MARKER.toLowerCase(), PHONE, '600777888']) {
      expect(text.includes(mark), `${mark} in the ${where}`).toBe(false)
    }
  }
})
