import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import { bookAppointment } from '#server/operations/book-appointment.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import type { KeyedRequest } from '#server/operations/idempotency.ts'
import { aBooking, at, placed, reasonOf } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
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
})
