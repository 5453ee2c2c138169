/** Who changes something says what they saw of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/appointments'

describe.each(engines)('what was seen, on %s', (engine) => {
  let server: ServerUnderTest
  let slot = 0
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const aVisit = async () => {
    slot += 1
    const body = {
      doctorId: testId('Doctor', 1),
      patientId: testId('Patient', slot),
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK + minutes(15) * slot,
    }
    return server.request('POST', PATH, { as: 'receptionist', body })
  }
  const edit = (id: string, body: object, ifMatch?: string) =>
    server.request('PATCH', `${PATH}/${id}`, {
      as: 'receptionist',
      body,
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    })

  test('an answer with one document carries its revision as entity tag, and a change may give it back', async () => {
    const booked = await aVisit()
    const { id } = booked.body.appointment
    expect(booked.headers.get('etag')).toBe('"1"')
    expect((await server.request('GET', `${PATH}/${id}`, { as: 'receptionist' })).headers.get('etag')).toBe('"1"')
    const changed = await edit(id, { note: 'one' }, '"1"')
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
    expect((await edit(id, { note: 'two' }, '"9", "2"')).status).toBe(200)
    expect((await edit(id, { note: 'three' }, '*')).status).toBe(200)
    expect((await edit(id, { note: 'four', revision: 4 }, '*')).status).toBe(200)
    expect((await edit(id, { note: 'five', revision: 5 }, '"5"')).body.appointment).toMatchObject({ note: 'five' })
  })

  test.each<[string, object, string | undefined, number, string, string]>([
    ['nothing at all', {}, undefined, 428, 'revision-missing', 'if-match'],
    ['an older revision', {}, '"0"', 412, 'stale-revision', 'revision'],
    ['a tag that compares weakly', {}, 'W/"1"', 412, 'stale-revision', 'revision'],
    ['a tag of another making', {}, '"abc"', 412, 'stale-revision', 'revision'],
    ['a body that knows an older one than its header', { revision: 0 }, '"1"', 412, 'stale-revision', 'revision'],
    ['a header that knows an older one than its body', { revision: 1 }, '"0"', 412, 'stale-revision', 'revision'],
    [
      'a body that knows an older one, whatever the header takes',
      { revision: 0 },
      '*',
      412,
      'stale-revision',
      'revision',
    ],
    ['no tag', {}, '1', 400, 'invalid-field', 'if-match'],
    ['an empty header', {}, '', 400, 'invalid-field', 'if-match'],
  ])('a change that saw %s is refused', async (_, body, ifMatch, status, code, field) => {
    const { id } = (await aVisit()).body.appointment
    const answer = await edit(id, { note: 'x', ...body }, ifMatch)
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, code, field])
    expect((await server.request('GET', `${PATH}/${id}`, { as: 'receptionist' })).body.appointment.revision).toBe(1)
  })
})
