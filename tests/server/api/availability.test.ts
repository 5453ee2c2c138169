/** Changes of availability over REST: the impact travels with the answer, also with the refusal. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'

const DOCTOR = testId('Doctor', 1)
const PATH = '/api/v1/availability'
const LEAVE = { kind: 'leave', doctorId: DOCTOR, from: '2026-10-14', to: '2026-10-16' }

let server: ServerUnderTest
let visit = ''
beforeAll(async () => {
  server = await aServer('sqlite')
  const start = { day: '2026-10-15', time: '10:00' }
  const body = { doctorId: DOCTOR, patientId: testId('Patient', 2), typeId: testId('AppointmentType', 9), start }
  visit = (await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })).body.appointment.id
})
afterAll(() => server.stop())

const post = (path: string, body: unknown, as: 'admin' | 'doctor' = 'doctor') =>
  server.request('POST', path, { as, body })

test('a change that was not looked at, or would strand visits where it may not, is refused with its impact', async () => {
  const blind = await post(`${PATH}/apply`, { change: LEAVE, mode: 'keep' })
  expect([blind.status, blind.body.code, blind.body.field]).toEqual([409, 'impact-changed', 'impact'])
  expect(blind.body.impact).toMatchObject({ stranded: 1, visits: [{ id: visit, date: '2026-10-15', time: '10:00' }] })
  const strict = await post(`${PATH}/apply`, { change: LEAVE, mode: 'refuse-if-stranded' })
  expect([strict.status, strict.body.code]).toEqual([409, 'would-strand-visits'])
  const nobody = await server.request('GET', '/api/v1/appointments/stranded', { as: 'receptionist' })
  expect(nobody.body).toEqual({ appointments: [], nextCursor: null })
})

test('looked at, it is made, and the worklist names the visit with three ways on', async () => {
  const { body: seen } = await post(`${PATH}/preview`, { change: LEAVE })
  const done = await post(`${PATH}/apply`, { change: LEAVE, mode: 'keep', impact: seen.impact })
  expect(done.status).toBe(200)
  expect(done.body).toMatchObject({ stranded: 1, visits: [], unlisted: 1 })
  expect(done.body.schedules).toHaveLength(3)
  const { body } = await server.request('GET', '/api/v1/appointments/stranded?alternatives=true', {
    as: 'receptionist',
  })
  expect(body.appointments).toMatchObject([{ id: visit, reason: 'outside-hours', status: 'pending' }])
  expect(body.appointments[0].alternatives).toHaveLength(3)
})

test('holidays are a list in, a list out, and taken back one by one', async () => {
  const holidays = { locationId: null, entries: [{ name: 'New year', from: '2027-01-01' }] }
  const made = await post('/api/v1/closures', { ...holidays, mode: 'refuse-if-stranded' }, 'admin')
  expect([made.status, made.body.closures.length]).toEqual([200, 1])
  const { body } = await server.request('GET', '/api/v1/closures', { as: 'doctor' })
  expect(body.closures).toMatchObject([{ name: 'New year', from: '2027-01-01', to: '2027-01-01', startTime: null }])
  const gone = await server.request('DELETE', `/api/v1/closures/${body.closures[0].id}`, { as: 'admin' })
  expect(gone.status).toBe(200)
  expect((await server.request('GET', '/api/v1/closures', { as: 'doctor' })).body.closures).toEqual([])
})

test.each<[string, string, unknown, readonly [number, string]]>([
  ['a change of no kind', `${PATH}/preview`, { change: { kind: 'magic' } }, [400, 'invalid-field']],
  ['a field nobody knows', `${PATH}/preview`, { change: LEAVE, colour: 'red' }, [400, 'unknown-field']],
  ['a mode nobody knows', `${PATH}/apply`, { change: LEAVE, mode: 'cancel-them' }, [400, 'invalid-field']],
  ['a day that is none', `${PATH}/preview`, { change: { ...LEAVE, to: '2026-11-31' } }, [422, 'invalid-document']],
  [
    'another doctor’s leave',
    `${PATH}/preview`,
    { change: { ...LEAVE, doctorId: testId('Doctor', 2) } },
    [403, 'not-allowed'],
  ],
])('%s is refused', async (_, path, body, expected) => {
  const answer = await post(path, body)
  expect([answer.status, answer.body.code]).toEqual(expected)
})
