/** Free times over REST: what they look like, and how a wrong question is answered. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'

const TYPE = testId('AppointmentType', 9)
const DOCTOR = testId('Doctor', 1)
const asked = (more = '') => `/api/v1/slots?typeId=${TYPE}&from=2026-10-14&to=2026-10-14${more}`

let server: ServerUnderTest
beforeAll(async () => {
  server = await aServer('sqlite')
})
afterAll(() => server.stop())

test('a slot that was offered is booked by what the offer says', async () => {
  const { body } = await server.request('GET', asked(`&doctorId=${DOCTOR}&limit=1`), { as: 'patient' })
  expect(body.slots).toHaveLength(1)
  expect(body.nextCursor).toBeTypeOf('string')
  const [{ doctorId, start, end, date, time, mode }] = body.slots
  expect([date, time, mode, end - start]).toEqual(['2026-10-14', '09:00', 'online', 15 * 60_000])
  const booking = { doctorId, start, typeId: TYPE, patientId: testId('Patient', 1) }
  expect((await server.request('POST', '/api/v1/appointments', { as: 'patient', body: booking })).status).toBe(201)
  const again = await server.request('GET', asked(`&doctorId=${DOCTOR}&limit=1`), { as: 'patient' })
  expect(again.body.slots[0].time).toBe('09:15')
  const next = await server.request(
    'GET',
    asked(`&doctorId=${DOCTOR}&limit=1&cursor=${encodeURIComponent(again.body.nextCursor)}`),
    {
      as: 'patient',
    },
  )
  expect(next.body.slots[0].time).toBe('09:30')
})

test('the same under a doctor’s address, and nobody else’s', async () => {
  const path = `/api/v1/doctors/${DOCTOR}/slots?typeId=${TYPE}&from=2026-10-14&to=2026-10-14`
  const { body } = await server.request('GET', path, { as: 'receptionist' })
  expect(new Set(body.slots.map((slot: { doctorId: string }) => slot.doctorId))).toEqual(new Set([DOCTOR]))
  const nobody = await server.request('GET', path.replace(DOCTOR, testId('Doctor', 77)), { as: 'receptionist' })
  expect([nobody.status, nobody.body.code]).toEqual([404, 'not-found'])
})

test('next free and third next available answer with how far they looked', async () => {
  const next = await server.request('GET', `/api/v1/slots/next-free?typeId=${TYPE}&limit=2`, { as: 'patient' })
  expect([next.body.slots.length, next.body.searchedTo]).toEqual([2, '2027-04-11'])
  const third = await server.request('GET', `/api/v1/slots/third-next-available?typeId=${TYPE}`, { as: 'admin' })
  expect(third.body.doctors).toHaveLength(3)
  expect(third.body.today).toBe('2026-10-13')
})

describe('a question', () => {
  test.each<[string, string, readonly [number, string, string]]>([
    ['without a type', '/api/v1/slots?from=2026-10-14&to=2026-10-14', [400, 'missing-field', 'typeId']],
    ['without days', `/api/v1/slots?typeId=${TYPE}`, [400, 'missing-field', 'from']],
    ['for a day that is none', asked().replace('to=2026-10-14', 'to=2026-02-30'), [400, 'invalid-field', 'to']],
    ['for days in the wrong order', asked().replace('to=2026-10-14', 'to=2026-10-13'), [422, 'end-before-start', 'to']],
    ['for too many days', asked().replace('to=2026-10-14', 'to=2026-12-15'), [400, 'range-too-long', 'to']],
    ['with a step of a second', asked('&step=0'), [400, 'invalid-field', 'step']],
    ['for more than a page holds', asked('&limit=501'), [400, 'invalid-field', 'limit']],
    ['with a cursor nobody gave', asked('&cursor=zzzz'), [400, 'invalid-field', 'cursor']],
    ['with an unknown filter', asked('&colour=red'), [400, 'unknown-field', 'colour']],
    ['for a doctor nobody knows', asked(`&doctorId=${testId('Doctor', 77)}`), [422, 'unknown-reference', 'doctorId']],
    [
      'for a type nobody knows',
      asked().replace(TYPE, testId('AppointmentType', 77)),
      [422, 'unknown-reference', 'typeId'],
    ],
  ])('%s is refused', async (_, path, expected) => {
    const { status, body } = await server.request('GET', path, { as: 'receptionist' })
    expect([status, body.code, body.field]).toEqual(expected)
  })
})
