import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { openDatabase } from '#server/database/database.ts'
import { lockCounter } from '#server/repositories/change-counters.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { FIXTURE_CLINIC_ID } from '#tests/support/fixture-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/appointments'
const bookingAt = (server: ServerUnderTest, index: number) => ({
  doctorId: testId('Doctor', 1 + (index % 3)),
  patientId: testId('Patient', 1 + index),
  typeId: server.clinic.types.consultation.id,
  start: NINE_O_CLOCK + minutes(15) * Math.floor(index / 3),
})

/** Holds the clinic's lock from another connection until it is told to let go. */
async function holdLock(server: ServerUnderTest) {
  const elsewhere = openDatabase({ url: server.databaseUrl })
  let release = () => {}
  let locked = () => {}
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve
  })
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })
  const done = elsewhere.attempt(async (tx) => {
    await lockCounter(tx, FIXTURE_CLINIC_ID)
    locked()
    await isReleased
  })
  await isLocked
  return async () => {
    release()
    await done
    await elsewhere.close()
  }
}

describe.each(engines)('a server that ends on %s', (engine) => {
  test('finishes the bookings in hand, answers them, and takes no more', async () => {
    const server = await aServer(engine)
    const token = await server.logIn('receptionist')
    const letGo = await holdLock(server)
    let arrived = 0
    const count = () => {
      arrived += 1
    }
    subscribe('http.server.request.start', count)
    const inHand = Array.from({ length: 12 }, (_, index) =>
      server.request('POST', PATH, { as: { token }, body: bookingAt(server, index) }),
    )
    await expect.poll(() => arrived).toBe(12)
    unsubscribe('http.server.request.start', count)

    const check = openDatabase({ url: server.databaseUrl })
    const closing = server.server.close()
    await expect.poll(() => server.server.app.server.listening).toBe(false)
    await expect(server.request('GET', '/healthz')).rejects.toThrow()
    await letGo()

    const answers = await Promise.all(inHand)
    await closing
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    const stored = await check.read((tx) => tx.selectFrom('appointments').select('id').execute())
    await check.close()
    expect(stored.map(({ id }) => id).sort()).toEqual(answers.map(({ body }) => body.appointment.id).sort())
  })
})
