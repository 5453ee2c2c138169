/** Doctors, patients, hours and types over REST: found, shown, made, changed and taken away. */
import { Check } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { RESOURCES } from '#domain/api/resources.ts'
import { testId } from '#tests/support/builders.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DOCTOR = testId('Doctor', 1)
/** The least a new one of each kind says, and a change of it. */
const KINDS = {
  doctors: [{ name: 'Dr New' }, { bio: 'Reads a lot', isActive: false }],
  patients: [{ name: 'Ágnes Über-Meier' }, { phone: '+44 (0)20 7946-0018', birthDate: '1980-02-29' }],
  schedules: [
    { doctorId: DOCTOR, date: '2026-11-03', startTime: '12:00', endTime: '14:00', isAvailable: false },
    { note: 'Course' },
  ],
  'schedule-templates': [
    { doctorId: DOCTOR, weekday: 6, startTime: '18:00', endTime: '20:00', validFrom: '2026-11-01' },
    { publish: 'staff', validUntil: '2026-12-31' },
  ],
  'appointment-types': [
    { code: 'NEW', name: 'New visit', durationMinutes: 20 },
    { name: 'Newer visit', doctorIds: [DOCTOR] },
  ],
  rooms: [{ name: 'Room 12' }, { capacity: 2 }],
} as const satisfies Record<string, readonly [object, object]>
type Kind = keyof typeof KINDS
const kinds = Object.keys(KINDS) as Kind[]
const resourceOf = (kind: Kind) => {
  const found = RESOURCES.find(({ path }) => path === `/api/v1/${kind}`)
  if (!found) throw new Error(kind)
  return found
}

