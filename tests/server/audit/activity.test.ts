/** `GET /api/v1/activity`: who finds what of the audit log, and how. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const MARKER = 'Zyx-Marker'
const PATH = '/api/v1/activity'
const PATIENT = testId('Patient', 5)

type Entry = {
  at: number
  action: string
  userId: string
  userName: string | null
  documentIds: string[]
  door: string
}

describe.each(engines)('the activity on %s', (engine) => {
  let server: ServerUnderTest
  let visitId = ''
  beforeAll(async () => {
    server = await aServer(engine)
    const body = {
      doctorId: testId('Doctor', 1),
      patientId: PATIENT,
      typeId: server.clinic.types.consultation.id,
      start: NINE_O_CLOCK,
      note: MARKER,
    }
    visitId = (await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })).body.appointment.id
    server.clock.now += minutes(1)
    await server.request('GET', `/api/v1/appointments/${visitId}`, { as: 'doctor' })
    await server.request('GET', `/api/v1/appointments/${visitId}`, { as: 'patient' })
  })
  afterAll(() => server.stop())

  const ask = (query: string) => server.request('GET', `${PATH}${query}`, { as: 'admin' })
  const entries = async (query: string): Promise<Entry[]> => (await ask(query)).body.entries

  test('of a patient is everything about the record and the visits, newest first, without what they say', async () => {
    const found = await entries(`?patientId=${PATIENT}`)
    const told = found.filter(({ action }) => action !== 'activity-viewed')
    expect(told.map(({ action, userName, door }) => [action, userName, door])).toEqual(
      expect.arrayContaining([
        ['created', 'Fixture receptionist', 'rest'],
        ['read', 'Fixture doctor', 'rest'],
        ['refused', 'Fixture patient', 'rest'],
        ['created', null, 'seed'],
      ]),
    )
    expect(told).toHaveLength(4)
    expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).toSorted((a, b) => b - a))
    expect(JSON.stringify(found)).not.toContain(MARKER)
    expect(JSON.stringify(found)).not.toContain('Patient Number')
  })

  test('is found by person, action, collection, document, door and days', async () => {
    const { receptionist } = server.clinic.userIds
    const only = async (query: string) => new Set((await entries(query)).map(({ action }) => action))
    expect(await only(`?userId=${receptionist}&collection=appointments`)).toEqual(new Set(['created']))
    expect(await only('?action=refused')).toEqual(new Set(['refused']))
    expect(await only(`?documentId=${visitId}&userId=${server.clinic.userIds.doctor}`)).toEqual(new Set(['read']))
    expect(await only('?door=seed')).toEqual(new Set(['created']))
    expect(await only('?from=2026-10-14&to=2026-10-14')).toEqual(new Set())
    expect(await only(`?from=2026-10-13&to=2026-10-13&documentId=${visitId}`)).toContain('created')
    expect(await only(`?patientId=${testId('Patient', 999)}`)).toEqual(new Set())
  })

  test('is read a page at a time, every entry once, also when entries are added meanwhile', async () => {
    const whole = await entries('?limit=500&door=rest')
    const seen: Entry[] = []
    let query = '?limit=2&door=rest'
    for (let pages = 0; pages < 50; pages += 1) {
      const { body } = await ask(query)
      seen.push(...body.entries)
      if (body.nextCursor === null) break
      query = `?limit=2&door=rest&cursor=${encodeURIComponent(body.nextCursor)}`
      server.clock.now += 1
    }
    expect(seen.filter(({ action }) => action !== 'activity-viewed')).toEqual(
      whole.filter(({ action }) => action !== 'activity-viewed'),
    )
  })

  test.each([
    ['?from=2026-02-30', 400],
    ['?from=2026-10-14&to=2026-10-13', 422],
    ['?userId=nobody', 400],
    ['?door=window', 400],
    ['?name=x', 400],
    ['?limit=0', 400],
    ['?cursor=x', 400],
  ])('%s is refused', async (query, status) => {
    expect((await ask(query)).status).toBe(status)
  })

  test('a look into it is noted, with the patient it was about', async () => {
    await ask(`?patientId=${testId('Patient', 8)}`)
    const rows = await server.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().where('action', '=', 'activity-viewed').execute(),
    )
    expect(rows.some(({ document_ids }) => document_ids.includes(testId('Patient', 8)))).toBe(true)
  })
})
