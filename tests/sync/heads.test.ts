/** A notice between instances that never came: what another process committed is found in the tables. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { type ClinicWriter, createClinicWriter } from '#server/operations/clinic-writer.ts'
import { aDoctor, aPatient, testId } from '#tests/support/builders.ts'
import { seedDocuments } from '#tests/support/fixture-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { openWire, type WireClient } from '#tests/support/wire-client.ts'

describe.each(engines)('what another process has committed on %s', (engine) => {
  let server: ServerUnderTest
  /** Of another process on the same database, which tells nobody. */
  let elsewhere: ClinicWriter
  const open: WireClient[] = []
  beforeEach(async () => {
    server = await aServer(engine)
    const { newId } = server.server
    elsewhere = createClinicWriter({
      database: server.database,
      now: () => server.clock.now,
      newId,
      onCommitted: () => {},
    })
  })
  afterEach(async () => {
    for (const wire of open.splice(0)) wire.close()
    await elsewhere.close()
    await server.stop()
  })

  async function listen(role: ShippedRole, ...collections: CollectionName[]): Promise<WireClient> {
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    open.push(wire)
    const authorization = `Bearer ${await server.logIn(role)}`
    wire.send({ id: 'auth', collection: collections[0], method: 'auth', params: [{ authorization }] })
    for (const collection of collections) {
      wire.send({ id: 'stream', collection, method: 'masterChangeStream$', params: [] })
      // Answered in order: by then it listens.
      await wire.ask(collection, 'masterChangesSince', [null, 1])
    }
    wire.received.splice(0)
    return wire
  }
  const pokesOf = (wire: WireClient) =>
    wire.received.filter(({ id }) => id === 'stream').map(({ collection }) => collection)
  /** Whatever was on its way before has been read by then. */
  const settle = async (wire: WireClient, collection: CollectionName) => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    await wire.ask(collection, 'masterChangesSince', [null, 1])
  }

  test('reaches those who listen to it at the next look, once, and nobody else', async () => {
    const desk = await listen('receptionist', 'patients', 'doctors')
    const patient = await listen('patient', 'patients', 'doctors')
    await seedDocuments(elsewhere, 'patients', [aPatient({ id: testId('Patient', 77) })])
    await settle(desk, 'patients')
    expect(pokesOf(desk)).toEqual([])
    await server.server.compareHeads()
    await desk.next(({ id, collection }) => id === 'stream' && collection === 'patients')
    await server.server.compareHeads()
    await settle(desk, 'patients')
    await settle(patient, 'patients')
    expect([pokesOf(desk), pokesOf(patient)]).toEqual([['patients'], []])
  })

  test('is not told again where its notice has come', async () => {
    const desk = await listen('receptionist', 'doctors')
    await seedDocuments(server.server.writer, 'doctors', [aDoctor({ id: testId('Doctor', 77) })])
    await desk.next(({ id }) => id === 'stream')
    await server.server.compareHeads()
    await settle(desk, 'doctors')
    expect(pokesOf(desk)).toEqual(['doctors'])
  })
})
