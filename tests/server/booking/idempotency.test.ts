import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import { keepHouse } from '#server/keep-house.ts'
import { bookAppointment } from '#server/operations/book-appointment.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { KEY_LIFE_MS } from '#server/operations/forget-old-keys.ts'
import type { KeyedRequest } from '#server/operations/idempotency.ts'
import { aBooking, at, placed, reasonOf } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('a repeated request on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const request = (key: string, body: unknown): KeyedRequest => ({
    method: 'POST',
    route: '/api/v1/appointments',
    key,
    body,
    status: 201,
  })
  const send = (key: string, start: number, subject: Subject = subjectOf(fixture.clinic, 'receptionist')) => {
    const body = aBooking({ start })
    return bookAppointment(fixture, subject, body, request(key, body))
  }

  test('has one effect, and the second answer shows the appointment as it is now', async () => {
    const first = placed(await send('one', at(0)))
    expect(placed(await send('one', at(0)))).toEqual(first)
    const reception = subjectOf(fixture.clinic, 'receptionist')
    placed(await cancelAppointment(fixture, reception, first.id, { reason: 'ill', revision: 1 }))
    expect(placed(await send('one', at(0)))).toMatchObject({ id: first.id, status: 'cancelled', revision: 2 })
  })

  test('has one effect when ten are in flight at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('ten', at(1))))
    expect(new Set(answers.map((answer) => placed(answer).id)).size).toBe(1)
  })

  test('with another body is an error', async () => {
    placed(await send('two', at(2)))
    await expect(send('two', at(2, '10:00'))).rejects.toThrow('another body')
  })

  test('may succeed after a refusal: refusals are not kept', async () => {
    const holder = placed(await send('holder', at(3)))
    const other = aBooking({ start: at(3), patientId: testId('Patient', 3) })
    const reception = subjectOf(fixture.clinic, 'receptionist')
    const again = () => bookAppointment(fixture, reception, other, request('three', other))
    expect(reasonOf(await again())).toBe('slot-taken')
    placed(await cancelAppointment(fixture, reception, holder.id, { reason: 'ill', revision: 1 }))
    placed(await again())
  })

  test('of another user is a request of its own', async () => {
    const mine = placed(await send('shared', at(4)))
    expect(reasonOf(await send('shared', at(4), subjectOf(fixture.clinic, 'admin')))).toBe('slot-taken')
    expect(placed(await send('shared', at(4))).id).toBe(mine.id)
  })

  test('asks for the permission again', async () => {
    placed(await send('revoked', at(5)))
    const reception = subjectOf(fixture.clinic, 'receptionist')
    const demoted = {
      ...reception,
      grants: reception.grants.filter(({ permission }) => permission !== 'book-appointment'),
    }
    expect(reasonOf(await send('revoked', at(5), demoted))).toBe('not-allowed')
    expect(reasonOf(await send('revoked', at(5), { ...reception, grants: [] }))).toBe('not-found')
  })

  test('of another operation needs a key of its own', async () => {
    const { id } = placed(await send('both', at(6)))
    const body = { reason: 'ill', revision: 1 }
    const keyed = { ...request('both', body), route: '/api/v1/appointments/:id/cancel', status: 200 }
    const reception = subjectOf(fixture.clinic, 'receptionist')
    const first = placed(await cancelAppointment(fixture, reception, id, body, keyed))
    expect(first.status).toBe('cancelled')
    expect(placed(await cancelAppointment(fixture, reception, id, body, keyed))).toEqual(first)
  })

  test('is known for a day; then its key is forgotten, by the running server, and no younger one with it', async () => {
    const keys = async () =>
      (await fixture.database.read((tx) => tx.selectFrom('idempotency_keys').select('idempotency_key').execute()))
        .map(({ idempotency_key }) => idempotency_key)
        .sort()
    const row = await fixture.database.read((tx) =>
      tx.selectFrom('idempotency_keys').selectAll().executeTakeFirstOrThrow(),
    )
    const { now } = fixture.clock
    const aged = (name: string, age: number) => ({ ...row, idempotency_key: name, created_at: now - age })
    const old = Array.from({ length: 1_200 }, (_, n) => aged(`old ${n}`, KEY_LIFE_MS + 1 + n))
    await fixture.database.write(async (tx) => {
      await tx.deleteFrom('idempotency_keys').execute()
      for (let at = 0; at < old.length; at += 300) {
        await tx
          .insertInto('idempotency_keys')
          .values(old.slice(at, at + 300))
          .execute()
      }
      await tx
        .insertInto('idempotency_keys')
        .values([aged('a day old', KEY_LIFE_MS), aged('new', 0)])
        .execute()
    })
    const app = Fastify()
    keepHouse(app as never, { database: fixture.database, now: () => now, log: { error: () => undefined } as never })
    await app.listen({ host: '127.0.0.1', port: 0 })
    await eventually('the old keys are gone', async () => (await keys()).length === 2 || (await keys()).length)
    expect(await keys()).toEqual(['a day old', 'new'])
    await app.close()
  })
})
