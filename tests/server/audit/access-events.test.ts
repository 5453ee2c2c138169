import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours } from '#domain/time/instant.ts'
import { EVENT_LIFE_MS, forgetOldKeys } from '#server/operations/forget-old-keys.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { testId } from '#tests/support/builders.ts'
import { FIXTURE_NOW } from '#tests/support/fixture-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const PATH = '/api/v1/access-events'
const PATIENT = testId('Patient', 7)

describe.each(engines)('records opened on a device, told on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  let made = 0
  const anEvent = (part: object = {}) => {
    made += 1
    return {
      id: testId('AccessEvent', made),
      at: FIXTURE_NOW - hours(3),
      collection: 'patients',
      documentId: PATIENT,
      ...part,
    }
  }
  const tell = (events: readonly object[], as: 'doctor' | 'patient' = 'doctor') =>
    server.request('POST', PATH, { as, body: { events } })
  const opened = async () => {
    const { body } = await server.request('GET', '/api/v1/activity?action=opened&limit=100', { as: 'admin' })
    return body.entries
  }

  test('each is a row of the audit: who, what, when it was opened and when that was told', async () => {
    expect((await tell([anEvent(), anEvent({ collection: 'appointments' })])).status).toBe(204)
    const [second, first] = await opened()
    expect(first).toMatchObject({
      userId: server.clinic.userIds.doctor,
      collection: 'patients',
      documentIds: [PATIENT],
      at: FIXTURE_NOW,
      detail: { openedAt: FIXTURE_NOW - hours(3) },
    })
    expect(second).toMatchObject({ collection: 'appointments' })
    expect(await verifyAudit(server.database, server.clinic.clinicId)).toEqual([])
  })

  test('what is told again, because the answer was lost, is noted once', async () => {
    const before = (await opened()).length
    const events = [anEvent(), anEvent()]
    await Promise.all([tell(events), tell(events), tell(events.slice(1))])
    expect((await opened()).length).toBe(before + 2)
    expect(await verifyAudit(server.database, server.clinic.clinicId)).toEqual([])
  })

  test('whether a record exists is not told, and one that does not is noted all the same', async () => {
    expect((await tell([anEvent({ documentId: testId('Patient', 999) })], 'patient')).status).toBe(204)
    expect((await opened())[0]).toMatchObject({ documentIds: [testId('Patient', 999)] })
  })

  test.each([
    ['a collection without patients', { collection: 'rooms' }, 'events.1.collection'],
    ['an unknown field', { name: 'Mary' }, 'events.1.name'],
    ['an id that is none', { id: '1' }, 'events.1.id'],
  ])('%s is refused with its path, and nothing is noted', async (_, part, field) => {
    const before = (await opened()).length
    const { status, body } = await tell([anEvent(), anEvent(part)])
    expect([status, body.field]).toEqual([400, field])
    expect((await opened()).length).toBe(before)
  })

  test('its id is known for a month, and then forgotten', async () => {
    const count = () =>
      server.database.read(async (tx) => (await tx.selectFrom('access_events').select('id').execute()).length)
    const kept = await count()
    const { signal } = new AbortController()
    await forgetOldKeys(server.database, FIXTURE_NOW + EVENT_LIFE_MS, signal)
    expect(await count()).toBe(kept)
    await forgetOldKeys(server.database, FIXTURE_NOW + EVENT_LIFE_MS + 1, signal)
    expect(await count()).toBe(0)
  })
})