describe.each(engines)('resources on %s', (engine) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await aServer(engine)
  })
  afterAll(() => server.stop())

  const ask = (method: string, path: string, as: ShippedRole = 'admin', body?: unknown, headers = {}) =>
    server.request(method, `/api/v1/${path}`, { as, headers, ...(body !== undefined && { body }) })
  const add = async (kind: Kind, part: object = {}) => {
    const answer = await ask('POST', kind, 'admin', { ...KINDS[kind][0], ...part })
    return answer.body[resourceOf(kind).one]
  }

  test.each(kinds)('one of %s is added, shown, changed and taken away', async (kind) => {
    const { one, many, removal, schemas } = resourceOf(kind)
    const [create, change] = KINDS[kind]
    const added = await ask('POST', kind, 'admin', create)
    expect([added.status, added.headers.get('etag'), added.body]).toMatchObject([201, '"1"', { [one]: create }])
    expect(Check(schemas.answer, added.body)).toBe(true)
    const { id } = added.body[one]
    expect(added.headers.get('location')).toBe(`/api/v1/${kind}/${id}`)
    expect((await ask('GET', `${kind}/${id}`)).body).toEqual(added.body)
    const listed = await ask('GET', `${kind}?limit=500`)
    expect(Check(schemas.page, listed.body)).toBe(true)
    expect(listed.body[many]).toContainEqual(added.body[one])

    const changed = await ask('PATCH', `${kind}/${id}`, 'admin', change, { 'if-match': '"1"' })
    expect([changed.status, changed.headers.get('etag'), changed.body]).toMatchObject([
      200,
      '"2"',
      { [one]: { ...create, ...change } },
    ])
    const late = await ask('PATCH', `${kind}/${id}`, 'admin', change, { 'if-match': '"1"' })
    expect([late.status, late.body.code]).toEqual([412, 'stale-revision'])
    const same = await ask('PATCH', `${kind}/${id}`, 'admin', { ...change, revision: 2 })
    expect([same.status, same.headers.get('etag')]).toEqual([200, '"2"'])

    const gone = await ask('DELETE', `${kind}/${id}`)
    expect(gone.status).toBe(removal === 'none' ? 404 : 204)
    const after = await ask('GET', `${kind}/${id}`)
    expect(after.status).toBe(removal === 'delete' ? 404 : 200)
    if (removal === 'switch-off') expect(after.body[one].isActive).toBe(false)
  })

  test.each(kinds)('one of %s that is sent twice under one id is added once', async (kind) => {
    const id = testId('Document' as 'Doctor', kinds.indexOf(kind) + 500)
    const part = kind === 'appointment-types' ? { id, code: 'TWICE' } : { id }
    const first = await ask('POST', kind, 'admin', { ...KINDS[kind][0], ...part })
    const second = await ask('POST', kind, 'admin', { ...KINDS[kind][0], ...part })
    expect([second.status, second.body]).toEqual([201, first.body])
    const other = await ask('POST', kind, 'admin', { ...KINDS[kind][0], ...part, ...KINDS[kind][1] })
    expect([other.status, other.body.code, other.body.field]).toEqual([409, 'already-exists', 'id'])
  })

  test.each<[Kind, object, number, string, string]>([
    ['doctors', { name: ' ' }, 422, 'invalid-document', 'name'],
    ['doctors', { name: 'a\u0000b' }, 422, 'invalid-document', 'name'],
    ['doctors', { locationId: testId('Location', 9) }, 422, 'unknown-reference', 'locationId'],
    ['doctors', { userId: testId('User', 9) }, 422, 'unknown-reference', 'userId'],
    ['doctors', { clinicId: testId('Clinic') }, 400, 'unknown-field', 'clinicId'],
    ['doctors', { revision: 9 }, 400, 'unknown-field', 'revision'],
    ['patients', { birthDate: '2026-02-30' }, 422, 'invalid-document', 'birthDate'],
    ['patients', { birthDate: 'yesterday' }, 400, 'invalid-field', 'birthDate'],
    ['patients', { userId: testId('User', 1) }, 400, 'unknown-field', 'userId'],
    ['schedules', { date: '2026-02-30' }, 422, 'invalid-document', 'date'],
    ['schedules', { doctorId: testId('Doctor', 77) }, 422, 'unknown-reference', 'doctorId'],
    ['schedules', { zone: 'UTC' }, 400, 'unknown-field', 'zone'],
    ['schedule-templates', { weekday: 8 }, 400, 'invalid-field', 'weekday'],
    ['schedule-templates', { validUntil: '2026-10-01' }, 422, 'end-before-start', 'validUntil'],
    ['schedule-templates', { doctorId: testId('Doctor', 77) }, 422, 'unknown-reference', 'doctorId'],
    ['appointment-types', { code: 'SPECIAL' }, 409, 'already-exists', 'code'],
    [
      'appointment-types',
      { code: 'MORE', doctorIds: [DOCTOR, testId('Doctor', 77)] },
      422,
      'unknown-reference',
      'doctorIds',
    ],
    ['appointment-types', { code: 'MORE', roomIds: [testId('Room', 77)] }, 422, 'unknown-reference', 'roomIds'],
    [
      'appointment-types',
      { code: 'MORE', equipmentIds: [testId('Equipment', 77)] },
      422,
      'unknown-reference',
      'equipmentIds',
    ],
    ['rooms', { capacity: 0 }, 400, 'invalid-field', 'capacity'],
    ['schedules', { closureId: null }, 400, 'unknown-field', 'closureId'],
    ['appointment-types', { durationMinutes: 0 }, 400, 'invalid-field', 'durationMinutes'],
  ])('one of %s with %j is refused and nothing is added', async (kind, part, status, code, field) => {
    const count = async () => (await ask('GET', `${kind}?limit=500`)).body[resourceOf(kind).many].length
    const before = await count()
    const answer = await ask('POST', kind, 'admin', { ...KINDS[kind][0], ...part })
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, code, field])
    expect(await count()).toBe(before)
  })

  test('an account belongs to one doctor', async () => {
    const taken = await ask('POST', 'doctors', 'admin', { name: 'Dr Two', userId: server.clinic.userIds.doctor })
    expect([taken.status, taken.body.code, taken.body.field]).toEqual([409, 'already-exists', 'userId'])
    const linked = await ask('POST', 'doctors', 'admin', {
      name: 'Dr Desk',
      userId: server.clinic.userIds.receptionist,
    })
    expect(linked.body.doctor.userId).toBe(server.clinic.userIds.receptionist)
  })

  describe('patients', () => {
    const find = async (query: string, as: ShippedRole = 'receptionist') =>
      (await ask('GET', `patients?${query}`, as)).body.patients.map(({ name }: { name: string }) => name)
    beforeAll(async () => {
      await add('patients', { name: 'Zoë Œuvre Searched', phone: '+44 (0)20 7946-1234', birthDate: '1961-05-06' })
      await add('patients', { name: 'Percent % Searched', phone: '0151 99', birthDate: '1961-05-06' })
    })

    test.each([
      ['name=searched', ['Percent % Searched', 'Zoë Œuvre Searched']],
      ['name=searched%20ZO%C3%8B', ['Zoë Œuvre Searched']],
      ['name=%25%20searched', ['Percent % Searched']],
      ['birthDate=1961-05-06', ['Percent % Searched', 'Zoë Œuvre Searched']],
      ['phone=(020)79461234', ['Zoë Œuvre Searched']],
      ['phone=20-7946%2012', ['Zoë Œuvre Searched']],
      ['birthDate=1961-05-06&name=perc', ['Percent % Searched']],
    ])('are found by %s', async (query, names) => {
      expect(await find(query)).toEqual(names)
    })

    test('see themselves, a doctor those who come to see them', async () => {
      expect(await find('', 'patient')).toEqual(['Patient Number 1'])
      expect(await find('', 'doctor')).toEqual([])
      expect((await ask('GET', `patients/${testId('Patient', 2)}`, 'patient')).status).toBe(404)
    })

    test('are read under the eyes of the audit log', async () => {
      const { id } = await add('patients', { name: 'Watched' })
      await ask('GET', `patients/${id}`, 'receptionist')
      await ask('GET', 'patients?name=watched', 'receptionist')
      const rows = await server.database.read((tx) =>
        tx.selectFrom('audit_log').select('action').where('document_ids', 'like', `%${id}%`).execute(),
      )
      expect(rows.map(({ action }) => action)).toEqual(['created', 'read', 'read'])
    })
  })

  test('doctors keep their own hours and nobody else’s', async () => {
    const own = await ask('POST', 'schedules', 'doctor', KINDS.schedules[0])
    expect(own.status).toBe(201)
    const other = { ...KINDS.schedules[0], doctorId: testId('Doctor', 2) }
    expect((await ask('POST', 'schedules', 'doctor', other)).status).toBe(403)
    const foreign = (await ask('POST', 'schedules', 'admin', other)).body.schedule
    const answer = await ask('PATCH', `schedules/${foreign.id}`, 'doctor', { note: 'x', revision: 1 })
    expect([answer.status, answer.body.code]).toEqual([404, 'not-found'])
    expect((await ask('DELETE', `schedules/${foreign.id}`, 'doctor')).status).toBe(404)
    expect((await ask('DELETE', `schedules/${foreign.id}`, 'admin', undefined, { 'if-match': '"9"' })).status).toBe(412)
  })

  test('a schedule also says its time on the clinic’s wall', async () => {
    const { id } = await add('schedules')
    await server.database.write((tx) => tx.updateTable('clinics').set({ zone: 'Asia/Kolkata' }).execute())
    const { schedule } = (await ask('GET', `schedules/${id}`)).body
    await server.database.write((tx) => tx.updateTable('clinics').set({ zone: 'Europe/London' }).execute())
    expect(schedule).toMatchObject({ date: '2026-11-03', startTime: '12:00', zone: 'Europe/London', time: '17:30' })
  })

  test('leave that was taken over REST blocks new bookings at once', async () => {
    const day = { doctorId: testId('Doctor', 3), date: '2026-11-10', startTime: '09:00', endTime: '17:00' }
    await add('schedules', day)
    const body = {
      doctorId: day.doctorId,
      patientId: testId('Patient', 3),
      typeId: server.clinic.types.consultation.id,
      start: { day: day.date, time: '10:00' },
    }
    const answer = await ask('POST', 'appointments', 'receptionist', body)
    expect([answer.status, answer.body.code]).toEqual([422, 'outside-hours'])
  })
})
