/** What one change of a visit did, and how much is new in the log. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('a change of a visit on %s', (engine) => {
  let server: ServerUnderTest
  let id = ''
  beforeAll(async () => {
    server = await aServer(engine)
    const body = {
      doctorId: testId('Doctor', 1),
      patientId: testId('Patient', 5),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK,
    }
    id = (await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })).body.appointment.id
    const cancel = { as: 'receptionist', body: { reason: 'ill', revision: 1 } } as const
    await server.request('POST', `/api/v1/appointments/${id}/cancel`, cancel)
  })
  afterAll(() => server.stop())

  const ask = (path: string, as: 'admin' | 'receptionist' = 'admin') => server.request('GET', `/api/v1${path}`, { as })

  test('is shown field by field, before and after, and the look is noted', async () => {
    const { fields } = (await ask(`/appointments/${id}/revisions/2`)).body
    expect(fields).toEqual(
      expect.arrayContaining([
        { field: 'status', before: 'pending', after: 'cancelled' },
        { field: 'cancelReason', before: null, after: 'ill' },
      ]),
    )
    const { entries } = (await ask(`/activity?documentId=${id}&action=read`)).body
    expect(entries).toHaveLength(1)
  })

  test('the first one has nothing before it', async () => {
    const { fields } = (await ask(`/appointments/${id}/revisions/1`)).body
    expect(fields).toContainEqual({ field: 'status', before: null, after: 'pending' })
  })

  test('one that never was is not found, and reception may not ask', async () => {
    expect((await ask(`/appointments/${id}/revisions/9`)).status).toBe(404)
    expect((await ask(`/appointments/${id}/revisions/1`, 'receptionist')).status).toBe(403)
  })

  test('news are counted since an instant, looks at the log left out', async () => {
    await ask('/activity')
    const all = (await ask('/activity/news?since=0')).body.count
    await ask('/activity')
    expect(all).toBeGreaterThan(1)
    expect((await ask('/activity/news?since=0')).body.count).toBe(all)
    expect((await ask(`/activity/news?since=${server.clock.now + 1}`)).body.count).toBe(0)
  })

  test('rows are found by the device they were made on', async () => {
    const device = testId('Device', 77)
    expect((await ask(`/activity?deviceId=${device}`)).body.entries).toEqual([])
  })
})
